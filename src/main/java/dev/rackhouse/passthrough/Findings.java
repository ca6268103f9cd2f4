package dev.rackhouse.passthrough;

import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The readiness checks: pure functions from what a host showed to what stands in the way. Nothing here reads or changes a machine.
 */
public final class Findings {

    private Findings() {}

    /**
     * The host as such.
     *
     * @param before the facts before these, to see what changed in the firmware; null when there are none
     */
    public static List<Finding> ofHost(HostFacts facts, @Nullable HostFacts before) {
        List<Finding> found = new ArrayList<>(Rule.all(HostRules.ALL, facts));
        found.addAll(HostRules.firmwareDrift(facts, before));
        return found;
    }

    /** A slot or a device, asked for by a new guest. */
    public static List<Finding> ofDevice(HostFacts facts, Target target) {
        return ofDevice(facts, target, List.of(), null);
    }

    /**
     * A slot or a device.
     *
     * @param planned all functions that the same guest takes
     * @param forGuest the guest that asks; null for a new one
     */
    public static List<Finding> ofDevice(
            HostFacts facts, Target target, Collection<PciFunction> planned, @Nullable VmId forGuest) {
        return ofDevice(Examined.of(facts), target, planned, forGuest);
    }

    static List<Finding> ofDevice(
            Examined host, Target target, Collection<PciFunction> planned, @Nullable VmId forGuest) {
        return Rule.all(DeviceRules.ALL, Candidate.of(host, target, planned, forGuest));
    }

    /**
     * Why a slot or a device must not be named for guests at all, whoever gets it and when: the host, or the board, would lose a part of
     * itself with it. Unlike {@link #ofDevice} nothing is in here that ends when another guest stops or a setting changes.
     *
     * @param needed what the host of the facts cannot do without
     */
    public static List<Finding> ofNeeds(HostFacts facts, ProtectedSet needed, Target target) {
        Examined host = new Examined(facts, needed, List.of(), List.of(), List.of());
        return Rule.all(DeviceRules.NEEDS, Candidate.of(host, target, List.of(), null)).stream()
                .filter(Finding::blocks)
                .toList();
    }

    /** A VM as it is configured, or as it would be. Containers have no findings. */
    public static List<Finding> ofGuest(HostFacts facts, GuestConfig guest) {
        return guest.kind() == GuestConfig.Kind.CONTAINER
                ? List.of()
                : Rule.all(GuestRules.ALL, GuestCase.of(facts, guest));
    }

    /** The host's network configuration. */
    public static List<Finding> ofNetwork(HostFacts facts) {
        return NetworkRules.check(facts);
    }

    /** Everything about one host: itself, each target of {@link #targets}, each VM in its folder, its network. */
    public static List<Finding> ofEverything(HostFacts facts) {
        Examined host = Examined.of(facts);
        return Stream.of(
                        host.host().stream(),
                        targets(facts).stream().flatMap(t -> ofDevice(host, t, List.of(), null).stream()),
                        facts.guestsHere().stream().flatMap(g -> ofGuest(facts, g).stream()),
                        ofNetwork(facts).stream())
                .flatMap(s -> s)
                .toList();
    }

    /**
     * What can be asked for. A slot with several functions, or with a graphics card, can be asked for as a whole, which is what Proxmox
     * takes for an address without a function; each function can be asked for alone. Bridges are targets too, because people map them.
     * Slots and functions that only the platform itself uses are left out.
     */
    public static List<Target> targets(HostFacts facts) {
        List<Target> targets = new ArrayList<>();
        facts.functions().stream().map(PciFunction::slot).distinct().forEach(slot -> {
            List<PciFunction> functions = facts.functions(slot).stream()
                    .filter(f -> !f.bridge() && !f.virtualFunction())
                    .toList();
            boolean whole = functions.size() > 1 || functions.stream().anyMatch(f -> f.gpu() || f.display());
            if (whole && functions.stream().anyMatch(PciFunction::passable)) {
                targets.add(new Target.Slot(slot));
            }
        });
        facts.functions().stream()
                .filter(f -> f.bridge() || f.passable())
                .forEach(f -> targets.add(new Target.Device(f.address())));
        return targets;
    }
}
