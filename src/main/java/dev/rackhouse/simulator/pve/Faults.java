package dev.rackhouse.simulator.pve;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Failures on purpose, set through the control interface. Thread-safe. */
final class Faults {
    /**
     * @param node name, or empty for all
     * @param method GET..., or empty for all
     * @param path regular expression, searched in the path
     * @param kind refuse, delay, close (before doing the work), drop (the answer, after doing the work), garbage
     * @param times how often it still happens; 0 for ever
     */
    record Fault(
            String node,
            String method,
            Pattern path,
            String kind,
            int status,
            String text,
            long millis,
            boolean forever,
            AtomicInteger times) {}

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    void add(Fault fault) {
        faults.add(fault);
    }

    void clear() {
        faults.clear();
    }

    List<Fault> list() {
        return List.copyOf(faults);
    }

    @Nullable
    Fault take(String node, String method, String path) {
        for (Fault fault : faults) {
            boolean fits = (fault.node().isEmpty() || fault.node().equals(node))
                    && (fault.method().isEmpty() || fault.method().equals(method))
                    && fault.path().matcher(path).find();
            if (!fits) {
                continue;
            }
            if (fault.forever()) {
                return fault;
            }
            int left = fault.times().decrementAndGet();
            if (left <= 0) {
                faults.remove(fault);
            }
            if (left >= 0) {
                return fault;
            }
        }
        return null;
    }
}
