package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Changes, newest first, a page at a time. */
@Component
class ChangeQueries {

    private final JdbcTemplate jdbc;

    ChangeQueries(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    private record Where(String sql, List<Object> arguments) {}

    List<ChangeView> page(ChangeQuery query, int offset, int limit, Snapshot labs) {
        Where where = where(query, labs);
        var arguments = new ArrayList<>(where.arguments());
        arguments.add(limit);
        arguments.add(offset);
        return jdbc.query(
                "select * from inventory_change" + where.sql() + " order by seen_at desc, id desc limit ? offset ?",
                (rs, n) -> {
                    LabId lab = LabDirectory.lab(rs);
                    return new ChangeView(
                            rs.getLong("id"),
                            lab,
                            labs.name(lab),
                            rs.getString("node"),
                            rs.getString("kind"),
                            rs.getString("subject"),
                            rs.getString("title"),
                            rs.getString("what"),
                            rs.getString("before"),
                            rs.getString("after"),
                            new Seen(
                                    rs.getString("source"),
                                    rs.getTimestamp("seen_at").toInstant()));
                },
                arguments.toArray());
    }

    int count(ChangeQuery query, Snapshot labs) {
        Where where = where(query, labs);
        return Objects.requireNonNullElse(
                jdbc.queryForObject(
                        "select count(*) from inventory_change" + where.sql(),
                        Integer.class,
                        where.arguments().toArray()),
                0);
    }

    private static Where where(ChangeQuery query, Snapshot labs) {
        var sql = new StringBuilder(" where lab = any(?)");
        var arguments = new ArrayList<Object>();
        LabId lab = query.lab();
        arguments.add(
                lab == null
                        ? labs.labs().keySet().stream().map(LabId::value).toArray(UUID[]::new)
                        : new UUID[] {lab.value()});
        String node = query.node();
        if (node != null) {
            sql.append(" and node = ?");
            arguments.add(node);
        }
        String kind = query.kind();
        if (kind != null) {
            sql.append(" and kind = ?");
            arguments.add(kind);
        }
        String subject = query.subject();
        if (subject != null) {
            sql.append(" and subject = ?");
            arguments.add(subject);
        }
        Instant since = query.since();
        if (since != null) {
            sql.append(" and seen_at >= ?");
            arguments.add(Timestamp.from(since));
        }
        if (!query.text().isBlank()) {
            sql.append(" and (title ilike ? or what ilike ? or before ilike ? or after ilike ?)");
            String pattern = Columns.anywhere(query.text().strip());
            arguments.addAll(List.of(pattern, pattern, pattern, pattern));
        }
        return new Where(sql.toString(), arguments);
    }
}
