package dev.rackhouse.simulator.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a program has printed, the oldest lines dropped. Safe for many threads. */
final class LogLines {
    private static final int KEPT = 5000;

    /** @param stream 1 standard output, 2 standard error */
    record Line(long number, Instant at, int stream, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private long next;

    synchronized void add(int stream, String text) {
        Instant now = Instant.now();
        text.lines().forEach(line -> lines.add(new Line(next++, now, stream, line)));
        if (lines.size() > KEPT) {
            lines.subList(0, lines.size() - KEPT).clear();
        }
        notifyAll();
    }

    void out(String text) {
        add(1, text);
    }

    void err(String text) {
        add(2, text);
    }

    /** The last lines, oldest first. */
    synchronized List<Line> tail(int most) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - Math.max(0, most)), lines.size()));
    }

    /** Lines from this number on; waits up to so many milliseconds for the first. */
    synchronized List<Line> from(long number, long millis) throws InterruptedException {
        if (next <= number && millis > 0) {
            wait(millis);
        }
        return lines.stream().filter(line -> line.number() >= number).toList();
    }
}
