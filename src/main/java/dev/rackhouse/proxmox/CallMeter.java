package dev.rackhouse.proxmox;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts the calls that leave for one endpoint, per method and path template, over the last hour in steps of a second within the
 * last minute and of a minute before. Thread-safe.
 */
public final class CallMeter {

    /** Calls of a span of time, by {@code GET /nodes/{node}/status}. */
    public record Count(int calls, SortedMap<String, Integer> byPath) {}

    private record Slice(long second, Map<String, Integer> calls) {}

    private final Clock clock;
    private final Deque<Slice> seconds = new ArrayDeque<>();
    private final Deque<Slice> minutes = new ArrayDeque<>();
    private long total;

    public CallMeter(Clock clock) {
        this.clock = clock;
    }

    /** Notes one call, at the moment it is sent. */
    public synchronized void count(PveMethod method, String path) {
        String key = method + " " + template(path);
        long now = clock.instant().getEpochSecond();
        add(seconds, now, key);
        add(minutes, Math.floorDiv(now, 60L) * 60, key);
        total++;
        forget(now);
    }

    /** The 60 seconds up to now. */
    public synchronized Count lastMinute() {
        return sum(seconds, clock.instant().getEpochSecond() - 60);
    }

    /** The last 60 minutes, the running one included. */
    public synchronized Count lastHour() {
        return sum(minutes, Math.floorDiv(clock.instant().getEpochSecond(), 60L) * 60 - 3600);
    }

    /** All calls since this meter was made. */
    public synchronized long total() {
        return total;
    }

    private static void add(Deque<Slice> slices, long at, String key) {
        Slice last = slices.peekLast();
        if (last == null || last.second != at) {
            last = new Slice(at, new HashMap<>());
            slices.addLast(last);
        }
        last.calls.merge(key, 1, Integer::sum);
    }

    private void forget(long now) {
        while (!seconds.isEmpty() && seconds.getFirst().second <= now - 60) {
            seconds.removeFirst();
        }
        while (!minutes.isEmpty() && minutes.getFirst().second <= now - 3660) {
            minutes.removeFirst();
        }
    }

    private static Count sum(Deque<Slice> slices, long after) {
        TreeMap<String, Integer> byPath = new TreeMap<>();
        for (Slice slice : slices) {
            if (slice.second > after) {
                slice.calls.forEach((key, calls) -> byPath.merge(key, calls, Integer::sum));
            }
        }
        return new Count(
                byPath.values().stream().mapToInt(Integer::intValue).sum(),
                java.util.Collections.unmodifiableSortedMap(byPath));
    }

    /** The path with names taken out: {@code /nodes/{node}/qemu/{vmid}/config}. */
    static String template(String path) {
        String[] parts = path.split("/", -1);
        for (int i = 2; i < parts.length; i++) {
            String known = switch (parts[i - 1]) {
                case "nodes" -> "{node}";
                case "qemu", "lxc" -> "{vmid}";
                case "tasks" -> "{upid}";
                case "storage" -> "{storage}";
                case "content" -> "{volume}";
                case "snapshot" -> "{snapshot}";
                case "network" -> "{iface}";
                case "pools" -> "{pool}";
                case "pci", "usb", "dir" -> "{id}";
                default -> null;
            };
            if (known != null && !parts[i].isEmpty()) {
                parts[i] = known;
            }
        }
        return String.join("/", parts);
    }
}
