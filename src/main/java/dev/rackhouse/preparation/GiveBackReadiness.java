package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.SourceLine;
import dev.rackhouse.preparation.GiveBackPlan.Released;
import dev.rackhouse.preparation.PreparationPlan.Function;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether functions can go back to the host's drivers now. Pure. */
public sealed interface GiveBackReadiness {

    record Ready(GiveBackPlan plan) implements GiveBackReadiness {}

    /** @param why a sentence, with what to do */
    record Refused(String why) implements GiveBackReadiness {}

    /**
     * @param what the slot or function as asked for
     * @param asked its functions
     */
    static GiveBackReadiness of(NodeRef node, HostFacts facts, String what, Collection<PciAddress> asked) {
        List<PciFunction> held = facts.functions().stream()
                .filter(f -> asked.contains(f.address()) && "vfio-pci".equals(f.driver()))
                .toList();
        if (held.isEmpty()) {
            return new Refused(what + " is not on vfio-pci: there is nothing to give back.");
        }
        List<Released> released = new ArrayList<>();
        for (PciFunction f : held) {
            Optional<DeviceUse.Holder> holder = DeviceUse.holder(facts, f.address());
            if (holder.isPresent()) {
                return new Refused(
                        f.address() + " is in use: " + label(facts, holder.get()) + " has it. Shut it down first.");
            }
            Optional<DeviceUse.Holder> mate = groupHolder(facts, f);
            if (mate.isPresent()) {
                return new Refused(
                        "%s shares its IOMMU group with a device that %s has, and a group belongs to one side as a whole. Shut it down first."
                                .formatted(f.address(), label(facts, mate.get())));
            }
            if (keptByUs(facts, f)) {
                return new Refused(f.address()
                        + " is kept for guests from the boot on by a run of this console. Undo that run on the page Runs, and the device"
                        + " goes back with it.");
            }
            Optional<String> driver = HostDrivers.of(f, facts);
            if (driver.isEmpty()) {
                return new Refused("No driver of this host would take " + f.address() + " (" + f.ids()
                        + "): the one it needs is not loaded. Load it first, or leave the device on vfio-pci.");
            }
            String override = f.attributes().getOrDefault("driver_override", "");
            released.add(new Released(f.address().toString(), f.slot().toString(), f.ids(), override, driver.get()));
        }
        return new Ready(new GiveBackPlan(node, what, released, twins(facts, held), notes(facts, held)));
    }

    private static String label(HostFacts facts, DeviceUse.Holder holder) {
        return facts.guest(holder.vmid()).map(GuestConfig::label).orElse("VM " + holder.vmid());
    }

    /**
     * The running guest that has another function of the group. A host's driver on one of them would break the isolation of the other:
     * kernels since 6.0 refuse to bind it, older ones stop with a bug (vfio_iommu_group_notifier).
     */
    static Optional<DeviceUse.Holder> groupHolder(HostFacts facts, PciFunction f) {
        return BlastRadius.of(facts, List.of(f)).stream()
                .flatMap(a -> DeviceUse.holder(facts, a).stream())
                .findFirst();
    }

    private static boolean keptByUs(HostFacts facts, PciFunction f) {
        return "vfio-pci".equals(f.attributes().get("driver_override"))
                && !facts.lines(EarlyBinding.MODPROBE).isEmpty();
    }

    private static List<Function> twins(HostFacts facts, List<PciFunction> held) {
        return facts.functions().stream()
                .filter(f -> !f.bridge() && !held.contains(f))
                .filter(f -> held.stream().anyMatch(h -> h.ids().equals(f.ids())))
                .map(f -> new Function(
                        f.address().toString(),
                        f.slot().toString(),
                        f.ids(),
                        Objects.requireNonNullElse(f.driver(), "none")))
                .toList();
    }

    private static List<String> notes(HostFacts facts, List<PciFunction> held) {
        List<String> notes = new ArrayList<>();
        for (SourceLine line : facts.linesUnder("/etc/modprobe.d/")) {
            boolean matches = line.text().matches("\\s*options\\s+vfio[-_]pci\\s.*\\bids=.*")
                    && held.stream().anyMatch(f -> line.text().contains(f.ids()));
            if (matches) {
                notes.add("\"%s\" in %s takes the device again at the next boot: it is given back until then."
                        .formatted(line.text().strip(), line.source()));
            }
        }
        DeviceUse.of(facts).stream()
                .filter(u -> held.stream().anyMatch(f -> u.names(f.address())))
                .map(u -> u.guest().label())
                .distinct()
                .forEach(g ->
                        notes.add(g + " names it: at its next start Proxmox takes the device from the host again."));
        return notes;
    }
}
