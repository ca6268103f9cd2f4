package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What sort of device goes to a guest, and what a person should know about that sort (hosts, sections 5 and 10). */
enum DeviceKind {
    GPU,
    HBA,
    NVME,
    NIC,
    USB,
    OTHER;

    /** Resets that leave a device as after power-on, most of the time; {@code pm} and {@code acpi} often do not. */
    private static final Set<String> GOOD_RESETS = Set.of("device_specific", "flr", "af_flr", "bus", "cxl_bus");

    static DeviceKind of(List<PciFunction> functions) {
        for (PciFunction f : functions) {
            DeviceKind kind = f.gpu()
                    ? GPU
                    : switch (f.subclass()) {
                        case 0x0100, 0x0104, 0x0106, 0x0107 -> HBA;
                        case 0x0108 -> NVME;
                        case 0x0200, 0x0280, 0x0207 -> NIC;
                        case 0x0c03 -> USB;
                        default -> OTHER;
                    };
            if (kind != OTHER) {
                return kind;
            }
        }
        return OTHER;
    }

    /** An HBA's option ROM slows the guest's boot or hangs it. */
    boolean hidesRom() {
        return this == HBA;
    }

    static boolean resetsWell(List<PciFunction> functions) {
        return functions.stream().flatMap(f -> f.resetMethods().stream()).anyMatch(GOOD_RESETS::contains);
    }

    static List<String> words(HostFacts facts, List<PciFunction> functions) {
        List<PciAddress> addresses =
                functions.stream().map(PciFunction::address).toList();
        List<String> words = new ArrayList<>();
        if (functions.stream().anyMatch(PciFunction::virtualFunction)) {
            words.add(
                    "This is a virtual function: it exists as long as its parent is told to have some, which is gone after a reboot of the host unless something sets it again.");
        }
        switch (of(functions)) {
            case GPU -> words.add("All functions of the card go together, its sound and USB parts too.");
            case HBA ->
                words.add(
                        "The controller goes with every disk behind it. Its option ROM is hidden (rombar=0), since it slows the guest's boot or hangs it. SMART works in the guest only, and the host must never import the pools on these disks.");
            case NVME ->
                words.add(
                        "The whole drive goes, with all that is on it. The host's NVMe numbers can shift; serial numbers do not.");
            case NIC -> {
                String lost = facts.interfaces().stream()
                        .filter(i -> addresses.contains(i.controller()))
                        .map(i -> i.name() + " (" + i.mac() + ")")
                        .collect(Collectors.joining(", "));
                words.add(
                        lost.isEmpty()
                                ? "The network card goes to the guest as it is, without a bridge of the host."
                                : "The host loses " + lost + " for as long as the guest has it.");
            }
            case USB -> {
                String plugged = facts.usb().stream()
                        .filter(u -> addresses.contains(u.controller()) && !u.rootHub())
                        .map(u -> u.product().isBlank() ? u.id() : u.product())
                        .collect(Collectors.joining(", "));
                words.add("All ports of the controller go"
                        + (plugged.isEmpty() ? "; nothing is plugged in there now." : ", with " + plugged + "."));
            }
            case OTHER -> {}
        }
        return words;
    }
}
