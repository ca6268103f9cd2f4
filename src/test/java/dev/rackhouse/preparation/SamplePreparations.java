package dev.rackhouse.preparation;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.Evidence;
import dev.rackhouse.runbook.RunAction;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunLogLine;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The service over sample hosts, with runs that only remember what was started. For tests of the page. */
public final class SamplePreparations {

    public final List<Object> startedPlans = new ArrayList<>();
    public final Preparation preparation;

    /** @param host the sample that is read, whichever node is asked for */
    public SamplePreparations(String host) {
        preparation = new Preparation(_ -> site(host), new RememberedRuns(), new PrepareHost());
    }

    public static PreparationSite site(String host) {
        return SamplePreparation.site(host);
    }

    private final class RememberedRuns implements Runs {
        @Override
        public <P> Start start(
                Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
            startedPlans.add(plan);
            return new Start.Started(new RunId(startedPlans.size()));
        }

        @Override
        public Optional<RunDetails> find(RunId run) {
            return Optional.empty();
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
        public Asked ask(RunId run, RunAction action, Operator operator, String reason) {
            return new Asked.Refused("not here");
        }

        @Override
        public List<RunLogLine> log(RunId run, long after, int limit) {
            return List.of();
        }

        @Override
        public List<Evidence> evidence(RunId run) {
            return List.of();
        }
    }
}
