package dev.rackhouse.runbook;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** There are no runs, and none begins; tests say otherwise where they need one. */
public interface NoRuns extends Runs {

    @Override
    default <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
        throw new IllegalStateException("nothing is started here");
    }

    @Override
    default Optional<RunDetails> find(RunId run) {
        return Optional.empty();
    }

    @Override
    default List<RunSummary> list(RunFilter filter, int offset, int limit) {
        return List.of();
    }

    @Override
    default int count(RunFilter filter) {
        return 0;
    }

    @Override
    default Asked ask(RunId run, RunAction action, Operator operator, String reason) {
        return new Asked.Refused("not here");
    }

    @Override
    default List<RunLogLine> log(RunId run, long after, int limit) {
        return List.of();
    }

    @Override
    default List<Evidence> evidence(RunId run) {
        return List.of();
    }
}
