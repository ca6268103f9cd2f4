package dev.rackhouse.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the audit is as it was written. */
public sealed interface AuditVerdict {

    /** A sentence for a person. */
    String sentence();

    /**
     * Every entry since the anchor is there and unchanged.
     *
     * @param entries how many were checked
     * @param prunedUntil the time of the last entry that the retention dropped; null when none was
     */
    record Intact(long entries, @Nullable Instant prunedUntil) implements AuditVerdict {
        @Override
        public String sentence() {
            return entries + (entries == 1 ? " entry" : " entries") + " checked: the chain is intact.";
        }
    }

    /**
     * Somebody changed, added or removed entries outside the console.
     *
     * @param seq where the chain breaks first
     */
    record Broken(long seq, String how) implements AuditVerdict {
        @Override
        public String sentence() {
            return "The chain breaks at entry " + seq + ": " + how;
        }
    }
}
