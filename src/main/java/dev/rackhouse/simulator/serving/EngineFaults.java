package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What shall go wrong with the engines of one computer, by container. {@code wedge} (requests are taken and never answered),
 * {@code dead-but-200} (healthy by its own word, every request fails), {@code no-wake} (asleep, it is asked in vain) and
 * {@code sleep-holds} (it says that it sleeps and keeps its memory) happen at once, all others at the next starts. Safe for many threads.
 */
public final class EngineFaults {
    private static final List<String> KNOWN = List.of(
            "oom",
            "no-kv",
            "nccl-hang",
            "slow-load",
            "dead-but-200",
            "wedge",
            "no-wake",
            "sleep-holds",
            "exit-at-weights",
            "awq-slow",
            "none");

    private static final List<String> AT_ONCE = List.of("wedge", "dead-but-200", "no-wake", "sleep-holds");

    private final Map<String, String> atStart = new TreeMap<>();
    private final Map<String, Integer> times = new TreeMap<>();
    private final Map<String, String> now = new TreeMap<>();

    /**
     * @param count how many starts it meets
     * @throws IllegalArgumentException when there is no such fault
     */
    public synchronized void set(String container, String fault, int count) {
        if (!KNOWN.contains(fault)) {
            throw new IllegalArgumentException("No such fault: " + fault + ". There are " + String.join(", ", KNOWN));
        }
        if (fault.equals("none")) {
            atStart.remove(container);
            now.remove(container);
        } else if (AT_ONCE.contains(fault)) {
            now.put(container, fault);
        } else {
            atStart.put(container, fault);
            times.put(container, count);
        }
    }

    /** The fault that meets this start; empty: none. A fault of a running engine ends with its restart. */
    synchronized String atStart(String container) {
        now.remove(container);
        String fault = atStart.getOrDefault(container, "");
        if (!fault.isEmpty() && times.merge(container, -1, Integer::sum) <= 0) {
            atStart.remove(container);
        }
        return fault;
    }

    /** What is wrong with an engine that runs; empty: nothing. */
    synchronized String now(String container) {
        return now.getOrDefault(container, "");
    }

    synchronized Map<String, String> waiting() {
        Map<String, String> all = new LinkedHashMap<>(atStart);
        all.putAll(now);
        return all;
    }
}
