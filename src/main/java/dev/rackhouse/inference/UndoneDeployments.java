package dev.rackhouse.inference;

import dev.rackhouse.access.Operator;
import dev.rackhouse.inference.deploy.DeployModel;
import dev.rackhouse.inference.deploy.UpdateModel;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Runs;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What was registered for a run that was undone is taken back: the registry says again what it said before that run. A deployment that
 * somebody changed since, or has put into use elsewhere, is left alone. Ends that no console heard are taken into account at the next
 * start.
 */
@Component
class UndoneDeployments {

    private static final Logger LOG = LoggerFactory.getLogger(UndoneDeployments.class);
    private static final Set<String> RUNBOOKS = Set.of(DeployModel.NAME, UpdateModel.NAME);

    private final DeploymentHistory history;
    private final Deployments deployments;
    private final Runs runs;

    UndoneDeployments(DeploymentHistory history, Deployments deployments, Runs runs) {
        this.history = history;
        this.deployments = deployments;
        this.runs = runs;
    }

    @EventListener
    void on(RunFinished finished) {
        if (RUNBOOKS.contains(finished.runbook()) && finished.state() == RunState.UNDONE) {
            takeBack(finished.run());
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void takeBackWhatNobodyHeard() {
        for (RunId run : history.newestByRuns()) {
            if (runs.find(run)
                    .filter(r -> r.summary().state() == RunState.UNDONE)
                    .isPresent()) {
                takeBack(run);
            }
        }
    }

    private void takeBack(RunId run) {
        history.changedBy(run).ifPresent(change -> {
            Deployment before = change.before();
            Saved saved = before == null
                    ? deployments.remove(change.id(), Operator.console())
                    : deployments.put(before, Operator.console());
            if (saved instanceof Saved.Refused(var problems)) {
                LOG.warn("Run {} was undone, but the registry keeps {} as it is: {}", run, change.id(), problems);
            }
        });
    }
}
