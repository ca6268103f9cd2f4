package dev.rackhouse.integration.docker;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a container's log.
 *
 * @param lines oldest first
 * @param next from when to ask for what comes after
 * @param truncated whether there was more at that time than was read; the next piece brings it
 */
public record LogPart(List<Line> lines, Instant next, boolean truncated) {

    /**
     * @param at when the engine took it
     * @param text as written, at most 4096 characters; may hold colours and other control characters
     */
    public record Line(Instant at, String text) {}

    public LogPart {
        lines = List.copyOf(lines);
    }

    /** @param log lines that each begin with their time, as {@code timestamps=true} gives them */
    static LogPart of(String log, Instant since, boolean truncated) {
        int end = truncated ? log.lastIndexOf('\n') + 1 : log.length();
        List<Line> lines = new ArrayList<>();
        Instant last = since;
        for (String line : log.substring(0, end).split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            int space = line.indexOf(' ');
            Instant told = time(space < 0 ? line : line.substring(0, space), last);
            boolean timed = told != last;
            last = told;
            lines.add(new Line(
                    told,
                    Bounded.text(timed ? space < 0 ? "" : line.substring(space + 1) : line)
                            .stripTrailing()));
        }
        return new LogPart(lines, lines.isEmpty() ? since : last.plusNanos(1), truncated);
    }

    /** The very object {@code last} when there is no time: a line of a terminal may be broken anywhere. */
    private static Instant time(String word, Instant last) {
        try {
            return Instant.parse(word);
        } catch (DateTimeParseException none) {
            return last;
        }
    }
}
