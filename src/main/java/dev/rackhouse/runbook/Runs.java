package dev.rackhouse.runbook;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All runs: starting one, finding them, and what a person may ask of one. Safe for many threads; each call is one transaction and
 * returns before anything is sent to a machine.
 */
public interface Runs {

    /**
     * Stores the run with its steps, locks and audit entry, and hands it to the executor.
     *
     * @param reason why, in the operator's words; may be empty
     * @throws IllegalArgumentException when the outline cannot be executed safely: see {@link OutlineRules}
     */
    default <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason) {
        return start(runbook, plan, operator, reason, runbook.secrets(plan));
    }

    /** @param secrets values of {@code {secret.NAME}} placeholders, kept encrypted until the run has ended */
    <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets);

    Optional<RunDetails> find(RunId run);

    /** @throws java.util.NoSuchElementException when there is none */
    default RunDetails get(RunId run) {
        return find(run).orElseThrow(() -> new java.util.NoSuchElementException("There is no run " + run));
    }

    /** Newest first. */
    List<RunSummary> list(RunFilter filter, int offset, int limit);

    int count(RunFilter filter);

    /**
     * Asks something of a run: see {@link RunAction}.
     *
     * @return what became of it; {@link Asked.Refused} when the run's state does not allow it (any more)
     */
    Asked ask(RunId run, RunAction action, Operator operator, String reason);

    /** Lines of the live log after a number, oldest first. */
    List<RunLogLine> log(RunId run, long after, int limit);

    /** Every command with its answer, oldest first. */
    List<Evidence> evidence(RunId run);

    /** What came of asking. */
    sealed interface Asked {
        record Accepted() implements Asked {}

        /** @param reason a sentence for the operator */
        record Refused(String reason) implements Asked {}
    }
}
