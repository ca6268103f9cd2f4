package dev.rackhouse.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of the audit and the rule that ties them together: {@code hash = HMAC-SHA256(key, seq, at, who, role, what, target,
 * detail, hash before)}. The key comes from the master key, so that someone who can write the database only cannot make a new chain
 * either. Both ends (the newest entry, and the last one that was pruned) are kept in a row that is sealed in the same way.
 *
 * <p>What it cannot show: a database put back as a whole to an earlier state. The newest hash is therefore also logged now and then.
 */
class AuditChain {

    private static final byte[] NOTHING = new byte[32];
    private static final int PAGE = 1_000;

    private final JdbcClient jdbc;
    private final SecretKey key;

    AuditChain(JdbcClient jdbc, MasterKey master) {
        this.jdbc = jdbc;
        this.key = master.derive("audit");
    }

    /** Both ends. */
    record Ends(
            long headSeq,
            byte[] headHash,
            long anchorSeq,
            byte[] anchorHash,
            @Nullable Instant anchorAt,
            byte[] seal) {}

    private record Link(AuditEntry entry, byte[] previousHash, byte[] hash) {}

    /** Adds an entry; its own seq is ignored. Runs in the caller's transaction and holds the head until that ends. */
    void append(AuditEntry entry) {
        ensureBegun();
        Ends ends = ends("for update").orElseThrow();
        var numbered = new AuditEntry(
                ends.headSeq + 1, entry.at(), entry.who(), entry.role(), entry.what(), entry.target(), entry.detail());
        byte[] hash = hash(numbered, ends.headHash);
        jdbc.sql("""
                insert into audit_entry (seq, at, who, role, what, target, detail, previous_hash, hash)
                values (:seq, :at, :who, :role, :what, :target, :detail, :previous, :hash)""")
                .param("seq", numbered.seq())
                .param("at", numbered.at().atOffset(ZoneOffset.UTC))
                .param("who", numbered.who())
                .param("role", numbered.role() == null ? null : numbered.role().name(), java.sql.Types.VARCHAR)
                .param("what", numbered.what())
                .param("target", numbered.target())
                .param("detail", numbered.detail())
                .param("previous", ends.headHash)
                .param("hash", hash)
                .update();
        store(numbered.seq(), hash, ends.anchorSeq, ends.anchorHash, ends.anchorAt);
    }

    /** Drops the entries before the first one that is not older, and remembers the last one dropped as the anchor. */
    long prune(Instant before) {
        Optional<Ends> found = ends("for update");
        if (found.isEmpty()) {
            return 0;
        }
        Ends ends = found.get();
        OffsetDateTime limit = before.atOffset(ZoneOffset.UTC);
        Optional<Link> last = jdbc.sql("""
                select * from audit_entry
                where seq < coalesce((select min(seq) from audit_entry where at >= :limit), :end)
                order by seq desc limit 1""")
                .param("limit", limit)
                .param("end", ends.headSeq + 1)
                .query((row, n) -> link(row))
                .optional();
        if (last.isEmpty()) {
            return 0;
        }
        AuditEntry anchor = last.get().entry;
        long dropped = jdbc.sql("delete from audit_entry where seq <= :seq")
                .param("seq", anchor.seq())
                .update();
        store(ends.headSeq, ends.headHash, anchor.seq(), last.get().hash, anchor.at());
        return dropped;
    }

    /** Walks the whole chain; memory stays small. Run it in one repeatable-read transaction. */
    AuditVerdict verify() {
        Optional<Ends> found = ends("");
        if (found.isEmpty()) {
            long stray = jdbc.sql("select count(*) from audit_entry")
                    .query(Long.class)
                    .single();
            return stray == 0
                    ? new AuditVerdict.Intact(0, null)
                    : new AuditVerdict.Broken(1, "the record of its ends is gone.");
        }
        Ends ends = found.get();
        if (!MessageDigest.isEqual(
                ends.seal, seal(ends.headSeq, ends.headHash, ends.anchorSeq, ends.anchorHash, ends.anchorAt))) {
            return new AuditVerdict.Broken(ends.headSeq, "the record of its ends was changed outside the console.");
        }
        long seq = ends.anchorSeq;
        byte[] before = ends.anchorHash;
        while (true) {
            List<Link> page = jdbc.sql("select * from audit_entry where seq > :seq order by seq limit " + PAGE)
                    .param("seq", seq == ends.anchorSeq ? Long.MIN_VALUE : seq)
                    .query((row, n) -> link(row))
                    .list();
            for (Link link : page) {
                long next = seq + 1;
                if (link.entry.seq() != next) {
                    return new AuditVerdict.Broken(
                            next,
                            link.entry.seq() > next
                                    ? "entries " + next + " to " + (link.entry.seq() - 1) + " are missing."
                                    : "there is an entry that had been pruned.");
                }
                if (!MessageDigest.isEqual(link.previousHash, before)
                        || !MessageDigest.isEqual(link.hash, hash(link.entry, before))) {
                    return new AuditVerdict.Broken(next, "its text or time was changed after it was written.");
                }
                seq = next;
                before = link.hash;
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        if (seq != ends.headSeq || !MessageDigest.isEqual(before, ends.headHash)) {
            return new AuditVerdict.Broken(
                    seq + 1,
                    seq < ends.headSeq
                            ? "the newest entries, up to " + ends.headSeq + ", are missing."
                            : "entries were added outside the console.");
        }
        return new AuditVerdict.Intact(seq - ends.anchorSeq, ends.anchorAt);
    }

    /** The newest entry's number and hash in words, for the log; nothing before the first entry. */
    Optional<String> head() {
        return ends("").map(
                        ends -> ends.headSeq + " " + java.util.HexFormat.of().formatHex(ends.headHash));
    }

    private void ensureBegun() {
        jdbc.sql("""
                insert into audit_chain (head_seq, head_hash, anchor_seq, anchor_hash, anchor_at, seal)
                values (0, :nothing, 0, :nothing, null, :seal) on conflict do nothing""")
                .param("nothing", NOTHING)
                .param("seal", seal(0, NOTHING, 0, NOTHING, null))
                .update();
    }

    private void store(long headSeq, byte[] headHash, long anchorSeq, byte[] anchorHash, @Nullable Instant anchorAt) {
        jdbc.sql("""
                update audit_chain set head_seq = :headSeq, head_hash = :headHash, anchor_seq = :anchorSeq,
                    anchor_hash = :anchorHash, anchor_at = :anchorAt, seal = :seal""")
                .param("headSeq", headSeq)
                .param("headHash", headHash)
                .param("anchorSeq", anchorSeq)
                .param("anchorHash", anchorHash)
                .param(
                        "anchorAt",
                        anchorAt == null ? null : anchorAt.atOffset(ZoneOffset.UTC),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("seal", seal(headSeq, headHash, anchorSeq, anchorHash, anchorAt))
                .update();
    }

    private Optional<Ends> ends(String lock) {
        return jdbc.sql("select head_seq, head_hash, anchor_seq, anchor_hash, anchor_at, seal from audit_chain " + lock)
                .query((row, n) -> {
                    OffsetDateTime anchorAt = row.getObject("anchor_at", OffsetDateTime.class);
                    return new Ends(
                            row.getLong("head_seq"),
                            row.getBytes("head_hash"),
                            row.getLong("anchor_seq"),
                            row.getBytes("anchor_hash"),
                            anchorAt == null ? null : anchorAt.toInstant(),
                            row.getBytes("seal"));
                })
                .optional();
    }

    static AuditEntry entry(java.sql.ResultSet row) throws java.sql.SQLException {
        String role = row.getString("role");
        return new AuditEntry(
                row.getLong("seq"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("who"),
                role == null ? null : Role.valueOf(role),
                row.getString("what"),
                row.getString("target"),
                row.getString("detail"));
    }

    private static Link link(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Link(entry(row), row.getBytes("previous_hash"), row.getBytes("hash"));
    }

    private byte[] hash(AuditEntry entry, byte[] before) {
        Role role = entry.role();
        return mac(
                number(entry.seq()),
                number(micros(entry.at())),
                bytes(entry.who()),
                bytes(role == null ? "" : role.name()),
                bytes(entry.what()),
                bytes(entry.target()),
                bytes(entry.detail()),
                before);
    }

    private byte[] seal(long headSeq, byte[] headHash, long anchorSeq, byte[] anchorHash, @Nullable Instant anchorAt) {
        return mac(
                bytes("ends"),
                number(headSeq),
                headHash,
                number(anchorSeq),
                anchorHash,
                number(anchorAt == null ? Long.MIN_VALUE : micros(anchorAt)));
    }

    /** Each part with its length in front, so that no text can pass for two. */
    private byte[] mac(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(ByteBuffer.allocate(4).putInt(part.length).array());
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
