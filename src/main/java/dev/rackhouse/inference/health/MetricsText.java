package dev.rackhouse.inference.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus's text form, as far as engines use it. Lines that cannot be read are passed over: one odd line must not hide the rest. */
final class MetricsText {

    /** One value with its labels. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private static final int MOST_LINES = 20_000;
    private static final Pattern LINE =
            Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(.*)})?\\s+(\\S+)(?:\\s+-?\\d+)?");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final List<Sample> samples;

    private MetricsText(List<Sample> samples) {
        this.samples = samples;
    }

    static MetricsText read(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines().limit(MOST_LINES).filter(l -> !l.startsWith("#")).forEach(line -> {
            Matcher parts = LINE.matcher(line.strip());
            if (parts.matches()) {
                try {
                    samples.add(new Sample(parts.group(1), labels(parts.group(2)), number(parts.group(3))));
                } catch (NumberFormatException odd) {
                    // not a value
                }
            }
        });
        return new MetricsText(samples);
    }

    private static Map<String, String> labels(@org.jspecify.annotations.Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        if (text != null) {
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.put(
                        label.group(1),
                        label.group(2)
                                .replace("\\\"", "\"")
                                .replace("\\n", "\n")
                                .replace("\\\\", "\\"));
            }
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The sum over all series of the first of these names that is there: an engine with data parallelism has several. */
    OptionalDouble sum(String... names) {
        for (String name : names) {
            List<Double> values = samples.stream()
                    .filter(s -> s.name.equals(name) && Double.isFinite(s.value))
                    .map(Sample::value)
                    .toList();
            if (!values.isEmpty()) {
                return OptionalDouble.of(values.stream().mapToDouble(v -> v).sum());
            }
        }
        return OptionalDouble.empty();
    }

    /** The greatest over all series of the first of these names that is there. */
    OptionalDouble max(String... names) {
        for (String name : names) {
            OptionalDouble most = samples.stream()
                    .filter(s -> s.name.equals(name) && Double.isFinite(s.value))
                    .mapToDouble(Sample::value)
                    .max();
            if (most.isPresent()) {
                return most;
            }
        }
        return OptionalDouble.empty();
    }

    /** The buckets of the first of these names that is there, over all series; empty when none is. */
    Histogram histogram(String... names) {
        for (String name : names) {
            SortedMap<Double, Double> buckets = new TreeMap<>();
            for (Sample s : samples) {
                String bound = s.labels.get("le");
                if (s.name.equals(name + "_bucket") && bound != null && Double.isFinite(s.value)) {
                    try {
                        buckets.merge(number(bound), s.value, Double::sum);
                    } catch (NumberFormatException odd) {
                        // no bound
                    }
                }
            }
            if (!buckets.isEmpty()) {
                return new Histogram(buckets);
            }
        }
        return new Histogram(new TreeMap<>());
    }

    /** Whether a series with this label has the value 1. */
    boolean on(String name, String label, String wanted) {
        return samples.stream()
                .anyMatch(s -> s.name.equals(name) && wanted.equals(s.labels.get(label)) && s.value == 1);
    }
}
