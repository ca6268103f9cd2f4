package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import dev.rackhouse.inventory.NetworkView.Nic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Interfaces of one node, with the guests on its bridges. */
@Component
class NetworkQueries {

    private final JdbcTemplate jdbc;
    private final Contacts contacts;

    NetworkQueries(JdbcTemplate jdbc, Contacts contacts) {
        this.jdbc = jdbc;
        this.contacts = contacts;
    }

    List<NetworkView> of(NodeRef node, Snapshot labs) {
        Map<String, List<Nic>> nics = nics(node);
        Instant asked = contacts.contact(node.lab(), Detail.Source.NETWORK.word(), node.node())
                .seenAt();
        Instant probed = contacts.contact(node.lab(), "probe", node.node()).seenAt();
        return jdbc.query(
                "select * from inventory_network where lab = ? and node = ? and gone_at is null order by iface",
                (rs, n) -> network(rs, node, nics, asked, probed),
                node.lab().value(),
                node.node());
    }

    private static NetworkView network(
            ResultSet rs,
            NodeRef node,
            Map<String, List<Nic>> nics,
            @org.jspecify.annotations.Nullable Instant asked,
            @org.jspecify.annotations.Nullable Instant probed)
            throws SQLException {
        String name = rs.getString("iface");
        String source = rs.getString("source");
        Instant at = Words.PROBE.equals(source) ? probed : asked;
        return new NetworkView(
                node,
                name,
                Objects.requireNonNullElse(rs.getString("type"), "unknown"),
                Columns.flag(rs, "active"),
                Columns.words(rs.getString("ports"), " "),
                Boolean.TRUE.equals(Columns.flag(rs, "vlan_aware")),
                rs.getString("vids"),
                rs.getString("cidr"),
                rs.getString("gateway"),
                Columns.whole(rs, "vlan"),
                rs.getString("raw_device"),
                rs.getString("mtu"),
                rs.getString("comments"),
                nics.getOrDefault(name, List.of()),
                new Seen(
                        source,
                        at == null
                                ? Objects.requireNonNullElse(Contacts.instant(rs, "changed_at"), Instant.EPOCH)
                                : at));
    }

    private Map<String, List<Nic>> nics(NodeRef node) {
        var nics = new HashMap<String, List<Nic>>();
        jdbc.query(
                """
                select c.*, g.name, g.status from inventory_guest_nic c
                join inventory_guest g on g.lab = c.lab and g.vmid = c.vmid and g.gone_at is null
                where g.lab = ? and g.node = ? and c.bridge is not null
                order by c.vlan nulls first, c.vmid, c.nic
                """,
                rs -> {
                    LabId lab = LabDirectory.lab(rs);
                    int vmid = rs.getInt("vmid");
                    String name = rs.getString("name");
                    nics.computeIfAbsent(rs.getString("bridge"), b -> new ArrayList<>())
                            .add(new Nic(
                                    new GuestRef(lab, new VmId(vmid)),
                                    name == null ? Integer.toString(vmid) : vmid + " " + name,
                                    "running".equals(rs.getString("status")),
                                    rs.getString("nic"),
                                    Columns.whole(rs, "vlan"),
                                    rs.getString("mac")));
                },
                node.lab().value(),
                node.node());
        return nics;
    }

    Optional<StagedNetwork> staged(NodeRef node) {
        Instant asked = contacts.contact(node.lab(), Detail.Source.NETWORK.word(), node.node())
                .seenAt();
        return jdbc
                .query(
                        "select * from inventory_staged_network where lab = ? and node = ?",
                        (rs, n) -> new StagedNetwork(
                                node,
                                rs.getString("changes"),
                                new Seen(
                                        Words.API,
                                        asked == null
                                                ? rs.getTimestamp("seen_at").toInstant()
                                                : asked)),
                        node.lab().value(),
                        node.node())
                .stream()
                .findFirst();
    }
}
