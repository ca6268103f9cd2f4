package dev.rackhouse.simulator.serving;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The TCP ports of one pretend computer: who has one, and where whoever listens there really is. Safe for many threads. */
public final class Ports {
    private record Held(String holder, @Nullable InetSocketAddress real) {}

    private final Map<Integer, Held> held = new TreeMap<>();

    /** Takes a port before anybody listens on it. @return who has it already */
    synchronized Optional<String> take(int port, String holder) {
        Held there = held.putIfAbsent(port, new Held(holder, null));
        return there == null || there.holder().equals(holder) ? Optional.empty() : Optional.of(there.holder());
    }

    /** The holder listens now. */
    synchronized void listen(int port, String holder, InetSocketAddress real) {
        held.put(port, new Held(holder, real));
    }

    /** Gives up all ports of a holder. */
    synchronized void release(String holder) {
        held.values().removeIf(one -> one.holder().equals(holder));
    }

    /** The holder keeps its port and hears no more. */
    synchronized void deaf(int port, String holder) {
        held.computeIfPresent(port, (number, one) -> one.holder().equals(holder) ? new Held(holder, null) : one);
    }

    /** Where whoever listens on this port really is; null: the connection is refused. */
    public synchronized @Nullable InetSocketAddress real(int port) {
        Held there = held.get(port);
        return there == null ? null : there.real();
    }

    /** Ports that answer, with their holders. */
    synchronized Map<Integer, String> listening() {
        Map<Integer, String> all = new TreeMap<>();
        held.forEach((port, one) -> {
            if (one.real() != null) {
                all.put(port, one.holder());
            }
        });
        return all;
    }
}
