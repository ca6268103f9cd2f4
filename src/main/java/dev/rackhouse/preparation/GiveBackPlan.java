package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import java.util.List;

/**
 * Everything that is needed to hand functions from vfio-pci to the host's own drivers, now and without a reboot. Stored with the run.
 *
 * @param what the slot or function, as asked for: {@code 0000:0e:00}
 * @param functions in the order in which they are handed over
 * @param twins other functions with the same ids, with the driver that each has and keeps; {@code none} where it has none
 * @param notes what the operator should know
 */
public record GiveBackPlan(
        NodeRef node, String what, List<Released> functions, List<PreparationPlan.Function> twins, List<String> notes) {

    /**
     * One function.
     *
     * @param override what its {@code driver_override} holds now; empty: nothing
     * @param driver of the host that shall have it
     */
    public record Released(String address, String slot, String ids, String override, String driver) {}

    public GiveBackPlan {
        functions = List.copyOf(functions);
        twins = List.copyOf(twins);
        notes = List.copyOf(notes);
        if (functions.isEmpty()) {
            throw new IllegalArgumentException("A plan that gives nothing back is none");
        }
    }
}
