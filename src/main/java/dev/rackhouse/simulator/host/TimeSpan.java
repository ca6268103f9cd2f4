package dev.rackhouse.simulator.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as systemd.time(7) writes them: {@code 90}, {@code 5min}, {@code 1h 30min}. */
final class TimeSpan {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]*)");

    private TimeSpan() {}

    /** Seconds, or a negative number when the text is no time span. */
    static double seconds(String text) {
        Matcher part = PART.matcher(text.strip());
        double sum = 0;
        int end = 0;
        while (part.find() && text.strip().substring(end, part.start()).isBlank()) {
            double unit = switch (part.group(2)) {
                case "", "s", "sec", "second", "seconds" -> 1;
                case "ms", "msec" -> 0.001;
                case "m", "min", "minute", "minutes" -> 60;
                case "h", "hr", "hour", "hours" -> 3600;
                case "d", "day", "days" -> 86_400;
                default -> -1;
            };
            if (unit < 0) {
                return -1;
            }
            sum += Double.parseDouble(part.group(1)) * unit;
            end = part.end();
        }
        return end == 0 || end < text.strip().length() ? -1 : sum;
    }
}
