package dev.rackhouse.passthrough.ui;

import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.DetachPlan;
import dev.rackhouse.passthrough.GuestDevices.Attached;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows that takes a device from a VM.
 *
 * @param place null until the VM is read
 * @param index of the chosen {@code hostpciN}; -1: none
 * @param accepted keys of ticked warnings
 * @param readiness null as long as {@code place} is
 * @param failure why it could not be read; null: nothing failed
 */
record DetachState(
        @Nullable GuestPlace place,
        List<Attached> attached,
        int index,
        Inside inside,
        Shutdown shutdown,
        Set<String> accepted,
        List<CheckRow> checks,
        @Nullable PlanReadiness<DetachPlan> readiness,
        boolean loading,
        @Nullable String failure) {

    DetachState {
        attached = List.copyOf(attached);
        accepted = Set.copyOf(accepted);
        checks = List.copyOf(checks);
    }

    /** The plan; empty while something stands in its way. */
    Optional<DetachPlan> plan() {
        return readiness instanceof PlanReadiness.Ready<DetachPlan> ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }
}
