package dev.rackhouse.inference;

import dev.rackhouse.access.Operator;
import dev.rackhouse.inference.deploy.UpdateModel;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunState;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** An update that was undone has brought the old container back: the registry says again what runs. */
@Component
class UndoneUpdates {

    private final DeploymentHistory history;
    private final Deployments deployments;

    UndoneUpdates(DeploymentHistory history, Deployments deployments) {
        this.history = history;
        this.deployments = deployments;
    }

    @EventListener
    void on(RunFinished finished) {
        if (finished.runbook().equals(UpdateModel.NAME) && finished.state() == RunState.UNDONE) {
            history.before(finished.run()).ifPresent(old -> deployments.put(old, Operator.console()));
        }
    }
}
