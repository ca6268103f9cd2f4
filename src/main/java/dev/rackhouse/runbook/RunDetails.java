package dev.rackhouse.runbook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run as stored.
 *
 * @param allowed what a person may ask for now
 * @param refusals why an action that the state allows is not there: {@code RETRY -> the runbook has changed since}
 * @param bindings the values that were born during the run, by name
 * @param version of the runbook when the run was started
 */
public record RunDetails(
        RunSummary summary,
        Outline outline,
        int version,
        List<RunStep> steps,
        Map<String, String> bindings,
        Set<RunAction> allowed,
        Map<RunAction, String> refusals) {

    /**
     * One step as it stands.
     *
     * @param state of the effect, or of its undo when that has begun
     * @param note what it waits for, why it failed, what was found; may be empty
     * @param expectedSeconds median of past runs, else what the outline says; 0: not known
     * @param upid of its task, when it has one
     */
    public record RunStep(
            int number,
            String key,
            String title,
            StepState state,
            String note,
            int attempts,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            long expectedSeconds,
            @Nullable String upid) {}
}
