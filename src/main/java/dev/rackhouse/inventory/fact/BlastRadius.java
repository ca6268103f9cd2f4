package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.Collection;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * What the host loses when functions go to a guest. At VM start Proxmox binds every function of their IOMMU groups to vfio-pci,
 * whether the VM names it or not; only bridges (functions with a bus below them) stay.
 * Source: {@code PVE::SysFSTools::pci_dev_group_bind_to_vfio}, Proxmox VE 8.4 and 9.
 */
public final class BlastRadius {

    private BlastRadius() {}

    /** The functions themselves and all others of their groups, without bridges, by address. */
    public static SequencedSet<PciAddress> of(HostFacts facts, Collection<PciFunction> functions) {
        TreeSet<PciAddress> radius = new TreeSet<>();
        for (PciFunction function : functions) {
            if (!function.bridge()) {
                radius.add(function.address());
            }
            Integer number = function.group();
            if (number != null) {
                facts.group(number)
                        .ifPresent(g -> g.members().stream()
                                .filter(m ->
                                        facts.function(m).map(f -> !f.bridge()).orElse(true))
                                .forEach(radius::add));
            }
        }
        return radius;
    }

    /**
     * Endpoints of the groups that are neither in the same slots nor bridges: what a guest would take along. Host and ISA bridges
     * without a bus below them are not counted, the host does not notice their loss.
     */
    public static List<PciFunction> strangers(HostFacts facts, Collection<PciFunction> functions) {
        var slots = functions.stream().map(PciFunction::slot).distinct().toList();
        return of(facts, functions).stream()
                .filter(a -> !slots.contains(a.slot()))
                .flatMap(a -> facts.function(a).stream())
                .filter(f -> f.baseClass() != 0x06)
                .toList();
    }
}
