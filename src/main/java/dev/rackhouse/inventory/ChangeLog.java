package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Retained;
import dev.rackhouse.base.Seen;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The record of differences. Written in the transaction of whoever wrote the facts. */
@Component
class ChangeLog implements Retained {

    /** Longer texts (a whole description, a network file) are cut: the change says that it changed, the thing itself shows how. */
    private static final int MAX_TEXT = 500;

    private final JdbcTemplate jdbc;

    ChangeLog(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param kind {@code node guest device network storage mapping probe}
     * @param subject stable: vmid, address, interface
     * @param title as a person knows it
     * @param what {@code new}, {@code gone}, {@code back}, or the fact that differs
     */
    record Entry(
            @Nullable String node,
            String kind,
            String subject,
            String title,
            String what,
            @Nullable String before,
            @Nullable String after) {}

    void add(LabId lab, List<Entry> entries, Seen seen) {
        if (entries.isEmpty()) {
            return;
        }
        var batch = new ArrayList<Object[]>();
        for (Entry e : entries) {
            batch.add(new @Nullable Object[] {
                lab.value(),
                e.node(),
                e.kind(),
                e.subject(),
                e.title(),
                e.what(),
                bounded(e.before()),
                bounded(e.after()),
                Timestamp.from(seen.at()),
                seen.source()
            });
        }
        jdbc.batchUpdate(
                "insert into inventory_change (lab, node, kind, subject, title, what, before, after, seen_at, source)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                batch);
    }

    private static @Nullable String bounded(@Nullable String text) {
        return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    @Override
    public String key() {
        return "changes";
    }

    @Override
    public String title() {
        return "Changes in the inventory";
    }

    @Override
    public Duration keptByDefault() {
        return Duration.ofDays(90);
    }

    @Override
    public long purge(Instant before) {
        return jdbc.update("delete from inventory_change where seen_at < ?", Timestamp.from(before));
    }

    @Override
    public @Nullable Instant oldest() {
        Timestamp oldest = jdbc.queryForObject("select min(seen_at) from inventory_change", Timestamp.class);
        return oldest == null ? null : oldest.toInstant();
    }
}
