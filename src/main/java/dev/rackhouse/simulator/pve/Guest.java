package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.LabSeed.SnapshotSeed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A VM or container: its configuration file in three parts (current, pending, snapshots) and its running state. */
final class Guest {
    /** Memory in bytes, processors (0: all of the host), boot disk in bytes. */
    record Sizing(long memory, int cpus, long disk) {}

    static final class Snapshot {
        final Map<String, String> config = new TreeMap<>();
        String description = "";

        @Nullable
        String parent;

        long time;
        boolean vmstate;
    }

    final String kind;
    final int vmid;
    String node;
    final Map<String, String> config = new TreeMap<>();
    final Map<String, String> pending = new TreeMap<>();
    /** Keys to delete at the next start; true when forced. */
    final Map<String, Boolean> deletions = new TreeMap<>();

    final Map<String, Snapshot> snapshots = new LinkedHashMap<>();

    @Nullable
    String parent;

    boolean running;
    boolean paused;
    long pid;
    long startedAt;
    /** Configuration the running process was started with, as far as it matters. */
    Map<String, String> started = Map.of();

    List<String> devices = List.of();
    /** Sizes out of the configuration, worked out once for each version of it; null: to be worked out. */
    @Nullable
    Sizing sizing;

    final Semaphore fileLock = new Semaphore(1, true);
    final GuestSeed seed;

    Guest(GuestSeed seed) {
        this.seed = seed;
        this.kind = seed.kind();
        this.vmid = seed.vmid();
        this.node = seed.node();
        config.putAll(seed.config());
        pending.putAll(seed.pending());
        seed.pendingDelete().forEach(key -> deletions.put(key, false));
        for (SnapshotSeed snapshot : seed.snapshots()) {
            Snapshot made = new Snapshot();
            made.config.putAll(snapshot.config());
            made.description = snapshot.description() == null ? "" : snapshot.description();
            made.parent = snapshot.parent();
            made.time = snapshot.snaptime();
            made.vmstate = snapshot.vmstate();
            snapshots.put(snapshot.name(), made);
            parent = snapshot.name();
        }
    }

    static Guest made(String kind, int vmid, String node) {
        return new Guest(new GuestSeed(
                node, kind, vmid, Map.of(), Map.of(), List.of(), List.of(), false, null, false, null, Map.of()));
    }

    boolean vm() {
        return kind.equals("qemu");
    }

    String name() {
        String name = config.get(vm() ? "name" : "hostname");
        return name != null ? name : (vm() ? "VM " : "CT") + vmid;
    }

    boolean template() {
        return "1".equals(config.get("template"));
    }

    @Nullable
    String lock() {
        return config.get("lock");
    }

    /** Path of the configuration below /etc/pve. */
    String file() {
        return "nodes/" + node + (vm() ? "/qemu-server/" : "/lxc/") + vmid + ".conf";
    }

    String lockFile() {
        return vm() ? "/var/lock/qemu-server/lock-" + vmid + ".conf" : "/run/lock/lxc/pve-config-" + vmid + ".lock";
    }

    String digest() {
        return sha1(text());
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file as Proxmox writes it: description as comment lines, sorted keys, then pending and snapshots. */
    String text() {
        StringBuilder out = new StringBuilder();
        section(out, config, parent);
        if (!pending.isEmpty() || !deletions.isEmpty()) {
            out.append("\n[").append(vm() ? "PENDING" : "pve:pending").append("]\n");
            if (!deletions.isEmpty()) {
                List<String> keys = new ArrayList<>();
                deletions.forEach((key, forced) -> keys.add(forced ? "!" + key : key));
                out.append("delete: ").append(String.join(",", keys)).append('\n');
            }
            pending.forEach(
                    (key, value) -> out.append(key).append(": ").append(value).append('\n'));
        }
        snapshots.forEach((name, snapshot) -> {
            out.append("\n[").append(name).append("]\n");
            comment(out, snapshot.description);
            Map<String, String> lines = new TreeMap<>(snapshot.config);
            if (snapshot.parent != null) {
                lines.put("parent", snapshot.parent);
            }
            lines.put("snaptime", Long.toString(snapshot.time));
            lines.remove("description");
            lines.forEach(
                    (key, value) -> out.append(key).append(": ").append(value).append('\n'));
        });
        return out.toString();
    }

    private static void section(StringBuilder out, Map<String, String> config, @Nullable String parent) {
        comment(out, config.getOrDefault("description", ""));
        Map<String, String> lines = new TreeMap<>(config);
        lines.remove("description");
        if (parent != null) {
            lines.put("parent", parent);
        }
        lines.forEach((key, value) -> out.append(key).append(": ").append(value).append('\n'));
    }

    private static void comment(StringBuilder out, String description) {
        if (!description.isEmpty()) {
            description
                    .lines()
                    .forEach(line ->
                            out.append('#').append(line.replace("%", "%25")).append('\n'));
        }
    }
}
