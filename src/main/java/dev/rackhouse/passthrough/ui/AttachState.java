package dev.rackhouse.passthrough.ui;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.passthrough.AttachDraft;
import dev.rackhouse.passthrough.AttachPlan;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.GuestPlaces;
import dev.rackhouse.passthrough.PlanReadiness;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows that gives a device to a VM.
 *
 * @param guest the chosen VM; null: none
 * @param place null until the VM is read
 * @param draft null as long as {@code place} is
 * @param readiness null as long as {@code place} is
 * @param loading whether the VM is being read
 * @param failure why it could not be read; null: nothing failed
 * @param raw whether the VM has raw addresses that could be converted
 */
record AttachState(
        List<GuestPlaces.Choice> vms,
        @Nullable GuestRef guest,
        @Nullable GuestPlace place,
        List<DeviceChoice> devices,
        @Nullable AttachDraft draft,
        List<CheckRow> checks,
        @Nullable PlanReadiness<AttachPlan> readiness,
        boolean loading,
        @Nullable String failure,
        boolean raw) {

    AttachState {
        vms = List.copyOf(vms);
        devices = List.copyOf(devices);
        checks = List.copyOf(checks);
    }

    /** The plan; empty while something stands in its way. */
    Optional<AttachPlan> plan() {
        return readiness instanceof PlanReadiness.Ready<AttachPlan> ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }
}
