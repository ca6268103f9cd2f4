package dev.rackhouse.proxmox;

import dev.rackhouse.base.VmId;
import dev.rackhouse.proxmox.PveCluster.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What concerns one guest. The node is where it runs now: after a migration the old path says "does not exist". */
public final class PveGuests {

    /**
     * A guest's configuration, all values as text ({@code memory} may come as number or text).
     *
     * @param digest to send back with a change, so that nobody else's change is overwritten
     */
    public record Config(SortedMap<String, String> values, String digest) {

        public Config {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        }

        public @Nullable String get(String key) {
            return values.get(key);
        }

        public List<String> tags() {
            return PveCluster.tags(values.getOrDefault("tags", ""));
        }

        /** Values of {@code net0}, {@code net1}, ... by key; likewise for {@code hostpci}, {@code scsi}. */
        public SortedMap<String, String> numbered(String prefix) {
            SortedMap<String, String> found = new TreeMap<>(
                    java.util.Comparator.comparingInt(key -> Integer.parseInt(key.substring(prefix.length()))));
            values.forEach((key, value) -> {
                if (key.startsWith(prefix) && key.substring(prefix.length()).matches("\\d{1,3}")) {
                    found.put(key, value);
                }
            });
            return found;
        }
    }

    /**
     * One key whose change waits for the next full stop and start.
     *
     * @param current null when the key is new
     * @param pending null when the key goes away
     */
    public record Pending(
            String key, @Nullable String current, @Nullable String pending, boolean deleted) {}

    /**
     * @param qmpStatus VMs only: {@code running}, {@code paused}, {@code io-error} (a storage is full), {@code prelaunch}...
     * @param agentConfigured VMs only
     * @param pid of the process on the node, while running
     */
    public record Status(
            String status,
            @Nullable String qmpStatus,
            @Nullable String name,
            @Nullable String lock,
            long uptimeSeconds,
            OptionalDouble cpu,
            OptionalLong cpus,
            OptionalLong memoryBytes,
            OptionalLong memoryTotalBytes,
            boolean agentConfigured,
            boolean haManaged,
            OptionalLong pid) {

        public boolean running() {
            return status.equals("running");
        }
    }

    private final PveClient client;

    PveGuests(PveClient client) {
        this.client = client;
    }

    /** The configuration as it will be at the next start: pending changes are merged in. */
    public Config config(String node, Kind kind, VmId vmid) {
        return config(node, kind, vmid, Map.of());
    }

    /** What the running guest has now. */
    public Config currentConfig(String node, Kind kind, VmId vmid) {
        return config(node, kind, vmid, Map.of("current", List.of("1")));
    }

    private Config config(String node, Kind kind, VmId vmid, Map<String, List<String>> parameters) {
        PveFields fields = client.call(
                        "read the configuration of guest " + vmid,
                        PveMethod.GET,
                        PvePath.of("nodes", node, kind.word(), vmid, "config"),
                        parameters)
                .fields();
        SortedMap<String, String> values = new TreeMap<>();
        for (String key : fields.names()) {
            values.put(key, fields.text(key, ""));
        }
        values.remove("digest");
        return new Config(values, fields.text("digest", ""));
    }

    /** Only the keys that wait for the next start. */
    public List<Pending> pending(String node, Kind kind, VmId vmid) {
        return client
                .get(
                        "read the pending changes of guest " + vmid,
                        PvePath.of("nodes", node, kind.word(), vmid, "pending"))
                .rows()
                .stream()
                .filter(r -> r.has("pending") || r.whole("delete", 0) > 0)
                .map(r -> new Pending(r.text("key", ""), r.text("value"), r.text("pending"), r.whole("delete", 0) > 0))
                .toList();
    }

    public Status status(String node, Kind kind, VmId vmid) {
        PveFields f = client.get(
                        "read the status of guest " + vmid,
                        PvePath.of("nodes", node, kind.word(), vmid, "status", "current"))
                .fields();
        return new Status(
                f.text("status", "unknown"),
                f.text("qmpstatus"),
                f.text("name"),
                f.text("lock"),
                f.whole("uptime", 0),
                f.decimal("cpu"),
                f.whole("cpus"),
                f.whole("mem"),
                f.whole("maxmem"),
                f.flag("agent"),
                f.fields("ha").flag("managed"),
                f.whole("pid"));
    }

    /** A guest's history, oldest first. */
    public List<PveNodes.Sample> history(String node, Kind kind, VmId vmid, PveNodes.Timeframe timeframe) {
        return PveNodes.samples(client.call(
                "read the history of guest " + vmid,
                PveMethod.GET,
                PvePath.of("nodes", node, kind.word(), vmid, "rrddata"),
                Map.of("timeframe", List.of(timeframe.word()), "cf", List.of("AVERAGE"))));
    }
}
