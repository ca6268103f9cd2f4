package dev.rackhouse.runbook;

import java.time.Instant;

/** What became of a step when the executor last worked on it. */
public sealed interface StepOutcome {

    /** @param note what is worth reading: {@code 2 warnings}; may be empty */
    record Done(String note) implements StepOutcome {}

    /** Nothing was sent: it was so already. */
    record AlreadyDone(String because) implements StepOutcome {}

    /** @param until when it is looked at again */
    record Waiting(Instant until, String what) implements StepOutcome {}

    record NeedsApproval(String question) implements StepOutcome {}

    /** @param permanent trying again by itself makes no sense */
    record Failed(String reason, boolean permanent) implements StepOutcome {}

    /** @param note what was left alone and why; may be empty */
    record Undone(String note) implements StepOutcome {}
}
