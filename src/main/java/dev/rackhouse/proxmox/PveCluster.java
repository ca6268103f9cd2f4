package dev.rackhouse.proxmox;

import dev.rackhouse.base.VmId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What concerns the whole cluster. */
public final class PveCluster {

    /** VM or container; the word that stands in paths. */
    public enum Kind {
        QEMU,
        LXC;

        /** As it stands in paths: {@code qemu}, {@code lxc}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * A node as the cluster sees it. Numbers are missing without Sys.Audit and while the status is unknown.
     *
     * @param status {@code online}, {@code offline}, {@code unknown}
     * @param cpu fraction of all CPUs, 0 to 1
     */
    public record Node(
            String name,
            String status,
            OptionalDouble cpu,
            OptionalLong cpus,
            OptionalLong memoryBytes,
            OptionalLong memoryTotalBytes,
            OptionalLong diskBytes,
            OptionalLong diskTotalBytes,
            OptionalLong uptimeSeconds) {}

    /**
     * A guest as the cluster sees it.
     *
     * @param name missing for a guest on an unreachable node, or one just created
     * @param status {@code running}, {@code stopped}, {@code unknown}, {@code paused} and others
     * @param memoryBytes the guest's own view where the balloon driver reports
     * @param memoryOnHostBytes from 9.0
     */
    public record Guest(
            VmId vmid,
            Kind kind,
            @Nullable String name,
            String node,
            String status,
            boolean template,
            OptionalDouble cpu,
            OptionalLong cpus,
            OptionalLong memoryBytes,
            OptionalLong memoryTotalBytes,
            OptionalLong memoryOnHostBytes,
            OptionalLong diskTotalBytes,
            OptionalLong uptimeSeconds,
            OptionalLong netInBytes,
            OptionalLong netOutBytes,
            List<String> tags,
            @Nullable String lock,
            @Nullable String pool,
            @Nullable String haState) {

        public boolean running() {
            return status.equals("running");
        }
    }

    /**
     * A storage on one node; a shared one appears once per node.
     *
     * @param status {@code available}, {@code unknown}
     */
    public record Storage(
            String name,
            String node,
            String type,
            List<String> content,
            boolean shared,
            String status,
            OptionalLong usedBytes,
            OptionalLong totalBytes) {}

    /** One answer of the cheap call for everything; rows the token may not see are missing. */
    public record Resources(List<Node> nodes, List<Guest> guests, List<Storage> storages) {}

    /**
     * @param nodeId 0 on a standalone node
     * @param address null when not known
     */
    public record Member(String name, int nodeId, @Nullable String address, boolean online, boolean local) {}

    /**
     * @param name null on a standalone node
     * @param quorate always true on a standalone node
     */
    public record Status(@Nullable String name, boolean quorate, List<Member> members) {

        public boolean standalone() {
            return name == null;
        }
    }

    private final PveClient client;

    PveCluster(PveClient client) {
        this.client = client;
    }

    /** Nodes, guests and storages in one call. The server refreshes it every 10 s; asking faster only costs. */
    public Resources resources() {
        List<PveFields> rows =
                client.get("read the cluster's resources", "/cluster/resources").rows();
        return new Resources(
                rows.stream().filter(r -> type(r, "node")).map(PveCluster::node).toList(),
                rows.stream()
                        .filter(r -> (type(r, "qemu") || type(r, "lxc")) && isVmId(r.whole("vmid", 0)))
                        .map(PveCluster::guest)
                        .toList(),
                rows.stream()
                        .filter(r -> type(r, "storage"))
                        .map(PveCluster::storage)
                        .toList());
    }

    /** Members and quorum. */
    public Status status() {
        List<PveFields> rows =
                client.get("read the cluster's status", "/cluster/status").rows();
        PveFields cluster =
                rows.stream().filter(r -> type(r, "cluster")).findFirst().orElse(null);
        return new Status(
                cluster == null ? null : cluster.text("name"),
                cluster == null || cluster.flag("quorate"),
                rows.stream()
                        .filter(r -> type(r, "node"))
                        .map(r -> new Member(
                                r.text("name", ""),
                                (int) r.whole("nodeid", 0),
                                r.text("ip"),
                                r.flag("online"),
                                r.flag("local")))
                        .toList());
    }

    /** A vmid that is free now; nothing is reserved, so "already exists" may still come: then take the next one. */
    public VmId nextId() {
        String text = client.get("ask for a free vmid", "/cluster/nextid").text();
        if (!text.matches("\\d{3,9}") || !isVmId(Long.parseLong(text))) {
            throw new dev.rackhouse.base.RemoteFailure.Unreadable(
                    "ask for a free vmid", "the cluster", "'" + text + "'", "Choose a vmid by hand.", null);
        }
        return new VmId(Integer.parseInt(text));
    }

    private static boolean isVmId(long number) {
        return number >= 100 && number <= 999_999_999;
    }

    /** Whether the vmid is free now. */
    public boolean isFree(VmId vmid) {
        try {
            client.call(
                    "ask whether vmid " + vmid + " is free",
                    PveMethod.GET,
                    "/cluster/nextid",
                    Map.of("vmid", List.of(vmid.toString())));
            return true;
        } catch (dev.rackhouse.base.RemoteFailure.Refused e) {
            if (e.status() == 400) {
                return false;
            }
            throw e;
        }
    }

    private static boolean type(PveFields row, String type) {
        return type.equals(row.text("type"));
    }

    private static Node node(PveFields r) {
        return new Node(
                r.text("node", ""),
                r.text("status", "unknown"),
                r.decimal("cpu"),
                r.whole("maxcpu"),
                r.whole("mem"),
                r.whole("maxmem"),
                r.whole("disk"),
                r.whole("maxdisk"),
                r.whole("uptime"));
    }

    private static Guest guest(PveFields r) {
        return new Guest(
                new VmId((int) r.whole("vmid", 0)),
                type(r, "lxc") ? Kind.LXC : Kind.QEMU,
                r.text("name"),
                r.text("node", ""),
                r.text("status", "unknown"),
                r.flag("template"),
                r.decimal("cpu"),
                r.whole("maxcpu"),
                r.whole("mem"),
                r.whole("maxmem"),
                r.whole("memhost"),
                r.whole("maxdisk"),
                r.whole("uptime"),
                r.whole("netin"),
                r.whole("netout"),
                tags(r.text("tags", "")),
                r.text("lock"),
                r.text("pool"),
                r.text("hastate"));
    }

    private static Storage storage(PveFields r) {
        return new Storage(
                r.text("storage", ""),
                r.text("node", ""),
                r.text("plugintype", ""),
                words(r.text("content", "")),
                r.flag("shared"),
                r.text("status", "unknown"),
                r.whole("disk"),
                r.whole("maxdisk"));
    }

    /** Tags as the server stores them ({@code ;}), also comma or space separated as old ones come. */
    static List<String> tags(String text) {
        return Arrays.stream(text.split("[;,\\s]+")).filter(t -> !t.isEmpty()).toList();
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(t -> !t.isEmpty())
                .sorted()
                .toList();
    }
}
