package dev.rackhouse.runbook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one effect of a step is put back. Runs only when the step sent something.
 *
 * @param title what the operator sees: {@code Delete VM 214}
 * @param onlyIf guard: undone only while this holds, that is, while the thing bears this run's mark; otherwise it is left alone
 *     and the run says so. A refusal that says "not there" counts as not holding; one that says nothing about it stops the undo
 * @param unless nothing to do when this holds already
 * @param confirm the proof that it is back
 * @param limit how long the command may take
 * @param ifLastFails done only when the undo before it in its step has failed for good, which then does not stop the way back; what that
 *     means, {@code it did not wake}; null: done in any case
 */
public record Undo(
        String title,
        Command command,
        @Nullable Check onlyIf,
        @Nullable Check unless,
        @Nullable Proof confirm,
        RetryPolicy retry,
        Duration limit,
        @Nullable String ifLastFails) {

    public static Undo by(String title, Command command) {
        return new Undo(title, command, null, null, null, RetryPolicy.usual(), Step.USUAL_LIMIT, null);
    }

    public Undo onlyIf(Check guard) {
        return new Undo(title, command, guard, unless, confirm, retry, limit, ifLastFails);
    }

    public Undo unless(Check gone) {
        return new Undo(title, command, onlyIf, gone, confirm, retry, limit, ifLastFails);
    }

    public Undo confirm(Check check, Duration within) {
        return new Undo(title, command, onlyIf, unless, Proof.within(within, check), retry, limit, ifLastFails);
    }

    public Undo retry(RetryPolicy policy) {
        return new Undo(title, command, onlyIf, unless, confirm, policy, limit, ifLastFails);
    }

    public Undo limit(Duration most) {
        return new Undo(title, command, onlyIf, unless, confirm, retry, most, ifLastFails);
    }

    /** A copy that takes the place of the one before it, when that has failed. */
    public Undo ifLastFails(String because) {
        return new Undo(title, command, onlyIf, unless, confirm, retry, limit, because);
    }
}
