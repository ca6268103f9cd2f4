package dev.rackhouse.access;

import dev.rackhouse.base.Retained;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Old audit entries go; the chain stays checkable from the anchor on. */
class AuditRetention implements Retained {

    private final JdbcClient jdbc;
    private final AuditChain chain;
    private final TransactionTemplate transaction;
    private final Runnable afterwards;

    AuditRetention(JdbcClient jdbc, AuditChain chain, PlatformTransactionManager transactions, Runnable afterwards) {
        this.jdbc = jdbc;
        this.chain = chain;
        this.transaction = new TransactionTemplate(transactions);
        this.afterwards = afterwards;
    }

    @Override
    public String key() {
        return "audit";
    }

    @Override
    public String title() {
        return "Audit entries";
    }

    @Override
    public Duration keptByDefault() {
        return Duration.ofDays(730);
    }

    @Override
    public long purge(Instant before) {
        Long dropped = transaction.execute(status -> chain.prune(before));
        afterwards.run();
        return dropped == null ? 0 : dropped;
    }

    @Override
    public @Nullable Instant oldest() {
        return jdbc.sql("select at from audit_entry order by seq limit 1")
                .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .optional()
                .orElse(null);
    }
}
