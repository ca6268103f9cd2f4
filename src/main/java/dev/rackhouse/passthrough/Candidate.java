package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import java.util.Collection;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Functions that somebody wants to give to a guest.
 *
 * @param functions those that the target names; one that is not on the host is not in here
 * @param planned all functions of the plan; those of the target alone when there is no more
 * @param forGuest the guest they are for; null for a new one
 * @param radius what the host loses with the target: the functions and the rest of their groups, without bridges
 * @param override what shows that IOMMU groups are asserted, not measured
 */
record Candidate(
        HostFacts facts,
        ProtectedSet needed,
        List<DeviceUse> uses,
        Target target,
        List<PciFunction> functions,
        List<PciFunction> planned,
        @Nullable VmId forGuest,
        SequencedSet<PciAddress> radius,
        List<String> override) {

    Candidate {
        functions = List.copyOf(functions);
        planned = List.copyOf(planned);
    }

    static Candidate of(Examined host, Target target, Collection<PciFunction> planned, @Nullable VmId forGuest) {
        List<PciFunction> functions = functions(host.facts(), target);
        List<PciFunction> all = java.util.stream.Stream.concat(functions.stream(), planned.stream())
                .distinct()
                .toList();
        return new Candidate(
                host.facts(),
                host.needed(),
                host.uses(),
                target,
                functions,
                all,
                forGuest,
                BlastRadius.of(host.facts(), functions),
                host.override());
    }

    /** The functions that a target names on a host: of a slot those that Proxmox passes for it. */
    static List<PciFunction> functions(HostFacts facts, Target target) {
        return switch (target) {
            case Target.Slot(var slot) ->
                facts.functions(slot).stream()
                        .filter(f -> !f.bridge() && !f.virtualFunction())
                        .toList();
            case Target.Device(var address) -> facts.function(address).stream().toList();
            case Target.Host _, Target.Guest _, Target.Iface _ -> List.of();
        };
    }

    boolean any(java.util.function.Predicate<PciFunction> test) {
        return functions.stream().anyMatch(test);
    }

    boolean isPlanned(PciFunction function) {
        return planned.contains(function);
    }

    boolean hasGpu() {
        return any(PciFunction::gpu);
    }
}
