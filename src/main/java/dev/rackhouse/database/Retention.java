package dev.rackhouse.database;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Retained;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** How long the records of each kind are kept, and the daily purge. */
public class Retention {

    /**
     * One kind of record.
     *
     * @param keptDays as it stands now
     * @param defaultDays what it was before anybody changed it
     * @param oldest when the oldest record that is there was written; null when there is none
     * @param purgedAt when the last purge ran; null when none did
     * @param purged how many records went then
     */
    public record Kind(
            String key,
            String title,
            int keptDays,
            int defaultDays,
            @Nullable Instant oldest,
            @Nullable Instant purgedAt,
            long purged) {}

    private record Stored(
            String key,
            @Nullable Integer keptDays,
            @Nullable Instant purgedAt,
            long purged) {}

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    static final int LONGEST_DAYS = 36_500;

    private final List<Retained> kinds;
    private final JdbcClient jdbc;
    private final Audit audit;
    private final CurrentOperator operator;
    private final Clock clock;

    Retention(List<Retained> kinds, JdbcClient jdbc, Audit audit, CurrentOperator operator, Clock clock) {
        this.kinds =
                kinds.stream().sorted(Comparator.comparing(Retained::title)).toList();
        this.jdbc = jdbc;
        this.audit = audit;
        this.operator = operator;
        this.clock = clock;
    }

    /** All kinds, by title. */
    @RolesAllowed(Role.VIEWERS)
    public List<Kind> list() {
        Map<String, Stored> stored = stored();
        return kinds.stream()
                .map(kind -> {
                    Optional<Stored> row = Optional.ofNullable(stored.get(kind.key()));
                    return new Kind(
                            kind.key(),
                            kind.title(),
                            days(kind, row),
                            Math.toIntExact(kind.keptByDefault().toDays()),
                            kind.oldest(),
                            row.map(Stored::purgedAt).orElse(null),
                            row.map(Stored::purged).orElse(0L));
                })
                .toList();
    }

    /**
     * Sets how long records of a kind are kept; older ones go at the next purge.
     *
     * @param days 1 to 36,500
     * @throws IllegalArgumentException when there is no such kind, or days is out of range
     */
    @RolesAllowed(Role.ADMINS)
    @Transactional
    public void keep(String key, int days) {
        Retained kind = kinds.stream()
                .filter(k -> k.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Nothing is kept under the name " + key + "."));
        if (days < 1 || days > LONGEST_DAYS) {
            throw new IllegalArgumentException("Records are kept for 1 to 36,500 days.");
        }
        int before = days(kind, Optional.ofNullable(stored().get(key)));
        jdbc.sql("""
                insert into retention (key, kept_days) values (:key, :days)
                on conflict (key) do update set kept_days = excluded.kept_days""").param("key", key).param("days", days).update();
        audit.record(
                operator.require(Role.ADMIN),
                "retention changed",
                kind.title(),
                "kept for %d days, before %d".formatted(days, before));
    }

    /** Drops what is too old, each kind for itself: one that fails does not keep the others. */
    void purge() {
        Instant now = clock.instant();
        Map<String, Stored> stored = stored();
        for (Retained kind : kinds) {
            int days = days(kind, Optional.ofNullable(stored.get(kind.key())));
            try {
                long purged = kind.purge(now.minus(Duration.ofDays(days)));
                jdbc.sql("""
                        insert into retention (key, purged_at, purged) values (:key, :at, :purged)
                        on conflict (key) do update set purged_at = excluded.purged_at, purged = excluded.purged""")
                        .param("key", kind.key())
                        .param("at", now.atOffset(ZoneOffset.UTC))
                        .param("purged", purged)
                        .update();
                if (purged > 0) {
                    audit.record(
                            Operator.console(),
                            "old records dropped",
                            kind.title(),
                            "%d older than %d days".formatted(purged, days));
                }
            } catch (RuntimeException e) {
                LOG.error("Could not drop old records of {}; tried again tomorrow", kind.key(), e);
            }
        }
    }

    private static int days(Retained kind, Optional<Stored> stored) {
        Integer set = stored.map(Stored::keptDays).orElse(null);
        return set != null ? set : Math.toIntExact(kind.keptByDefault().toDays());
    }

    private Map<String, Stored> stored() {
        return jdbc
                .sql("select key, kept_days, purged_at, purged from retention")
                .query((row, n) -> {
                    OffsetDateTime at = row.getObject("purged_at", OffsetDateTime.class);
                    return new Stored(
                            row.getString("key"),
                            row.getObject("kept_days", Integer.class),
                            at == null ? null : at.toInstant(),
                            row.getLong("purged"));
                })
                .list()
                .stream()
                .collect(Collectors.toMap(Stored::key, s -> s));
    }
}
