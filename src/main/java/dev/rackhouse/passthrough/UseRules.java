package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.unknown;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checks of who has a device already. */
final class UseRules {

    private UseRules() {}

    static List<Finding> running(Candidate c) {
        Map<VmId, List<String>> holders = new LinkedHashMap<>();
        for (PciAddress address : withGroupMatesOfTheSlot(c)) {
            DeviceUse.holder(c.facts(), c.uses(), address)
                    .filter(h -> !h.vmid().equals(c.forGuest()))
                    .ifPresent(h -> holders.computeIfAbsent(h.vmid(), v -> new ArrayList<>())
                            .addAll(h.evidence()));
        }
        if (holders.isEmpty()) {
            return blind(c, "dev.used-running", "Whether a running guest has this device");
        }
        return holders.entrySet().stream()
                .map(e -> Finding.of(
                                "dev.used-running",
                                Severity.BLOCKER,
                                c.target(),
                                "%s is running and holds this device, or another function of its slot and group."
                                        .formatted(label(c, e.getKey())),
                                "Stop it, or choose another device.",
                                e.getValue().stream().distinct().toList())
                        .resolvedByStopping(e.getKey()))
                .toList();
    }

    /** A guest that holds another function of the same slot and group loses it as well; group.shared looks at other slots. */
    private static List<PciAddress> withGroupMatesOfTheSlot(Candidate c) {
        List<PciSlot> slots =
                c.functions().stream().map(PciFunction::slot).distinct().toList();
        return Stream.concat(
                        c.functions().stream().map(PciFunction::address),
                        c.radius().stream().filter(a -> slots.contains(a.slot())))
                .distinct()
                .toList();
    }

    static List<Finding> configured(Candidate c) {
        List<DeviceUse> others = usesByOthers(c);
        if (others.isEmpty()) {
            return blind(c, "dev.used-config", "Whether another guest's configuration names this device");
        }
        List<String> names =
                others.stream().map(u -> u.guest().label()).distinct().toList();
        long atBoot = others.stream()
                .filter(u -> u.guest().flag("onboot"))
                .map(DeviceUse::guest)
                .distinct()
                .count();
        return List.of(Finding.of(
                "dev.used-config",
                Severity.WARNING,
                c.target(),
                "%s %s this device too. Only one of them can run at a time%s."
                        .formatted(
                                String.join(" and ", names),
                                names.size() == 1 ? "names" : "name",
                                atBoot > 1 ? "; several start at boot, and the first one wins" : ""),
                "Use a resource mapping for all of them, and let at most one start at boot.",
                others.stream().map(DeviceUse::line).toList()));
    }

    static List<Finding> rawAndMapped(Candidate c) {
        List<DeviceUse> others = usesByOthers(c);
        List<DeviceUse> raw = others.stream().filter(DeviceUse::raw).toList();
        return when(
                !raw.isEmpty() && raw.size() < others.size(),
                () -> Finding.of(
                        "dev.raw-and-mapped",
                        Severity.WARNING,
                        c.target(),
                        "%s names the address itself, others use a resource mapping. Proxmox checks only the mapping for moved hardware."
                                .formatted(raw.getFirst().guest().label()),
                        "Convert the raw address to the mapping.",
                        others.stream().map(DeviceUse::line).toList()));
    }

    /** Containers share a GPU with the host's driver; a VM takes it away from them. */
    static List<Finding> containers(Candidate c) {
        List<Finding> found = new ArrayList<>();
        if (!c.hasGpu()) {
            return found;
        }
        boolean nvidia = c.any(f -> f.display() && f.nvidia());
        for (GuestConfig guest : c.facts().guestsHere()) {
            if (guest.kind() != GuestConfig.Kind.CONTAINER) {
                continue;
            }
            List<String> keys = guest.options().entrySet().stream()
                    .filter(e -> e.getKey().matches("dev[0-9]+|lxc\\.mount.*"))
                    .filter(e -> e.getValue().contains("/dev/nvidia") && nvidia
                            || e.getValue().contains("/dev/dri"))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!keys.isEmpty()) {
                boolean runs = c.facts().interfaces().stream()
                        .map(NetInterface::name)
                        .anyMatch(n -> n.matches("(veth|fwpr|fwln)" + guest.vmid() + "[ip][0-9]+"));
                found.add(new Finding(
                        "gpu.lxc-users",
                        runs ? Severity.BLOCKER : Severity.WARNING,
                        !runs,
                        c.target(),
                        guest.label() + " uses the GPU through the host's driver"
                                + (runs ? " and is running." : "; whether it runs is not shown.")
                                + " A GPU serves containers or one VM, not both.",
                        keys.stream().map(guest::line).toList(),
                        "Stop the container and take the device out of its configuration.",
                        false,
                        runs ? guest.vmid() : null));
            }
        }
        return found;
    }

    private static List<DeviceUse> usesByOthers(Candidate c) {
        return c.uses().stream()
                .filter(u -> !u.guest().vmid().equals(c.forGuest()))
                .filter(u -> c.functions().stream().anyMatch(f -> u.names(f.address())))
                .toList();
    }

    /** Without root, /etc/pve cannot be read: nothing seen is then not the same as nothing there. */
    private static List<Finding> blind(Candidate c, String check, String what) {
        boolean readable = c.facts().root()
                || c.facts().pveVersion() == null
                || !c.facts().guests().isEmpty();
        return when(
                !readable && !c.any(PciFunction::bridge),
                () -> unknown(
                        check,
                        c.target(),
                        what + " could not be read: the probe did not run as root.",
                        "Let the probe run as root, or by sudo.",
                        "K uid " + c.facts().key("uid")));
    }

    private static String label(Candidate c, VmId vmid) {
        return c.facts().guest(vmid).map(GuestConfig::label).orElse("VM " + vmid);
    }
}
