package dev.rackhouse.simulator.pve;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules in the calendar form: {@code [weekdays] [[year-]month-day] time}. Reads, checks and finds the next event. */
final class CalendarEvent {
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("minutely", "*:*"),
            Map.entry("hourly", "*:00"),
            Map.entry("daily", "00:00"),
            Map.entry("weekly", "mon 00:00"),
            Map.entry("monthly", "*-1 00:00"),
            Map.entry("yearly", "1-1 00:00"),
            Map.entry("annually", "1-1 00:00"),
            Map.entry("quarterly", "1,4,7,10-1 00:00"),
            Map.entry("semiannually", "1,7-1 00:00"));

    private final BitSet days = new BitSet();
    private @Nullable BitSet months;
    private @Nullable BitSet monthDays;
    private final BitSet hours = new BitSet();
    private final BitSet minutes = new BitSet();

    private CalendarEvent() {
        days.set(0, 7);
    }

    static void check(String text) throws FormatError {
        parse(text);
    }

    static CalendarEvent parse(String text) throws FormatError {
        try {
            return read(WORDS.getOrDefault(text.strip(), text.strip()));
        } catch (IllegalArgumentException e) {
            throw new FormatError("invalid calendar event '" + text + "' - " + e.getMessage() + "\n\n");
        }
    }

    private static CalendarEvent read(String text) {
        CalendarEvent event = new CalendarEvent();
        boolean time = false;
        if (text.isEmpty()) {
            throw new IllegalArgumentException("unable to parse calendar event - event is empty");
        }
        for (String word : text.split("\\s+")) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (lower.length() >= 3 && DAYS.contains(lower.substring(0, 3))) {
                event.weekdays(lower);
            } else if (lower.contains("-") && !lower.contains(":")) {
                event.date(lower);
            } else {
                event.time(lower);
                time = true;
            }
        }
        if (!time) {
            event.hours.set(0);
            event.minutes.set(0);
        }
        return event;
    }

    private void weekdays(String word) {
        days.clear();
        for (String part : word.split(",")) {
            String[] ends = part.split("\\.\\.|-");
            int low = day(ends[0]);
            int high = ends.length > 1 ? day(ends[1]) : low;
            for (int i = low; ; i = (i + 1) % 7) {
                days.set(i);
                if (i == high) {
                    break;
                }
            }
        }
    }

    private static int day(String name) {
        int index = name.length() < 3 ? -1 : DAYS.indexOf(name.substring(0, 3));
        if (index < 0) {
            throw new IllegalArgumentException("unable to parse weekday '" + name + "'");
        }
        return index;
    }

    private void date(String word) {
        String[] parts = word.split("-");
        months = numbers(parts[parts.length - 2], 12);
        monthDays = numbers(parts[parts.length - 1], 31);
    }

    private void time(String word) {
        int colon = word.indexOf(':');
        hours.or(colon < 0 ? all(24) : numbers(word.substring(0, colon), 23));
        String rest = colon < 0 ? word : word.substring(colon + 1).replaceFirst(":.*", "");
        minutes.or(numbers(rest, 59));
    }

    private static BitSet all(int count) {
        BitSet set = new BitSet();
        set.set(0, count);
        return set;
    }

    private static BitSet numbers(String text, int highest) {
        BitSet set = new BitSet();
        List<String> parts = new ArrayList<>(List.of(text.split(",")));
        for (String part : parts) {
            String[] step = part.split("/");
            int by = step.length > 1 ? number(step[1], highest) : 0;
            if (step[0].equals("*")) {
                for (int i = 0; i <= highest; i += Math.max(1, by)) {
                    set.set(i);
                }
                continue;
            }
            String[] ends = step[0].split("\\.\\.");
            int low = number(ends[0], highest);
            int high = ends.length > 1 ? number(ends[1], highest) : by > 0 ? highest : low;
            for (int i = low; i <= high; i += Math.max(1, by)) {
                set.set(i);
            }
        }
        return set;
    }

    private static int number(String text, int highest) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("unable to parse calendar event at '" + text + "'");
        }
        int value = Integer.parseInt(text);
        if (value > highest) {
            throw new IllegalArgumentException("value '" + text + "' out of range");
        }
        return value;
    }

    /** Unix time of the next event after the given one (UTC), 0 when there is none within four years. */
    long next(long after) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(after / 60 * 60 + 60, 0, ZoneOffset.UTC);
        LocalDateTime end = at.plusYears(4);
        while (at.isBefore(end)) {
            BitSet m = months;
            BitSet d = monthDays;
            boolean dayFits = days.get(at.getDayOfWeek().getValue() - DayOfWeek.MONDAY.getValue())
                    && (m == null || m.get(at.getMonthValue()))
                    && (d == null || d.get(at.getDayOfMonth()));
            if (!dayFits) {
                at = at.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!hours.get(at.getHour())) {
                at = at.withMinute(0).plusHours(1);
            } else if (!minutes.get(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return at.toEpochSecond(ZoneOffset.UTC);
            }
        }
        return 0;
    }
}
