package dev.rackhouse.simulator.serving;

import java.util.Locale;

/** A histogram in Prometheus's text form. Safe for many threads. */
final class Histogram {
    private final String name;
    private final String help;
    private final double[] bounds;
    private final long[] counts;
    private double sum;
    private long count;

    Histogram(String name, String help, double... bounds) {
        this.name = name;
        this.help = help;
        this.bounds = bounds;
        this.counts = new long[bounds.length];
    }

    synchronized void add(double value, int times) {
        sum += value * times;
        count += times;
        for (int i = 0; i < bounds.length; i++) {
            if (value <= bounds[i]) {
                counts[i] += times;
            }
        }
    }

    /** @param labels without braces */
    synchronized String text(String labels) {
        StringBuilder text = new StringBuilder("# HELP %s %s%n# TYPE %s histogram%n".formatted(name, help, name));
        text.append(String.format(Locale.ROOT, "%s_sum{%s} %s%n", name, labels, sum));
        for (int i = 0; i < bounds.length; i++) {
            text.append("%s_bucket{%s,le=\"%s\"} %d.0%n".formatted(name, labels, bounds[i], counts[i]));
        }
        text.append("%s_bucket{%s,le=\"+Inf\"} %d.0%n".formatted(name, labels, count));
        return text.append("%s_count{%s} %d.0%n".formatted(name, labels, count)).toString();
    }
}
