package dev.rackhouse.inventory;

import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.NodeRow;
import dev.rackhouse.inventory.Rows.StorageRow;
import dev.rackhouse.proxmox.PveCluster;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@code /cluster/resources}: the facts apart from the figures that move all the time. Pure.
 *
 * <p>A guest on a node that is down comes with status {@code unknown} and without name and numbers, and for about ten seconds after
 * a node's daemons start everything does (Proxmox VE 7 to 9): such rows are unsure, and what was known of them stays.
 */
record ClusterResources(List<NodeRow> nodes, List<GuestRow> guests, List<StorageRow> storages, Sample sample) {

    /** Figures of one moment, as parallel lists. */
    record Sample(List<NodeFigures> nodes, List<GuestFigures> guests, List<StorageFigures> storages) {}

    /** @param cpu fraction of all CPUs */
    record NodeFigures(
            String node,
            @Nullable Double cpu,
            @Nullable Long memory,
            @Nullable Long disk,
            @Nullable Long uptime) {}

    record GuestFigures(
            long vmid,
            @Nullable Double cpu,
            @Nullable Long memory,
            @Nullable Long uptime) {}

    record StorageFigures(
            String node, String storage, @Nullable Long used) {}

    /** Nodes with an impossible name are left out: they could not be addressed. */
    static ClusterResources of(PveCluster.Resources answer) {
        List<PveCluster.Node> nodes =
                answer.nodes().stream().filter(n -> NodeNames.valid(n.name())).toList();
        return new ClusterResources(
                nodes.stream().map(ClusterResources::node).toList(),
                answer.guests().stream().map(ClusterResources::guest).toList(),
                answer.storages().stream().map(ClusterResources::storage).toList(),
                new Sample(
                        nodes.stream()
                                .map(n -> new NodeFigures(
                                        n.name(),
                                        real(n.cpu()),
                                        whole(n.memoryBytes()),
                                        whole(n.diskBytes()),
                                        whole(n.uptimeSeconds())))
                                .toList(),
                        answer.guests().stream()
                                .filter(PveCluster.Guest::running)
                                .map(g -> new GuestFigures(
                                        g.vmid().value(),
                                        real(g.cpu()),
                                        whole(g.memoryBytes()),
                                        whole(g.uptimeSeconds())))
                                .toList(),
                        answer.storages().stream()
                                .filter(s -> positive(s.totalBytes()) != null)
                                .map(s -> new StorageFigures(s.node(), s.name(), whole(s.usedBytes())))
                                .toList()));
    }

    private static NodeRow node(PveCluster.Node n) {
        return new NodeRow(
                n.name(),
                "proxmox",
                n.status(),
                positive(n.cpus()),
                positive(n.memoryTotalBytes()),
                positive(n.diskTotalBytes()),
                !n.status().equals("online"));
    }

    private static GuestRow guest(PveCluster.Guest g) {
        boolean unsure = g.status().equals("unknown");
        String name = g.name();
        return new GuestRow(
                g.vmid().value(),
                g.kind().word(),
                unsure && ("VM " + g.vmid()).equals(name) ? null : name,
                g.node(),
                g.status(),
                unsure && !g.template() ? null : g.template(),
                unsure ? positive(g.cpus()) : whole(g.cpus()),
                unsure ? positive(g.memoryTotalBytes()) : whole(g.memoryTotalBytes()),
                unsure ? positive(g.diskTotalBytes()) : whole(g.diskTotalBytes()),
                g.tags().isEmpty() ? null : String.join(";", g.tags()),
                g.pool(),
                g.lock(),
                g.haState(),
                unsure);
    }

    private static StorageRow storage(PveCluster.Storage s) {
        boolean unsure = !s.status().equals("available");
        Long total = positive(s.totalBytes());
        return new StorageRow(
                s.node(),
                s.name(),
                s.type().isEmpty() ? null : s.type(),
                s.content().isEmpty() ? null : String.join(",", s.content()),
                s.shared(),
                s.status(),
                total,
                total == null ? null : whole(s.usedBytes()),
                unsure);
    }

    private static @Nullable Long whole(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    /** Zeros stand where nothing is known. */
    private static @Nullable Long positive(OptionalLong number) {
        return number.isPresent() && number.getAsLong() > 0 ? (Long) number.getAsLong() : null;
    }

    private static @Nullable Double real(OptionalDouble number) {
        return number.isPresent() ? (Double) number.getAsDouble() : null;
    }
}
