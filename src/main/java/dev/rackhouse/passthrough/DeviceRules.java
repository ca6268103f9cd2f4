package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.MappingEntry;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks of a device as such: its identity, its twins, its card, how it resets. */
final class DeviceRules {

    static final List<Rule<Candidate>> ALL = List.of(
            DeviceRules::missing,
            ProtectionRules::boot,
            ProtectionRules::management,
            ProtectionRules::storage,
            ProtectionRules::consoleUsb,
            ProtectionRules::console,
            DeviceRules::bridge,
            DeviceRules::platform,
            GroupRules::none,
            GroupRules::shared,
            GroupRules::rmrr,
            GroupRules::overridden,
            UseRules::running,
            UseRules::configured,
            UseRules::rawAndMapped,
            UseRules::containers,
            DeviceRules::mappingDrift,
            DeviceRules::companions,
            DeviceRules::twins,
            DeviceRules::sharedCard,
            DeviceRules::noReset,
            GpuRules::dead,
            GpuRules::bootVga,
            GpuRules::framebuffer,
            GpuRules::hostDriver,
            GpuRules::turingExtras,
            GpuRules::d3cold,
            GpuRules::windowUnassigned,
            GpuRules::blackwellReset,
            GpuRules::openDriver,
            GpuRules::width,
            GpuRules::resizableBar,
            GpuRules::optionRom,
            SharingRules::physicalFunction,
            SharingRules::virtualFunction,
            SharingRules::mediated,
            SharingRules::containers,
            KindRules::optionRom,
            KindRules::disks,
            KindRules::nvme,
            KindRules::network,
            KindRules::usb);

    /** What the host or the board would lose a part of itself with. */
    static final List<Rule<Candidate>> NEEDS = List.of(
            ProtectionRules::boot,
            ProtectionRules::management,
            ProtectionRules::storage,
            DeviceRules::bridge,
            DeviceRules::platform);

    private static final Pattern IDS = Pattern.compile(".*\\bids=([0-9a-fA-F:,]+).*");

    private DeviceRules() {}

    private static List<Finding> missing(Candidate c) {
        return when(
                c.functions().isEmpty(),
                () -> blocker(
                        "dev.missing",
                        c.target(),
                        "Nothing answers at this address any more.",
                        "Choose the device again: addresses move when cards or firmware settings change.",
                        "no P record"));
    }

    /** Named itself, or as one function of a slot that is named as a whole. */
    private static List<Finding> bridge(Candidate c) {
        List<PciFunction> named =
                c.target() instanceof Target.Slot(var slot) ? c.facts().functions(slot) : c.functions();
        return named.stream()
                .filter(PciFunction::bridge)
                .map(f -> blocker(
                        "dev.bridge",
                        c.target(),
                        f.address() + " (" + HardwareNames.describe(f)
                                + ") is a bridge or the port of a switch: it cannot be given to a guest.",
                        "Pass what hangs below it. If a mapping names it, remove the mapping.",
                        f.line("class", "bridge")))
                .toList();
    }

    private static List<Finding> platform(Candidate c) {
        if (c.functions().isEmpty() || c.any(PciFunction::bridge)) {
            return List.of();
        }
        List<PciFunction> parts = Stream.concat(
                        c.functions().stream().filter(f -> f.platform() && f.baseClass() != 0x13),
                        c.radius().stream()
                                .flatMap(a -> c.facts().function(a).stream())
                                .filter(f -> f.platform() && !f.dummy()))
                .distinct()
                .toList();
        boolean useless = c.functions().stream()
                .noneMatch(own -> c.planned().stream()
                        .anyMatch(f -> f.passable() && f.slot().equals(own.slot())));
        List<PciFunction> shown = parts.isEmpty() && useless ? c.functions() : parts;
        return when(
                !shown.isEmpty(),
                () -> Finding.of(
                        "dev.platform",
                        Severity.BLOCKER,
                        c.target(),
                        "%s %s part of the board itself, and would leave the host with it: no guest could use that, and the host may hang."
                                .formatted(names(shown), shown.size() == 1 ? "is" : "are"),
                        "Choose a single function that stands in an IOMMU group without them, or another device.",
                        shown.stream()
                                .map(f -> f.line("class") + ", " + f.driverLine())
                                .toList()));
    }

    private static List<Finding> mappingDrift(Candidate c) {
        List<Finding> found = new ArrayList<>();
        for (MappingEntry entry : c.facts().mappingsHere()) {
            if (c.functions().stream().anyMatch(f -> entry.names(f.address()))) {
                List<String> differences = differences(c.facts(), entry);
                if (!differences.isEmpty()) {
                    found.add(blocker(
                            "map.drift",
                            c.target(),
                            "Mapping %s no longer fits the hardware: %s. A VM that uses it will not start, and with a raw address the wrong device would start."
                                    .formatted(entry.mapping(), String.join("; ", differences)),
                            "Compare serial numbers, then map the device anew.",
                            entry.line()));
                }
            }
        }
        return found;
    }

    /** What Proxmox compares at start: ids, subsystem and group of the first function; what hardware has must be named. */
    static List<String> differences(HostFacts facts, MappingEntry entry) {
        List<String> differences = new ArrayList<>();
        PciAddress first = entry.parts().isEmpty()
                ? null
                : Objects.requireNonNullElse(
                        entry.parts().getFirst().function(),
                        entry.parts().getFirst().slot().function(0));
        PciFunction function = first == null ? null : facts.function(first).orElse(null);
        if (function == null) {
            return List.of();
        }
        compare(differences, "id", entry.ids(), function.ids());
        compare(differences, "subsystem-id", entry.subsystem(), function.subsystem());
        compare(differences, "iommugroup", entry.group(), function.group());
        return differences;
    }

    private static void compare(
            List<String> differences,
            String what,
            @org.jspecify.annotations.Nullable Object mapped,
            @org.jspecify.annotations.Nullable Object real) {
        boolean same = mapped == null || real == null
                ? mapped == real
                : mapped.toString().equalsIgnoreCase(real.toString());
        if (!same) {
            differences.add("%s is %s, the mapping has %s"
                    .formatted(what, real == null ? "absent" : real, mapped == null ? "none" : mapped));
        }
    }

    private static List<Finding> companions(Candidate c) {
        List<PciFunction> left = c.functions().stream()
                .filter(f -> !f.bridge() && !f.virtualFunction())
                .flatMap(f -> c.facts().functions(f.slot()).stream())
                .filter(f -> !f.bridge() && !f.virtualFunction() && !c.isPlanned(f))
                .distinct()
                .toList();
        return when(
                !left.isEmpty(),
                () -> Finding.of(
                        "func.companion",
                        Severity.WARNING,
                        c.target(),
                        "Not all functions of the slot are asked for: %s. The slot cannot then be reset as a whole%s."
                                .formatted(
                                        names(left),
                                        left.stream().anyMatch(f -> c.radius().contains(f.address()))
                                                ? ", and what shares the IOMMU group leaves the host all the same"
                                                : ""),
                        left.stream().anyMatch(f -> f.platform() && f.baseClass() != 0x13)
                                ? "A part of this slot belongs to the board and stays; take this function alone, or another device."
                                : "Take the whole slot, " + left.getFirst().slot() + ".",
                        left.stream()
                                .map(f -> f.line("class") + ", " + f.driverLine())
                                .toList()));
    }

    private static List<Finding> twins(Candidate c) {
        List<String> listed = listedIds(c.facts());
        List<Finding> found = new ArrayList<>();
        for (String ids : c.functions().stream()
                .filter(PciFunction::passable)
                .map(PciFunction::ids)
                .distinct()
                .toList()) {
            List<PciFunction> twins = c.facts().functions().stream()
                    .filter(f -> f.ids().equals(ids) && !c.isPlanned(f))
                    .filter(f ->
                            c.functions().stream().noneMatch(own -> own.slot().equals(f.slot())))
                    .filter(f -> hostUses(f) || listed.contains(ids))
                    .toList();
            if (!twins.isEmpty()) {
                found.add(Finding.of(
                        "twins.ids",
                        Severity.WARNING,
                        c.target(),
                        "%s has the same %s: what binds by id, the ids= option and the new_id that Proxmox writes at start, catches it too."
                                .formatted(names(twins), ids),
                        "Bind by address (driver_override) where the twin must stay with the host.",
                        twins.stream()
                                .map(f -> f.line("vendor", "device") + ", " + f.driverLine())
                                .toList()));
            }
        }
        return found;
    }

    static boolean hostUses(PciFunction function) {
        String driver = function.driver();
        return driver != null && !driver.equals("vfio-pci") && !driver.equals("pcieport");
    }

    /** The ids that vfio-pci takes at boot, from its options and from the kernel command line. */
    private static List<String> listedIds(HostFacts facts) {
        List<String> ids = new ArrayList<>();
        facts.linesUnder("/etc/modprobe.d/").stream()
                .map(l -> l.text().strip())
                .filter(l -> l.startsWith("options vfio"))
                .forEach(l -> addIds(ids, l));
        facts.kernelWords().stream().filter(w -> w.startsWith("vfio")).forEach(w -> addIds(ids, w));
        return ids;
    }

    private static void addIds(List<String> ids, String text) {
        Matcher m = IDS.matcher(text);
        if (m.matches()) {
            for (String id : m.group(1).toLowerCase(java.util.Locale.ROOT).split(",")) {
                ids.add(id.length() > 9 ? id.substring(0, 9) : id);
            }
        }
    }

    /** Chips of one card: the nearest bridge above both is the upstream port of a switch that is not the chipset's. */
    private static List<Finding> sharedCard(Candidate c) {
        List<Finding> found = new ArrayList<>();
        c.functions().stream().filter(PciFunction::passable).findFirst().ifPresent(own -> {
            for (PciAddress upstream : own.ancestorsUpwards()) {
                List<PciFunction> same = c.facts().functions().stream()
                        .filter(f -> f.passable()
                                && !f.slot().equals(own.slot())
                                && f.subclass() == own.subclass()
                                && f.ancestors().contains(upstream))
                        .toList();
                if (!same.isEmpty()) {
                    boolean root = own.ancestors().getFirst().equals(upstream);
                    boolean chipset = c.facts()
                            .function(upstream)
                            .map(f -> f.vendor() == 0x1022)
                            .orElse(true);
                    if (!root && !chipset) {
                        found.add(information(
                                "card.shared",
                                c.target(),
                                "%s hangs below the same switch, %s: one card, one slot, one failure. The two are no redundant pair."
                                        .formatted(names(same), upstream),
                                "For redundancy use a second card.",
                                "PATH pci " + own.address() + " below " + upstream,
                                "PATH pci " + same.getFirst().address() + " below " + upstream));
                    }
                    return;
                }
            }
        });
        return found;
    }

    private static List<Finding> noReset(Candidate c) {
        List<PciFunction> own =
                c.functions().stream().filter(PciFunction::passable).toList();
        if (own.isEmpty() || own.stream().anyMatch(PciFunction::resettable)) {
            return List.of();
        }
        boolean stuck = own.stream().anyMatch(DeviceRules::amdWithoutReset);
        return List.of(Finding.of(
                "reset.none",
                stuck ? Severity.BLOCKER : Severity.WARNING,
                c.target(),
                "The kernel knows no way to reset %s: it may work only once per boot of the host."
                        .formatted(names(own)),
                stuck
                        ? "Install the vendor-reset module on the host."
                        : "Choose another device, or expect to reboot the host between two starts.",
                own.stream()
                        .map(f -> f.line("vendor", "device") + ", no reset, no reset_method")
                        .toList()));
    }

    /** AMD Vega 10, Vega 20 and Navi 10 are known to hang after their first guest. */
    static boolean amdWithoutReset(PciFunction f) {
        int d = f.device();
        return f.vendor() == 0x1002
                && f.display()
                && (d >= 0x6860 && d <= 0x687f || d >= 0x66a0 && d <= 0x66af || d >= 0x7310 && d <= 0x731f);
    }

    static String names(List<PciFunction> functions) {
        return functions.stream()
                .map(f -> f.address() + " (" + HardwareNames.describe(f) + ")")
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }
}
