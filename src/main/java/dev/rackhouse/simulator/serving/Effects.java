package dev.rackhouse.simulator.serving;

import java.util.Map;
import java.util.TreeMap;

/** How often each thing was changed on a pretend computer: {@code docker start vllm-7b} to a number. Safe for many threads. */
public final class Effects {
    private final Map<String, Integer> counts = new TreeMap<>();

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** Adds what was counted elsewhere. */
    public synchronized void add(Map<String, Integer> others) {
        others.forEach((what, count) -> counts.merge(what, count, Integer::sum));
    }

    public synchronized Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }
}
