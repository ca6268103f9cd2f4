package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.Machine;
import dev.rackhouse.simulator.world.NetworkStanza;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Interfaces of a node as its API tells them: live and staged. Where the machine has files they decide, whoever wrote
 * them; rows are read from a file anew when its text is not the one that is known. Guarded by the world's lock.
 */
final class NodeNetwork {
    private static final Set<String> OWN_FIELDS = Set.of(
            "address",
            "netmask",
            "gateway",
            "bridge-ports",
            "bridge-stp",
            "bridge-fd",
            "bridge-vlan-aware",
            "bridge-vids",
            "mtu",
            "bond-slaves",
            "bond-mode");

    private final Machine machine;
    private List<Map<String, Object>> live;
    private @Nullable List<Map<String, Object>> staged;
    private @Nullable String liveText;
    private String stagedText = "";
    private long changed;
    private long stagedAt;

    NodeNetwork(Machine machine, List<Map<String, Object>> seed) {
        this.machine = machine;
        this.live = new ArrayList<>(seed);
        this.liveText = machine.networkFile(false);
    }

    private void follow() {
        String text = machine.networkFile(false);
        if (text == null) {
            return;
        }
        if (!text.equals(liveText)) {
            live = rows(text, live);
            liveText = text;
        }
        String next = Objects.requireNonNullElse(machine.networkFile(true), "");
        if (!next.equals(stagedText)) {
            staged = next.isEmpty() ? null : rows(next, live);
            stagedText = next;
        }
    }

    List<Map<String, Object>> live() {
        follow();
        return live;
    }

    /** Rows that wait for the next apply or boot, null when none do. */
    @Nullable
    List<Map<String, Object>> staged() {
        follow();
        return staged;
    }

    /** What the API shows: staged rows where there are some. */
    List<Map<String, Object>> shown() {
        return Objects.requireNonNullElseGet(staged(), this::live);
    }

    /** Whether the file with the live interfaces begins as Proxmox writes it. */
    boolean headed(boolean ofStaged) {
        String text = ofStaged ? stagedText : Objects.requireNonNullElse(liveText, "");
        return ofStaged && text.isEmpty() || text.startsWith("# network interface settings");
    }

    long changed() {
        return changed;
    }

    long stagedAt() {
        return stagedAt;
    }

    /** Whether the rows live in files of the machine, which tells about them itself. */
    boolean inFiles() {
        return liveText != null;
    }

    /** Rows to stage changes in; the change is written with {@link #write}. */
    List<Map<String, Object>> copy() {
        return shown().stream()
                .<Map<String, Object>>map(LinkedHashMap::new)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Stages these rows. */
    void write(List<Map<String, Object>> rows, long now) {
        staged = rows;
        stagedAt = now;
        if (inFiles()) {
            stagedText = String.join("\n", InterfacesFile.lines(rows, true)) + "\n" + sources();
            machine.networkStaged(stagedText);
        }
    }

    /** Lines that take in other files; Proxmox keeps them at the end. */
    private String sources() {
        return Objects.requireNonNullElse(liveText, "")
                .lines()
                .filter(line -> line.startsWith("source"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** Drops what is staged. */
    void drop() {
        staged = null;
        stagedText = "";
        machine.networkStaged(null);
    }

    /** What is staged is live. */
    void apply(long now) {
        List<Map<String, Object>> rows = staged();
        if (rows != null) {
            rows.forEach(row -> row.put("active", 1));
            live = rows;
            liveText = inFiles() ? stagedText : null;
            staged = null;
            stagedText = "";
            changed = now;
            machine.networkApplied();
        }
    }

    /** Rows from a file; whether an interface exists and is active is known from before. */
    static List<Map<String, Object>> rows(String text, List<Map<String, Object>> before) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (NetworkStanza stanza : NetworkStanza.parse(text)) {
            if (!stanza.method().equals("loopback")) {
                rows.add(row(stanza, rows.size() + 3, before));
            }
        }
        return rows;
    }

    private static Map<String, Object> row(NetworkStanza stanza, int priority, List<Map<String, Object>> before) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("iface", stanza.name());
        row.put("type", type(stanza));
        row.put("priority", priority);
        row.put("families", List.of("inet"));
        row.put("method", stanza.method());
        row.put("method6", "manual");
        if (!stanza.cidr().isEmpty()) {
            row.put("cidr", stanza.cidr());
            row.put("address", stanza.address());
            row.put("netmask", stanza.cidr().substring(stanza.cidr().indexOf('/') + 1));
        }
        option(row, "gateway", stanza, "gateway");
        if (stanza.bridge()) {
            String ports = stanza.option("bridge-ports");
            row.put("bridge_ports", ports.equals("none") ? "" : ports);
            option(row, "bridge_stp", stanza, "bridge-stp");
            option(row, "bridge_fd", stanza, "bridge-fd");
            if (stanza.option("bridge-vlan-aware").equals("yes")) {
                row.put("bridge_vlan_aware", 1);
            }
            option(row, "bridge_vids", stanza, "bridge-vids");
        }
        option(row, "slaves", stanza, "bond-slaves");
        option(row, "bond_mode", stanza, "bond-mode");
        option(row, "mtu", stanza, "mtu");
        List<String> others = stanza.options().stream()
                .filter(option -> !OWN_FIELDS.contains(option.split(" ")[0].replace('_', '-')))
                .toList();
        if (!others.isEmpty()) {
            row.put("options", others);
        }
        if (!stanza.comments().isEmpty()) {
            row.put("comments", String.join("\n", stanza.comments()) + "\n");
        }
        if (stanza.auto()) {
            row.put("autostart", 1);
        }
        before.stream()
                .filter(known -> stanza.name().equals(known.get("iface")))
                .forEach(known -> List.of("exists", "active").forEach(key -> {
                    if (known.get(key) != null) {
                        row.put(key, known.get(key));
                    }
                }));
        return row;
    }

    private static void option(Map<String, Object> row, String key, NetworkStanza stanza, String option) {
        if (!stanza.option(option).isEmpty()) {
            row.put(key, stanza.option(option));
        }
    }

    private static String type(NetworkStanza stanza) {
        if (stanza.bridge()) {
            return "bridge";
        }
        if (!stanza.option("bond-slaves").isEmpty() || !stanza.option("slaves").isEmpty()) {
            return "bond";
        }
        return stanza.below().isEmpty() ? "eth" : "vlan";
    }
}
