package dev.rackhouse.inference.live;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One line of a container's log, with the time that Docker gave it. */
public record LogLine(Instant at, String text) {

    private static final int LONGEST = 2000;

    /**
     * Lines of a log that was asked for with times. A progress bar that draws itself over counts line by line; colours and other
     * control characters are dropped.
     *
     * @param after lines of that moment and earlier are known already
     * @param now the time of lines that have none
     */
    static List<LogLine> read(String log, Instant after, Instant now) {
        List<LogLine> lines = new ArrayList<>();
        Instant last = null;
        for (String raw : log.split("[\\n\\r]+")) {
            String line = raw.replaceAll("\\x1b\\[[0-9;?]*[A-Za-z]", "").replaceAll("[\\p{Cntrl}&&[^\\t]]", "");
            int space = line.indexOf(' ');
            Instant at = space > 19 ? instant(line.substring(0, space)) : null;
            String text = at == null ? line : line.substring(space + 1);
            Instant when = at != null ? at : last != null ? last : now;
            last = when;
            if (!text.isBlank() && when.isAfter(after)) {
                lines.add(new LogLine(when, text.length() > LONGEST ? text.substring(0, LONGEST) : text));
            }
        }
        return lines;
    }

    private static @org.jspecify.annotations.Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException noTime) {
            return null;
        }
    }
}
