package dev.rackhouse.simulator.serving;

import java.util.Map;
import java.util.TreeMap;

/**
 * Main memory that programs of a pretend computer hold for long: what is taken is missing in {@code MemAvailable}, as the kernel tells it.
 * Safe for many threads.
 */
public final class MainMemory {
    private static final String TOLD = "/proc/meminfo";

    private final Computer computer;
    private final Map<Integer, Long> held = new TreeMap<>();

    public MainMemory(Computer computer) {
        this.computer = computer;
    }

    /** The process takes so many bytes more. @return whether there was room; without it nothing is taken, and the kernel kills it */
    synchronized boolean take(int pid, long bytes) {
        if (bytes > available()) {
            return false;
        }
        held.merge(pid, bytes, Long::sum);
        tell(available() - bytes);
        return true;
    }

    /** The process has given back what it took, or has ended. */
    synchronized void release(int pid) {
        Long bytes = held.remove(pid);
        if (bytes != null) {
            tell(Math.min(computer.memoryBytes(), available() + bytes));
        }
    }

    private long available() {
        return computer.read(TOLD)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> line.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty())
                .mapToLong(digits -> Long.parseLong(digits) * 1024)
                .findFirst()
                .orElseGet(computer::memoryBytes);
    }

    private void tell(long bytes) {
        computer.read(TOLD)
                .ifPresent(text -> computer.write(
                        TOLD,
                        text.replaceFirst("(?m)^MemAvailable:.*$", "MemAvailable:   %d kB".formatted(bytes / 1024))
                                + "\n"));
    }
}
