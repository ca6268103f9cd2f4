package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Step;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** After a run that did something on a node itself, the node is probed again, so that every page shows what is so now. */
@Component
class NodesReadAgain {

    private static final Logger LOG = LoggerFactory.getLogger(NodesReadAgain.class);

    private final Runs runs;
    private final Inventory inventory;

    NodesReadAgain(Runs runs, Inventory inventory) {
        this.runs = runs;
        this.inventory = inventory;
    }

    /** Returns at once; the node is asked on a thread of its own. */
    @EventListener
    void on(RunFinished finished) {
        runs.find(finished.run()).ifPresent(run -> nodes(run.outline().steps()).forEach(this::read));
    }

    /** Nodes whose shell or files a step uses, to look or to act; guests of theirs are not probed. */
    static Set<NodeRef> nodes(Iterable<Step> steps) {
        Set<NodeRef> nodes = new LinkedHashSet<>();
        for (Step step : steps) {
            Host host = host(
                    step.command() instanceof Command.Wait wait
                            ? wait.until().check().read()
                            : step.command());
            if (host instanceof Host.Node node) {
                nodes.add(node.node());
            }
        }
        return nodes;
    }

    private static @Nullable Host host(Command command) {
        return switch (command) {
            case Command.Shell shell -> shell.host();
            case Command.FileEdit edit -> edit.host();
            case Command.SysfsWrite write -> write.host();
            case Command.ApiCall _, Command.ServiceCall _, Command.Wait _, Command.Pause _ -> null;
        };
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
