package dev.rackhouse.access;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the chain. The head of the chain is one row, locked while an entry is added: that is left to the very end of the caller's
 * transaction, so that acts do not wait for each other longer than it takes to commit.
 */
public class JdbcAudit implements Audit {

    private final AuditChain chain;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JdbcAudit(AuditChain chain, PlatformTransactionManager transactions, Clock clock) {
        this.chain = chain;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public void record(Operator who, String what, String target, String detail) {
        record(who.name(), who.role(), what, target, detail);
    }

    /** As above, for someone who has no role: a refused sign-in. */
    public void record(String who, @Nullable Role role, String what, String target, String detail) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var entry = new AuditEntry(
                0,
                at,
                text(who, 500, "unknown"),
                role,
                text(what, 500, "unknown"),
                text(target, 500, ""),
                text(detail, 8_000, ""));
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    chain.append(entry);
                }
            });
        } else {
            transaction.executeWithoutResult(status -> chain.append(entry));
        }
    }

    /** PostgreSQL's text has neither NUL nor halves of surrogate pairs, and names come from outside. */
    private static String text(String given, int limit, String whenBlank) {
        if (given.isBlank()) {
            return whenBlank;
        }
        String cut = given.length() <= limit ? given : given.substring(0, limit - 1) + "…";
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '?');
    }
}
