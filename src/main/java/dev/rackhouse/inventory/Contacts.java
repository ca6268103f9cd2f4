package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who collects which lab, and how each source of facts stands. Many replicas of the console may ask at once. */
@Component
class Contacts {

    private final JdbcClient jdbc;

    Contacts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the lease of a lab, or renews it. Exactly one replica gets it.
     *
     * @return the epoch, different after each change of holder; empty: somebody else holds it
     */
    Optional<Long> lease(LabId lab, String holder, Instant now, Duration length) {
        return jdbc.sql("""
                        insert into inventory_lab as l (lab, holder, lease_until, epoch) values (:lab, :holder, :until, 1)
                        on conflict (lab) do update set holder = excluded.holder, lease_until = excluded.lease_until,
                            epoch = case when l.holder = excluded.holder then l.epoch else l.epoch + 1 end
                        where l.holder is null or l.holder = excluded.holder or l.lease_until < :now
                        returning epoch
                        """)
                .param("lab", lab.value())
                .param("holder", holder)
                .param("until", Timestamp.from(now.plus(length)))
                .param("now", Timestamp.from(now))
                .query(Long.class)
                .optional();
    }

    /** Gives a lease back, so that another replica goes on at once. */
    void release(LabId lab, String holder) {
        jdbc.sql("update inventory_lab set holder = null, lease_until = null where lab = ? and holder = ?")
                .params(lab.value(), holder)
                .update();
    }

    /**
     * Notes a complete answer of the lab, and renews the lease, in one row.
     *
     * @return false when somebody else took the lab meanwhile
     */
    boolean answered(LabId lab, String holder, Instant at, Instant leaseUntil, boolean changed) {
        return jdbc.sql("""
                        update inventory_lab set attempted_at = :at, seen_at = :at, failing_since = null, failure_code = null,
                            failure = null,
                            revision = revision + case when failing_since is null then :step else 1 end,
                            lease_until = :until
                        where lab = :lab and holder = :holder
                        """)
                        .param("at", Timestamp.from(at))
                        .param("until", Timestamp.from(leaseUntil))
                        .param("holder", holder)
                        .param("step", changed ? 1 : 0)
                        .param("lab", lab.value())
                        .update()
                == 1;
    }

    void failed(LabId lab, Instant at, String code, String sentence) {
        jdbc.sql("""
                        update inventory_lab set attempted_at = :at, failing_since = coalesce(failing_since, :at),
                            revision = revision + case when failing_since is null or failure_code is distinct from :code
                                then 1 else 0 end,
                            failure_code = :code, failure = :failure
                        where lab = :lab
                        """)
                .param("at", Timestamp.from(at))
                .param("code", code)
                .param("failure", sentence)
                .param("lab", lab.value())
                .update();
    }

    /** @return whether it is another version than before */
    boolean version(LabId lab, String version) {
        return jdbc.sql(
                                "update inventory_lab set version = :version where lab = :lab and version is distinct from :version")
                        .param("version", version)
                        .param("lab", lab.value())
                        .update()
                == 1;
    }

    /**
     * @param cluster its name; null for a single node
     * @return whether something differs from before
     */
    boolean cluster(LabId lab, @Nullable String cluster, boolean quorate) {
        return jdbc.sql("""
                        update inventory_lab set cluster = :cluster, quorate = :quorate
                        where lab = :lab and (cluster is distinct from :cluster or quorate is distinct from :quorate)
                        """)
                        .param("cluster", cluster, java.sql.Types.VARCHAR)
                        .param("quorate", quorate)
                        .param("lab", lab.value())
                        .update()
                == 1;
    }

    /** Facts other than the cluster's list changed. */
    void revised(LabId lab) {
        jdbc.sql("update inventory_lab set revision = revision + 1 where lab = ?")
                .param(lab.value())
                .update();
    }

    void wanted(LabId lab, Instant at) {
        jdbc.sql("update inventory_lab set wanted_at = ? where lab = ?")
                .params(Timestamp.from(at), lab.value())
                .update();
    }

    /** Notes that somebody looks; at most one write in ten seconds, however many look. */
    void watched(LabId lab, Instant at) {
        jdbc.sql("update inventory_lab set watched_at = :at where lab = :lab"
                        + " and (watched_at is null or watched_at < :before)")
                .param("at", Timestamp.from(at))
                .param("before", Timestamp.from(at.minusSeconds(10)))
                .param("lab", lab.value())
                .update();
    }

    List<LabState> labs() {
        return jdbc.sql("select * from inventory_lab").query(Contacts::state).list();
    }

    Optional<LabState> lab(LabId lab) {
        return jdbc.sql("select * from inventory_lab where lab = ?")
                .param(lab.value())
                .query(Contacts::state)
                .optional();
    }

    void seen(LabId lab, String source, String subject, Instant at) {
        jdbc.sql("""
                        insert into inventory_contact (lab, source, subject, attempted_at, seen_at)
                        values (:lab, :source, :subject, :at, :at)
                        on conflict (lab, source, subject) do update set attempted_at = :at, seen_at = :at,
                            failing_since = null, failure_code = null, failure = null
                        """)
                .param("lab", lab.value())
                .param("source", source)
                .param("subject", subject)
                .param("at", Timestamp.from(at))
                .update();
    }

    void failed(LabId lab, String source, String subject, Instant at, String code, String sentence) {
        jdbc.sql("""
                        insert into inventory_contact as c
                            (lab, source, subject, attempted_at, failing_since, failure_code, failure)
                        values (:lab, :source, :subject, :at, :at, :code, :failure)
                        on conflict (lab, source, subject) do update set attempted_at = :at,
                            failing_since = coalesce(c.failing_since, :at), failure_code = :code, failure = :failure
                        """)
                .param("lab", lab.value())
                .param("source", source)
                .param("subject", subject)
                .param("at", Timestamp.from(at))
                .param("code", code)
                .param("failure", sentence)
                .update();
    }

    /** A source whose age stands with the facts themselves has only failures to note here. */
    void clear(LabId lab, String source, String subject) {
        jdbc.sql("delete from inventory_contact where lab = ? and source = ? and subject = ?")
                .params(lab.value(), source, subject)
                .update();
    }

    List<Contact> contacts(LabId lab) {
        return jdbc.sql("select * from inventory_contact where lab = ?")
                .param(lab.value())
                .query((rs, n) -> contact(rs))
                .list();
    }

    Contact contact(LabId lab, String source, String subject) {
        return jdbc.sql("select * from inventory_contact where lab = ? and source = ? and subject = ?")
                .params(lab.value(), source, subject)
                .query((rs, n) -> contact(rs))
                .optional()
                .orElse(Contact.never(source, subject));
    }

    /** The way to a lab was changed: what failed before is tried at once. */
    void retryProbes(LabId lab) {
        jdbc.sql("delete from inventory_contact where lab = ? and failing_since is not null and seen_at is null")
                .param(lab.value())
                .update();
        jdbc.sql("update inventory_contact set attempted_at = 'epoch' where lab = ? and failing_since is not null")
                .param(lab.value())
                .update();
    }

    /** Forgets what a lab that was removed looked like; its changes stay as history. */
    void forget(LabId lab) {
        for (String table : List.of(
                "lab",
                "contact",
                "node",
                "host",
                "guest",
                "guest_config",
                "guest_nic",
                "pci",
                "network",
                "staged_network",
                "storage",
                "mapping",
                "probe",
                "sample")) {
            jdbc.sql("delete from inventory_" + table + " where lab = ?")
                    .param(lab.value())
                    .update();
        }
    }

    private static Contact contact(ResultSet rs) throws SQLException {
        return new Contact(
                rs.getString("source"),
                rs.getString("subject"),
                instant(rs, "attempted_at"),
                instant(rs, "seen_at"),
                instant(rs, "failing_since"),
                rs.getString("failure_code"),
                rs.getString("failure"));
    }

    private static LabState state(ResultSet rs, int n) throws SQLException {
        boolean quorate = rs.getBoolean("quorate");
        return new LabState(
                new LabId(rs.getObject("lab", UUID.class)),
                rs.getString("holder"),
                rs.getLong("epoch"),
                rs.getLong("revision"),
                instant(rs, "attempted_at"),
                instant(rs, "seen_at"),
                instant(rs, "failing_since"),
                rs.getString("failure_code"),
                rs.getString("failure"),
                rs.getString("version"),
                rs.getString("cluster"),
                rs.getObject("quorate") == null ? null : quorate,
                instant(rs, "wanted_at"),
                instant(rs, "watched_at"));
    }

    static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
