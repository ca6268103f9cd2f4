package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Storages, with the newest figure of what is used. */
@Component
class StorageQueries {

    private static final String SELECT = """
            with figures as (
                select l.lab, u.storage, u.used from inventory_lab l
                cross join lateral (
                    select * from inventory_sample s where s.lab = l.lab order by s.at desc limit 1) s
                cross join lateral unnest(s.storages, s.storage_used) as u(storage, used))
            select t.*, coalesce(case when t.unsure_since is null then f.used end, t.used) as now_used
            from inventory_storage t
            left join figures f on f.lab = t.lab and f.storage = t.node || '/' || t.storage
            where t.gone_at is null
            """;

    private final JdbcTemplate jdbc;

    StorageQueries(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    List<StorageView> list(Snapshot labs) {
        return jdbc.query(SELECT + " order by t.lab, t.node, t.storage", (rs, n) -> storage(rs, labs)).stream()
                .filter(s -> labs.labs().containsKey(s.node().lab()))
                .toList();
    }

    List<StorageView> of(NodeRef node, Snapshot labs) {
        return jdbc.query(
                SELECT + " and t.lab = ? and t.node = ? order by t.storage",
                (rs, n) -> storage(rs, labs),
                node.lab().value(),
                node.node());
    }

    private static StorageView storage(ResultSet rs, Snapshot labs) throws SQLException {
        LabId lab = LabDirectory.lab(rs);
        ByteSize total = Columns.size(rs, "total");
        ByteSize used = Columns.size(rs, "now_used");
        String status = Objects.requireNonNullElse(rs.getString("status"), "unknown");
        @Nullable
        Double share =
                total == null || used == null || total.bytes() == 0 ? null : (double) used.bytes() / total.bytes();
        return new StorageView(
                new NodeRef(lab, rs.getString("node")),
                labs.name(lab),
                rs.getString("storage"),
                rs.getString("type"),
                Columns.words(rs.getString("content"), ","),
                Boolean.TRUE.equals(Columns.flag(rs, "shared")),
                status,
                total,
                used,
                Standings.storage(status, share, false, labs.verdict(lab)),
                labs.seen(lab, rs));
    }
}
