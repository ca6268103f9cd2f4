package dev.rackhouse.inventory.fact;

import java.util.List;

/**
 * Who belongs to whom in SR-IOV. The probe says of a function that it is virtual, not whose; a parent hangs on the same bridge, is of
 * the same maker, and has virtual functions enabled. Where several fit (the two ports of one card), each of them counts.
 */
public final class VirtualFunctions {

    private VirtualFunctions() {}

    /** The physical functions that this virtual one may belong to; empty for one that is not virtual. */
    public static List<PciFunction> parents(HostFacts facts, PciFunction virtual) {
        return virtual.virtualFunction()
                ? facts.functions().stream().filter(f -> isParent(f, virtual)).toList()
                : List.of();
    }

    /** The virtual functions that may belong to this physical one. */
    public static List<PciFunction> children(HostFacts facts, PciFunction physical) {
        return physical.virtualFunctions() == 0
                ? List.of()
                : facts.functions().stream()
                        .filter(f -> f.virtualFunction() && isParent(physical, f))
                        .toList();
    }

    private static boolean isParent(PciFunction physical, PciFunction virtual) {
        return !physical.virtualFunction()
                && physical.virtualFunctions() > 0
                && physical.vendor() == virtual.vendor()
                && physical.address().domain() == virtual.address().domain()
                && physical.ancestors().equals(virtual.ancestors());
    }
}
