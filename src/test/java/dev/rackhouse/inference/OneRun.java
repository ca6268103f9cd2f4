package dev.rackhouse.inference;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.Evidence;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunAction;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunLogLine;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All runs: one, and how it has ended. */
public record OneRun(RunId run, RunState state) implements Runs {

    @Override
    public Optional<RunDetails> find(RunId wanted) {
        RunSummary summary =
                new RunSummary(run, "a-runbook", "", "", state, "ada", "", Instant.EPOCH, null, 1, 1, "", 0);
        return wanted.equals(run)
                ? Optional.of(
                        new RunDetails(summary, Outline.titled("A run"), 1, List.of(), Map.of(), Set.of(), Map.of()))
                : Optional.empty();
    }

    @Override
    public <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
        throw new IllegalStateException("nothing is started here");
    }

    @Override
    public List<RunSummary> list(RunFilter filter, int offset, int limit) {
        return List.of();
    }

    @Override
    public int count(RunFilter filter) {
        return 0;
    }

    @Override
    public Asked ask(RunId asked, RunAction action, Operator operator, String reason) {
        return new Asked.Refused("nothing is asked here");
    }

    @Override
    public List<RunLogLine> log(RunId asked, long after, int limit) {
        return List.of();
    }

    @Override
    public List<Evidence> evidence(RunId asked) {
        return List.of();
    }
}
