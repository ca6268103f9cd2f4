package dev.rackhouse.renumbering.ui;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.renumbering.Diagnosis;
import dev.rackhouse.renumbering.RenumberPlace;
import dev.rackhouse.renumbering.RenumberPlan;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows.
 *
 * @param place null until the node is read
 * @param diagnosis null as long as {@code place} is
 * @param choices which twin is which, as the person said
 * @param accepted keys of ticked warnings
 * @param failure why the node could not be read; null: nothing failed
 */
record RenumberState(
        @Nullable RenumberPlace place,
        @Nullable Diagnosis diagnosis,
        Map<PciSlot, PciSlot> choices,
        Set<String> accepted,
        boolean loading,
        @Nullable String failure) {

    RenumberState {
        choices = Map.copyOf(choices);
        accepted = Set.copyOf(accepted);
    }

    /** The plan; empty while something stands in its way. */
    Optional<RenumberPlan> plan() {
        return diagnosis != null && diagnosis.readiness() instanceof PlanReadiness.Ready<RenumberPlan> ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }
}
