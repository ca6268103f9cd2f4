package dev.rackhouse.passthrough.ui;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Readiness;
import dev.rackhouse.passthrough.Site;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the wizard shows at one moment.
 *
 * @param site null until a node is chosen and read
 * @param readiness null as long as {@code site} is
 * @param loading the node that is being read; null: none
 * @param failure why a node could not be read; null: nothing failed
 * @param typed whether something would be lost by leaving
 */
record WizardState(
        WizardStep step,
        List<RailEntry> rail,
        List<NodeRef> nodes,
        PassthroughDraft draft,
        @Nullable Site site,
        List<DeviceChoice> devices,
        List<CheckRow> checks,
        @Nullable Readiness readiness,
        @Nullable NodeRef loading,
        @Nullable String failure,
        boolean typed) {

    /** How a step stands, for the rail. */
    enum Standing {
        OPEN,
        CURRENT,
        DONE,
        ATTENTION,
        BLOCKED
    }

    record RailEntry(WizardStep step, Standing standing, String detail) {}

    WizardState {
        rail = List.copyOf(rail);
        nodes = List.copyOf(nodes);
        devices = List.copyOf(devices);
        checks = List.copyOf(checks);
    }

    /** The plan; empty while something stands in its way. */
    Optional<PassthroughPlan> plan() {
        return readiness instanceof Readiness.Ready ready ? Optional.of(ready.plan()) : Optional.empty();
    }

    /** What is wrong with an input; empty when it is good, or nothing can be said yet. */
    Optional<String> problem(PassthroughDraft.Field field) {
        return readiness == null ? Optional.empty() : readiness.problem(field);
    }
}
