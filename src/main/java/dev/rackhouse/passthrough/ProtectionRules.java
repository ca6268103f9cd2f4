package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.Protection;
import java.util.List;

/**
 * What the host needs to live. At VM start Proxmox takes every endpoint of the device's IOMMU group from the host, so all of them are
 * looked at, not the device alone. Nothing overrides these.
 */
final class ProtectionRules {

    private ProtectionRules() {}

    static List<Finding> boot(Candidate c) {
        return protection(
                c,
                Protection.Kind.BOOT,
                "protect.boot",
                Severity.BLOCKER,
                "The host would lose its system disk at VM start: ",
                "Never possible on this host. Move the card to another slot, or the system to another disk.");
    }

    static List<Finding> management(Candidate c) {
        return protection(
                c,
                Protection.Kind.MANAGEMENT,
                "protect.mgmt",
                Severity.BLOCKER,
                "The host, or its running guests, would drop off the network, and this console with it: ",
                "Never possible from here. Give the host another interface for this first.");
    }

    static List<Finding> storage(Candidate c) {
        return protection(
                c,
                Protection.Kind.STORAGE,
                "protect.storage",
                Severity.BLOCKER,
                "The host uses disks behind it. Two sides writing one pool destroy it: ",
                "Export the pool or unmount the filesystem, and remove it from the storages, before you pass the device.");
    }

    static List<Finding> consoleUsb(Candidate c) {
        return protection(
                c,
                Protection.Kind.CONSOLE_USB,
                "protect.console-usb",
                Severity.WARNING,
                "The keyboard or the signal line of the power supply hangs on it: ",
                "Pick another controller, or plug that device elsewhere.");
    }

    /** The host's own screen is a matter of {@link GpuRules}; the one that a management controller shows is lost from afar too. */
    static List<Finding> console(Candidate c) {
        return c.radius().stream()
                .flatMap(a -> c.facts().function(a).stream())
                .filter(PciFunction::managementDisplay)
                .limit(1)
                .map(f -> Finding.warning(
                        "protect.console",
                        c.target(),
                        f.address()
                                + " is the screen of the board's management controller (BMC). While a guest has it, the remote"
                                + " console shows nothing, and it computes nothing for the guest.",
                        "Leave it with the host, and choose a GPU. Confirm only if you have another way to a host that does not boot.",
                        f.line("vendor", "device", "boot_vga"),
                        f.driverLine()))
                .toList();
    }

    private static List<Finding> protection(
            Candidate c, Protection.Kind kind, String check, Severity severity, String text, String remedy) {
        if (c.any(PciFunction::bridge)) {
            return List.of();
        }
        List<String> chains = c.needed().of(kind, c.radius()).stream()
                .map(Protection::text)
                .distinct()
                .toList();
        if (!chains.isEmpty()) {
            String shown = String.join("; ", chains.subList(0, Math.min(4, chains.size())));
            String more = chains.size() > 4 ? "; and " + (chains.size() - 4) + " more" : "";
            return List.of(Finding.of(check, severity, c.target(), text + shown + more + ".", remedy, chains));
        }
        List<String> unplaced = switch (kind) {
            case BOOT -> carriesDisks(c) ? c.needed().unplacedDisks() : List.of();
            case MANAGEMENT -> carriesNetwork(c) ? c.needed().unplacedInterfaces() : List.of();
            case STORAGE, CONSOLE_USB, CONSOLE -> List.of();
        };
        return Rule.when(
                !unplaced.isEmpty(),
                () -> Finding.unknownBlocker(
                        check,
                        c.target(),
                        "Something that the host needs could not be traced to its PCI function, so it may be this one: "
                                + String.join("; ", unplaced) + ".",
                        "Not possible as long as it is unknown. Let the probe run as root, and look at what is named here.",
                        unplaced.toArray(String[]::new)));
    }

    private static boolean carriesDisks(Candidate c) {
        return inRadius(
                c, f -> f.baseClass() == 0x01 || f.subclass() == 0x0c04 || usbWithDevices(c, f) || couldBeAnything(f));
    }

    private static boolean carriesNetwork(Candidate c) {
        return inRadius(
                c, f -> f.baseClass() == 0x02 || f.subclass() == 0x0c06 || usbWithDevices(c, f) || couldBeAnything(f));
    }

    /** A controller with nothing plugged in carries nothing. */
    private static boolean usbWithDevices(Candidate c, PciFunction f) {
        return f.subclass() == 0x0c03
                && (c.facts().usb().isEmpty()
                        || c.facts().usb().stream().anyMatch(u -> f.address().equals(u.controller()) && !u.rootHub()));
    }

    /** Thunderbolt tunnels whole controllers; of a function without a class nothing is known. */
    private static boolean couldBeAnything(PciFunction f) {
        return f.classCode() == 0x0c0340 || f.classCode() == 0;
    }

    private static boolean inRadius(Candidate c, java.util.function.Predicate<PciFunction> test) {
        return c.radius().stream()
                .flatMap(a -> c.facts().function(a).stream())
                .anyMatch(f -> test.test(f) && !"vfio-pci".equals(f.driver()));
    }
}
