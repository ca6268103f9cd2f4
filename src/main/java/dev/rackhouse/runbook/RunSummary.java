package dev.rackhouse.runbook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the list of runs.
 *
 * @param message what it waits for, or why it stopped; may be empty
 * @param expectedSeconds from past runs and the outline; 0: not known
 */
public record RunSummary(
        RunId id,
        String runbook,
        String title,
        String target,
        RunState state,
        String operator,
        String reason,
        Instant createdAt,
        @Nullable Instant finishedAt,
        int stepsDone,
        int steps,
        String message,
        long expectedSeconds) {}
