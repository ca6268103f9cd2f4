package dev.rackhouse.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One act.
 *
 * @param seq position in the chain, from 1, without gaps
 * @param role the person's role at that time; null for someone who was not let in
 */
public record AuditEntry(
        long seq, Instant at, String who, @Nullable Role role, String what, String target, String detail) {}
