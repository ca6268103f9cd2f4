package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.NodeSeed;
import dev.rackhouse.simulator.world.Machine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of the cluster: its seed, its machine, and what changes on it. Guarded by the world's lock. */
final class Node {
    final NodeSeed seed;
    final Machine machine;
    final int index;
    volatile boolean online;
    /** Unix time until which the daemons know nothing yet after a start. */
    volatile long blindUntil;

    final NodeNetwork network;
    /** Devices by address: which guest holds them. */
    final Map<String, Integer> reservations = new LinkedHashMap<>();

    @Nullable
    Long rebootingSince;

    volatile String fingerprint = "";
    volatile String certificate = "";

    Node(NodeSeed seed, Machine machine, int index) {
        this.seed = seed;
        this.machine = machine;
        this.index = index;
        this.online = seed.isOnline();
        this.network = new NodeNetwork(machine, seed.network());
    }

    String name() {
        return seed.name();
    }

    int major() {
        String version = seed.version();
        int dot = version.indexOf('.');
        return Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
    }

    /** Version as major * 100 + minor. */
    int level() {
        String[] parts = seed.version().split("\\.");
        return Integer.parseInt(parts[0]) * 100 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
    }
}
