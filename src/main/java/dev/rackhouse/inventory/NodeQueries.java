package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Nodes with what they carry, in one query. */
@Component
class NodeQueries {

    private static final String SELECT = """
            with figures as (
                select l.lab, s.at, u.node, u.cpu, u.memory, u.disk, u.uptime
                from inventory_lab l
                cross join lateral (
                    select * from inventory_sample s where s.lab = l.lab order by s.at desc limit 1) s
                cross join lateral unnest(s.nodes, s.node_cpu, s.node_memory, s.node_disk, s.node_uptime)
                    as u(node, cpu, memory, disk, uptime)),
            guests as (
                select lab, node, count(*) as guests, count(*) filter (where status = 'running') as running
                from inventory_guest where gone_at is null and template is not true group by lab, node),
            gpus as (
                select lab, node, count(*) as gpus from inventory_pci
                where gone_at is null and (class like '03%' or class like '12%')
                    and left(ids, 5) not in ('1a03:', '102b:', '1013:', '1234:', '1b36:') group by lab, node)
            select n.*, f.at as figures_at, f.cpu as used_cpu, f.memory as used_memory, f.disk as used_disk,
                f.uptime as uptime, coalesce(g.guests, 0) as guests, coalesce(g.running, 0) as running,
                coalesce(p.gpus, 0) as gpus,
                h.lab as host, h.boot_id, h.pve_version, h.kernel, h.cpu_model, h.sockets, h.cores, h.threads,
                h.memory as host_memory, h.board, h.bios, h.firmware, h.secure_boot, h.loader, h.cmdline, h.iommu,
                (coalesce(h.staged_network, false) or sn.lab is not null) as staged_network, h.source as host_source,
                h.changed_at as host_changed_at
            from inventory_node n
            left join figures f on f.lab = n.lab and f.node = n.node
            left join guests g on g.lab = n.lab and g.node = n.node
            left join gpus p on p.lab = n.lab and p.node = n.node
            left join inventory_host h on h.lab = n.lab and h.node = n.node
            left join inventory_staged_network sn on sn.lab = n.lab and sn.node = n.node
            """;

    private final JdbcClient jdbc;
    private final Contacts contacts;

    NodeQueries(JdbcClient jdbc, Contacts contacts) {
        this.jdbc = jdbc;
        this.contacts = contacts;
    }

    List<NodeView> list(Snapshot labs) {
        Map<LabId, Map<String, Contact>> known = new HashMap<>();
        return jdbc
                .sql(SELECT + " where n.gone_at is null order by n.node, n.lab")
                .query((rs, i) -> node(rs, labs, known))
                .list()
                .stream()
                .filter(n -> labs.labs().containsKey(n.ref().lab()))
                .toList();
    }

    Optional<NodeView> find(NodeRef node, Snapshot labs) {
        return jdbc.sql(SELECT + " where n.lab = ? and n.node = ?")
                .params(node.lab().value(), node.node())
                .query((rs, i) -> node(rs, labs, new HashMap<>()))
                .optional();
    }

    private NodeView node(ResultSet rs, Snapshot labs, Map<LabId, Map<String, Contact>> known) throws SQLException {
        LabId lab = LabDirectory.lab(rs);
        String name = rs.getString("node");
        Map<String, Contact> sources = known.computeIfAbsent(lab, this::contacts);
        Contact probe = sources.getOrDefault("probe " + name, Contact.never("probe", name));
        Contact ssh = sources.getOrDefault("ssh " + name, Contact.never("ssh", name));
        String platform = Objects.requireNonNullElse(rs.getString("platform"), "proxmox");
        String status = Objects.requireNonNullElse(rs.getString("status"), "unknown");
        Instant gone = Contacts.instant(rs, "gone_at");
        boolean alone = platform.equals("host");
        Verdict source = labs.verdict(lab);
        if (alone && ssh.failing() && source.level() != Verdict.Level.STALE) {
            source = Verdict.of(
                    Verdict.Level.STALE,
                    "node." + ssh.failureCode(),
                    Objects.requireNonNullElse(ssh.failure(), "It does not answer on SSH."));
        }
        Seen seen = labs.seen(lab, rs);
        if (alone) {
            seen = new Seen(Words.SSH, Objects.requireNonNullElse(ssh.seenAt(), seen.at()));
        }
        Instant probedAt = probe.seenAt();
        return new NodeView(
                new NodeRef(lab, name),
                labs.name(lab),
                platform,
                status,
                Standings.node(
                        alone && status.equals("unreachable") ? "online" : status,
                        Contacts.instant(rs, "unsure_since"),
                        gone != null,
                        source,
                        probe,
                        Columns.flag(rs, "staged_network"),
                        labs.now()),
                seen,
                cpus(rs),
                memory(rs),
                Columns.size(rs, "root_disk"),
                figures(rs),
                host(rs, probedAt, sources.get("status " + name)),
                probedAt == null ? null : new Seen(Words.PROBE, probedAt),
                rs.getInt("guests"),
                rs.getInt("running"),
                rs.getInt("gpus"),
                gone);
    }

    private static @Nullable Integer cpus(ResultSet rs) throws SQLException {
        Integer cpus = Columns.whole(rs, "cpus");
        return cpus == null ? Columns.whole(rs, "threads") : cpus;
    }

    private static @Nullable ByteSize memory(ResultSet rs) throws SQLException {
        ByteSize memory = Columns.size(rs, "memory");
        return memory == null ? Columns.size(rs, "host_memory") : memory;
    }

    private Map<String, Contact> contacts(LabId lab) {
        var sources = new HashMap<String, Contact>();
        contacts.contacts(lab).forEach(c -> sources.put(c.source() + " " + c.subject(), c));
        return sources;
    }

    private static NodeView.@Nullable Figures figures(ResultSet rs) throws SQLException {
        Instant at = Contacts.instant(rs, "figures_at");
        return at == null
                ? null
                : new NodeView.Figures(
                        at,
                        Columns.real(rs, "used_cpu"),
                        Columns.size(rs, "used_memory"),
                        Columns.size(rs, "used_disk"),
                        Columns.seconds(rs, "uptime"));
    }

    private static NodeView.@Nullable Host host(ResultSet rs, @Nullable Instant probedAt, @Nullable Contact status)
            throws SQLException {
        if (rs.getObject("host") == null) {
            return null;
        }
        Instant asked = status == null ? null : status.seenAt();
        Instant at = probedAt != null && (asked == null || probedAt.isAfter(asked)) ? probedAt : asked;
        return new NodeView.Host(
                rs.getString("boot_id"),
                rs.getString("pve_version"),
                rs.getString("kernel"),
                rs.getString("cpu_model"),
                Columns.whole(rs, "sockets"),
                Columns.whole(rs, "cores"),
                Columns.whole(rs, "threads"),
                Columns.size(rs, "host_memory"),
                rs.getString("board"),
                rs.getString("bios"),
                rs.getString("firmware"),
                Columns.flag(rs, "secure_boot"),
                rs.getString("loader"),
                rs.getString("cmdline"),
                Columns.flag(rs, "iommu"),
                Columns.flag(rs, "staged_network"),
                new Seen(
                        at != null && at.equals(probedAt) ? Words.PROBE : Words.API,
                        at == null
                                ? Objects.requireNonNullElse(Contacts.instant(rs, "host_changed_at"), Instant.EPOCH)
                                : at));
    }
}
