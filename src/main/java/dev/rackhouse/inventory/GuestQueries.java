package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Guests, a page at a time: filtered, sorted and cut by the database. */
@Component
class GuestQueries {

    private static final String FIGURES = """
            with figures as (
                select l.lab, u.vmid, u.cpu, u.memory, u.uptime
                from inventory_lab l
                cross join lateral (
                    select * from inventory_sample s where s.lab = l.lab order by s.at desc limit 1) s
                cross join lateral unnest(s.vmids, s.guest_cpu, s.guest_memory, s.guest_uptime)
                    as u(vmid, cpu, memory, uptime))
            """;
    private static final String COLUMNS = """
            select g.*, f.cpu as used_cpu, f.memory as used_memory, f.uptime, (c.hostpci is not null) as passes
            from inventory_guest g
            left join figures f on f.lab = g.lab and f.vmid = g.vmid and g.status = 'running'
            left join inventory_guest_config c on c.lab = g.lab and c.vmid = g.vmid
            """;

    private final JdbcTemplate jdbc;

    GuestQueries(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    private record Where(String sql, List<Object> arguments) {}

    List<GuestView> page(GuestQuery query, int offset, int limit, Snapshot labs) {
        Where where = where(query, labs);
        var arguments = new ArrayList<>(where.arguments());
        arguments.add(limit);
        arguments.add(offset);
        return jdbc.query(
                FIGURES + COLUMNS + where.sql() + " order by " + order(query) + " limit ? offset ?",
                (rs, n) -> guest(rs, labs),
                arguments.toArray());
    }

    int count(GuestQuery query, Snapshot labs) {
        Where where = where(query, labs);
        Integer count = jdbc.queryForObject(
                "select count(*) from inventory_guest g" + where.sql(),
                Integer.class,
                where.arguments().toArray());
        return Objects.requireNonNullElse(count, 0);
    }

    Optional<GuestView> find(GuestRef guest, Snapshot labs) {
        return jdbc
                .query(
                        FIGURES + COLUMNS + " where g.lab = ? and g.vmid = ?",
                        (rs, n) -> guest(rs, labs),
                        guest.lab().value(),
                        guest.vmid().value())
                .stream()
                .findFirst();
    }

    private static Where where(GuestQuery query, Snapshot labs) {
        var sql = new StringBuilder(" where g.gone_at is null and g.lab = any(?)");
        var arguments = new ArrayList<Object>();
        arguments.add(labs.labs().keySet().stream().map(LabId::value).toArray(java.util.UUID[]::new));
        LabId lab = query.lab();
        if (lab != null) {
            sql.append(" and g.lab = ?");
            arguments.add(lab.value());
        }
        String node = query.node();
        if (node != null) {
            sql.append(" and g.node = ?");
            arguments.add(node);
        }
        String kind = query.kind();
        if (kind != null) {
            sql.append(" and g.kind = ?");
            arguments.add(kind);
        }
        GuestQuery.Power power = query.power();
        if (power != null) {
            sql.append(
                    switch (power) {
                        case RUNNING -> " and g.status = 'running'";
                        case STOPPED -> " and g.status = 'stopped'";
                        case OTHER -> " and g.status not in ('running', 'stopped')";
                    });
        }
        if (!query.templates()) {
            sql.append(" and g.template is not true");
        }
        for (String word : query.text().strip().split("\\s+")) {
            if (!word.isEmpty()) {
                sql.append(
                        " and (g.name ilike ? or g.vmid::text like ? or g.tags ilike ? or g.node ilike ? or g.pool ilike ?)");
                String pattern = Columns.anywhere(word);
                arguments.addAll(List.of(pattern, pattern.substring(1), pattern, pattern, pattern));
            }
        }
        return new Where(sql.toString(), arguments);
    }

    private static String order(GuestQuery query) {
        String column = switch (query.order()) {
            case VMID -> "g.vmid";
            case NAME -> "lower(g.name)";
            case NODE -> "g.node";
            case STATUS -> "g.status";
            case CPUS -> "g.cpus";
            case MEMORY -> "g.memory";
            case DISK -> "g.disk";
            case CPU -> "f.cpu";
            case MEMORY_USED -> "f.memory";
            case UPTIME -> "f.uptime";
        };
        return column + (query.descending() ? " desc nulls last" : " nulls last") + ", g.vmid, g.lab";
    }

    private static GuestView guest(ResultSet rs, Snapshot labs) throws SQLException {
        LabId lab = LabDirectory.lab(rs);
        String status = Objects.requireNonNullElse(rs.getString("status"), "unknown");
        Instant gone = Contacts.instant(rs, "gone_at");
        Seen seen = labs.seen(lab, rs);
        return new GuestView(
                new GuestRef(lab, new VmId(rs.getInt("vmid"))),
                labs.name(lab),
                rs.getString("kind"),
                rs.getString("name"),
                node(lab, rs.getString("node")),
                status,
                Standings.guest(status, gone != null, labs.verdict(lab)),
                seen,
                Boolean.TRUE.equals(Columns.flag(rs, "template")),
                Columns.whole(rs, "cpus"),
                Columns.size(rs, "memory"),
                Columns.size(rs, "disk"),
                Columns.words(rs.getString("tags"), ";"),
                rs.getString("pool"),
                rs.getString("locked"),
                rs.getString("ha"),
                rs.getBoolean("passes"),
                Columns.real(rs, "used_cpu"),
                Columns.size(rs, "used_memory"),
                Columns.seconds(rs, "uptime"),
                gone);
    }

    private static @Nullable NodeRef node(LabId lab, @Nullable String name) {
        return name == null || !NodeNames.valid(name) ? null : new NodeRef(lab, name);
    }
}
