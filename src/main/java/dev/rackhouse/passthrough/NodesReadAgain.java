package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Step;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** After a run that moved devices, its node is read again, so that every page shows who has them now. */
@Component
class NodesReadAgain {

    private static final Logger LOG = LoggerFactory.getLogger(NodesReadAgain.class);

    private static final Set<String> MOVES_DEVICES =
            Set.of(CreatePassthroughVm.NAME, AttachDevice.NAME, DetachDevice.NAME);

    private final Runs runs;
    private final Inventory inventory;

    NodesReadAgain(Runs runs, Inventory inventory) {
        this.runs = runs;
        this.inventory = inventory;
    }

    /** Returns at once; the node is asked on a thread of its own. */
    @EventListener
    void on(RunFinished finished) {
        if (MOVES_DEVICES.contains(finished.runbook())) {
            runs.find(finished.run())
                    .ifPresent(run -> nodes(run.outline().steps()).forEach(this::read));
        }
    }

    private static Set<NodeRef> nodes(Iterable<Step> steps) {
        Set<NodeRef> nodes = new LinkedHashSet<>();
        for (Step step : steps) {
            Command command = step.command() instanceof Command.Wait wait
                    ? wait.until().check().read()
                    : step.command();
            if (command instanceof Command.Shell shell && shell.host() instanceof Host.Node node) {
                nodes.add(node.node());
            }
        }
        return nodes;
    }

    private void read(NodeRef node) {
        inventory.refresh(node.lab());
        Thread.ofVirtual().name("probe-after-run").start(() -> {
            try {
                inventory.probe(node);
            } catch (RemoteFailure unread) {
                LOG.info("{} was not read after the run; the next probe will: {}", node.node(), unread.getMessage());
            }
        });
    }
}
