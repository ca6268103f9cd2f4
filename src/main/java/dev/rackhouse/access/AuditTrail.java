package dev.rackhouse.access;

import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reading the audit. For admins. */
@RolesAllowed(Role.ADMINS)
public class AuditTrail {

    /**
     * Which entries.
     *
     * @param text in who, what, target or detail, whatever the case; empty for all
     * @param from first instant, or null
     * @param until instant after the last, or null
     */
    public record Filter(
            String text, @Nullable Instant from, @Nullable Instant until) {
        public static Filter all() {
            return new Filter("", null, null);
        }
    }

    private static final String WHERE = """
            \swhere (:text = '' or position(lower(:text) in lower(who || ' ' || what || ' ' || target || ' ' || detail)) > 0)
              and (cast(:from as timestamptz) is null or at >= cast(:from as timestamptz))
              and (cast(:until as timestamptz) is null or at < cast(:until as timestamptz))""";

    private final JdbcClient jdbc;
    private final AuditChain chain;

    AuditTrail(JdbcClient jdbc, AuditChain chain) {
        this.jdbc = jdbc;
        this.chain = chain;
    }

    /** The newest first. */
    @Transactional(readOnly = true)
    public List<AuditEntry> find(Filter filter, int offset, int limit) {
        return bound("select * from audit_entry" + WHERE + " order by seq desc offset :offset limit :limit", filter)
                .param("offset", offset)
                .param("limit", limit)
                .query((row, n) -> AuditChain.entry(row))
                .list();
    }

    @Transactional(readOnly = true)
    public int count(Filter filter) {
        return bound("select count(*) from audit_entry" + WHERE, filter)
                .query(Integer.class)
                .single();
    }

    /** Checks the whole chain: seconds for a million entries. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public AuditVerdict verify() {
        return chain.verify();
    }

    private JdbcClient.StatementSpec bound(String sql, Filter filter) {
        return jdbc.sql(sql)
                .param("text", filter.text().strip())
                .param("from", time(filter.from()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("until", time(filter.until()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static java.time.@Nullable OffsetDateTime time(@Nullable Instant at) {
        return Optional.ofNullable(at).map(i -> i.atOffset(ZoneOffset.UTC)).orElse(null);
    }
}
