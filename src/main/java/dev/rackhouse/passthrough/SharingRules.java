package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.information;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.VirtualFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cards that serve several at once: SR-IOV, mediated devices, and containers that share the host's driver. A part of a card is never
 * taken for the card. Facts: kernel 6.8 and newer make NVIDIA's vGPUs from virtual functions; Proxmox VE 8.2 and newer know
 * {@code devN} of containers.
 */
final class SharingRules {

    private static final Set<String> SHARING_DRIVERS = Set.of("nvidia", "amdgpu", "i915", "xe");

    private SharingRules() {}

    /** The physical function of a card whose virtual functions are enabled: they vanish when its driver lets go. */
    static List<Finding> physicalFunction(Candidate c) {
        List<Finding> found = new ArrayList<>();
        for (PciFunction physical : c.functions()) {
            if (physical.virtualFunctions() == 0) {
                continue;
            }
            List<PciFunction> children = VirtualFunctions.children(c.facts(), physical);
            List<String> held = children.stream()
                    .flatMap(v -> DeviceUse.holder(c.facts(), c.uses(), v.address())
                            .map(h -> v.address() + " held by running guest " + h.vmid())
                            .stream())
                    .toList();
            List<String> evidence = new ArrayList<>();
            evidence.add(physical.line("sriov_totalvfs", "sriov_numvfs"));
            children.stream()
                    .limit(4)
                    .map(v -> v.line("vf") + ", " + v.driverLine())
                    .forEach(evidence::add);
            found.add(Finding.of(
                    held.isEmpty() ? "sriov.parent" : "sriov.parent-in-use",
                    held.isEmpty() ? Severity.WARNING : Severity.BLOCKER,
                    c.target(),
                    held.isEmpty()
                            ? "%s has %d virtual functions enabled. They vanish when the card itself goes to a guest."
                                    .formatted(physical.address(), physical.virtualFunctions())
                            : "%s is the parent of virtual functions that are in use: %s. They would vanish under a running guest."
                                    .formatted(physical.address(), String.join(", ", held)),
                    held.isEmpty()
                            ? "Pass a virtual function instead, or set sriov_numvfs to 0 first."
                            : "Stop these guests first, or pass a free virtual function.",
                    evidence));
        }
        return found;
    }

    static List<Finding> virtualFunction(Candidate c) {
        List<Finding> found = new ArrayList<>();
        for (PciFunction virtual : c.functions()) {
            if (!virtual.virtualFunction()) {
                continue;
            }
            List<PciFunction> parents = VirtualFunctions.parents(c.facts(), virtual);
            boolean driven = parents.stream().anyMatch(DeviceRules::hostUses);
            if (!driven) {
                found.add(Finding.of(
                        "sriov.no-parent-driver",
                        Severity.BLOCKER,
                        c.target(),
                        virtual.address() + " is a virtual function, and no driver of the host has its parent"
                                + (parents.isEmpty() ? ", which is not shown" : "") + ": it does not work without.",
                        "Give the parent back to its host driver and enable the virtual functions again.",
                        parents.isEmpty()
                                ? List.of(virtual.line("vf"))
                                : parents.stream().map(PciFunction::driverLine).toList()));
            } else {
                found.add(information(
                        "sriov.virtual",
                        c.target(),
                        "It is a virtual function of %s, which stays with the host. The number of virtual functions is not kept over a reboot."
                                .formatted(parents.getFirst().address()),
                        "Have the host set sriov_numvfs at boot, before its guests start.",
                        virtual.line("vf"),
                        parents.getFirst().line("sriov_numvfs")));
            }
        }
        return found;
    }

    /** Mediated devices are made by the host's driver; the card itself takes them all away. */
    static List<Finding> mediated(Candidate c) {
        List<Finding> found = new ArrayList<>();
        for (PciFunction card : c.functions()) {
            if (!card.mediated() || card.virtualFunction()) {
                continue;
            }
            List<DeviceUse> parts = c.uses().stream()
                    .filter(u -> u.entry().options().containsKey("mdev") && u.names(card.address()))
                    .toList();
            Optional<VmId> running = parts.stream()
                    .map(u -> u.guest().vmid())
                    .filter(c.facts()::runs)
                    .findFirst();
            found.add(Finding.of(
                    running.isPresent() ? "mdev.in-use" : "mdev.whole",
                    running.isPresent() ? Severity.BLOCKER : Severity.WARNING,
                    c.target(),
                    running.map(v -> "Guest " + v
                                    + " runs with a mediated device of this card, which goes when the card goes.")
                            .orElse(
                                    "The card can be split into mediated devices (vGPU). Passed as a whole it serves one guest only."),
                    running.isPresent()
                            ? "Stop that guest first."
                            : "If several guests are to share it, give them mdev types of it instead, with the maker's host driver and licence.",
                    parts.isEmpty()
                            ? List.of(card.line("mdev", "vgpu"))
                            : parts.stream().map(DeviceUse::line).toList()));
        }
        return found;
    }

    /** What to write when several containers are to use the card: they share the host's driver, a VM takes it away. */
    static List<Finding> containers(Candidate c) {
        if (c.facts().pveVersion() == null) {
            return List.of();
        }
        return c.functions().stream()
                .filter(f -> f.gpu() && f.driver() != null && SHARING_DRIVERS.contains(f.driver()))
                .limit(1)
                .map(f -> information(
                        "share.lxc",
                        c.target(),
                        "Several containers can share this card through the host's driver, a VM has it alone. For a container: "
                                + String.join("; ", deviceLines(c, f)) + ". " + driverRule(c, f),
                        "Only root may set devN: pct set VMID --dev0 ... There is no memory isolation between containers that share a card.",
                        f.driverLine(),
                        "MOD " + f.driver() + " " + c.facts().modules().getOrDefault(f.driver(), "-")))
                .toList();
    }

    private static String driverRule(Candidate c, PciFunction f) {
        if (!"nvidia".equals(f.driver())) {
            return "Containers use the render node only; no driver version has to match.";
        }
        String version = c.facts().modules().getOrDefault("nvidia", "-");
        return "The user-space driver in the container must be "
                + (version.equals("-") ? "the host's version" : version)
                + " to the digit: one upgrade on the host breaks all containers until they are upgraded too.";
    }

    private static List<String> deviceLines(Candidate c, PciFunction card) {
        List<PciAddress> sameDriver = c.facts().functions().stream()
                .filter(f -> f.gpu() && card.driver() != null && card.driver().equals(f.driver()))
                .map(PciFunction::address)
                .toList();
        int number = Math.max(0, sameDriver.indexOf(card.address()));
        if (!"nvidia".equals(card.driver())) {
            return List.of("dev0: /dev/dri/renderD" + (128 + number) + ",gid=104,mode=0660");
        }
        List<String> lines = new ArrayList<>();
        for (String device :
                List.of("nvidia" + number, "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")) {
            lines.add("dev" + lines.size() + ": /dev/" + device + ",gid=44,mode=0660");
        }
        return lines;
    }
}
