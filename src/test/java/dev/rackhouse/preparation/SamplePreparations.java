package dev.rackhouse.preparation;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.NoRuns;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    private final class RememberedRuns implements NoRuns {
        @Override
        public <P> Start start(
                Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
            startedPlans.add(plan);
            return new Start.Started(new RunId(startedPlans.size()));
        }
    }
}
