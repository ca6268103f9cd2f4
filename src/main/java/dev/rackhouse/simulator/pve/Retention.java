package dev.rackhouse.simulator.pve;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which backups a rule keeps: last, hourly, daily, weekly, monthly, yearly - each counts periods with a backup. */
final class Retention {
    private Retention() {}

    static Map<String, Integer> parse(String text) {
        Map<String, Integer> rule = new LinkedHashMap<>();
        PropertyString.parse("prune-backups", text)
                .forEach((key, value) -> rule.put(key.substring("keep-".length()), Integer.parseInt(value)));
        return rule;
    }

    /** Marks by volume, newest first in each guest: keep, remove, protected, renamed. */
    static Map<Storage.Volume, String> marks(
            List<Storage.Volume> volumes, Map<String, Integer> rule, int vmid, @Nullable String type) {
        Map<String, List<Storage.Volume>> groups = new TreeMap<>();
        for (Storage.Volume volume : volumes) {
            if (volume.content.equals("backup")
                    && (vmid == 0 || volume.vmid == vmid)
                    && (type == null || type.equals(volume.subtype))) {
                groups.computeIfAbsent(volume.subtype + "/" + volume.vmid, k -> new ArrayList<>())
                        .add(volume);
            }
        }
        Map<Storage.Volume, String> marks = new LinkedHashMap<>();
        groups.values().forEach(group -> {
            group.sort(Comparator.comparingLong((Storage.Volume volume) -> volume.ctime)
                    .reversed());
            group.forEach(volume -> marks.put(volume, volume.isProtected ? "protected" : "remove"));
            List<Storage.Volume> open =
                    group.stream().filter(volume -> !volume.isProtected).toList();
            if (rule.getOrDefault("all", 0) == 1 || rule.values().stream().allMatch(count -> count == 0)) {
                open.forEach(volume -> marks.put(volume, "keep"));
                return;
            }
            mark(open, marks, rule.getOrDefault("last", 0), time -> time.toString());
            mark(open, marks, rule.getOrDefault("hourly", 0), pattern("yyyy/MM/dd/HH"));
            mark(open, marks, rule.getOrDefault("daily", 0), pattern("yyyy/MM/dd"));
            mark(
                    open,
                    marks,
                    rule.getOrDefault("weekly", 0),
                    time -> time.get(IsoFields.WEEK_BASED_YEAR) + "/" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            mark(open, marks, rule.getOrDefault("monthly", 0), pattern("yyyy/MM"));
            mark(open, marks, rule.getOrDefault("yearly", 0), pattern("yyyy"));
        });
        return marks;
    }

    private static Function<LocalDateTime, String> pattern(String pattern) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern);
        return format::format;
    }

    private static void mark(
            List<Storage.Volume> open,
            Map<Storage.Volume, String> marks,
            int count,
            Function<LocalDateTime, String> id) {
        if (count == 0) {
            return;
        }
        Set<String> already = new HashSet<>();
        for (Storage.Volume volume : open) {
            if ("keep".equals(marks.get(volume))) {
                already.add(id.apply(time(volume)));
            }
        }
        Set<String> taken = new HashSet<>();
        for (Storage.Volume volume : open) {
            String period = id.apply(time(volume));
            if ("keep".equals(marks.get(volume)) || already.contains(period) || taken.contains(period)) {
                continue;
            }
            if (taken.size() >= count) {
                return;
            }
            taken.add(period);
            marks.put(volume, "keep");
        }
    }

    private static LocalDateTime time(Storage.Volume volume) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(volume.ctime), ZoneOffset.UTC);
    }
}
