package dev.rackhouse.renumbering;

import dev.rackhouse.passthrough.PlanReadiness;
import java.util.List;

/**
 * What became of a node's devices, and what can be done about the names.
 *
 * @param dangers names that now stand for something that they must not stand for, in sentences
 */
public record Diagnosis(LayoutChange change, List<String> dangers, PlanReadiness<RenumberPlan> readiness) {

    public Diagnosis {
        dangers = List.copyOf(dangers);
    }
}
