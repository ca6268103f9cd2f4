package dev.rackhouse.inference.health;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Prometheus histogram: how many values were at most so large, by bound; the last bound is infinity. Immutable.
 *
 * @param upTo counts by bound, each with all below it
 */
public record Histogram(SortedMap<Double, Double> upTo) {

    public Histogram {
        upTo = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(upTo));
    }

    /** How many values were counted in all. */
    public double count() {
        return upTo.isEmpty() ? 0 : upTo.getOrDefault(upTo.lastKey(), 0.0);
    }

    /** What was counted since an earlier scrape; all of it when the engine has begun anew in between. */
    public Histogram since(Histogram before) {
        boolean anew = upTo.entrySet().stream().anyMatch(e -> e.getValue() < before.upTo.getOrDefault(e.getKey(), 0.0));
        if (anew) {
            return this;
        }
        SortedMap<Double, Double> delta = new TreeMap<>();
        upTo.forEach((bound, count) -> delta.put(bound, count - before.upTo.getOrDefault(bound, 0.0)));
        return new Histogram(delta);
    }

    /**
     * The value below which this share of all lies, linear within its bucket; the last finite bound where it lies beyond.
     *
     * @param share 0 to 1
     * @return empty when nothing was counted: no traffic is not zero
     */
    public OptionalDouble quantile(double share) {
        double all = count();
        if (!(all > 0)) {
            return OptionalDouble.empty();
        }
        double rank = share * all;
        double below = 0;
        double countBelow = 0;
        for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
            if (bucket.getValue() >= rank) {
                double inside = bucket.getValue() - countBelow;
                return OptionalDouble.of(
                        bucket.getKey().isInfinite()
                                ? below
                                : below + (bucket.getKey() - below) * (inside > 0 ? (rank - countBelow) / inside : 1));
            }
            below = bucket.getKey();
            countBelow = bucket.getValue();
        }
        return OptionalDouble.of(below);
    }
}
