package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.information;

import dev.rackhouse.inventory.fact.BlockDevice;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.UsbDevice;
import dev.rackhouse.inventory.fact.Zpool;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Not only GPUs: what is particular to storage adapters, NVMe drives, network cards and USB controllers. */
final class KindRules {

    private KindRules() {}

    private static List<PciFunction> those(Candidate c, Predicate<PciFunction> kind) {
        return c.functions().stream().filter(kind).limit(1).toList();
    }

    /** SAS, SCSI and RAID adapters; SATA controllers have no option ROM of their own. */
    static boolean adapter(PciFunction f) {
        return f.subclass() == 0x0107 || f.subclass() == 0x0104 || f.subclass() == 0x0100;
    }

    /** An adapter's own boot program slows a guest's start, or hangs it. */
    static List<Finding> optionRom(Candidate c) {
        return those(c, f -> adapter(f) && !f.virtualFunction()).stream()
                .map(f -> information(
                        "hba.rombar",
                        c.target(),
                        HardwareNames.describe(f)
                                + " brings a boot program of its own. In a guest it slows the start by minutes, or hangs it.",
                        "Hide it from the guest with rombar=0, and let the guest boot from a virtual disk.",
                        f.line("class", "rom")))
                .toList();
    }

    /** A guest that has such an adapter and its boot program too. */
    static List<Finding> romOfAdapter(GuestCase c) {
        return DeviceUse.of(c.facts()).stream()
                .filter(u -> u.guest().vmid().equals(c.guest().vmid()))
                .filter(u -> !"0".equals(u.entry().options().get("rombar")))
                .filter(u -> c.functions().stream().anyMatch(f -> adapter(f) && u.names(f.address())))
                .map(u -> Finding.warning(
                        "hba.rombar",
                        c.target(),
                        u.entry().key()
                                + " gives the guest a storage adapter with its own boot program: the guest starts minutes later, or hangs.",
                        "Set rombar=0 on it.",
                        u.line()))
                .toList();
    }

    /** The disks behind a storage controller: the controller goes, not a disk. */
    static List<Finding> disks(Candidate c) {
        return those(c, f -> f.baseClass() == 0x01 && f.subclass() != 0x0108).stream()
                .map(f -> {
                    List<BlockDevice> disks = behind(c, f);
                    return Finding.of(
                            "hba.disks",
                            Severity.INFORMATION,
                            c.target(),
                            disks.isEmpty()
                                    ? "The host sees no disk behind it"
                                            + ("vfio-pci".equals(f.driver())
                                                    ? ": vfio-pci has it, so what hangs on it is known to the guest only."
                                                    : ".")
                                    : "With it go all disks behind it: " + listed(disks) + pools(c, disks)
                                            + ". Their health is then seen in the guest only, and they are in no backup of Proxmox.",
                            "Pass the whole controller to a storage guest, not single disks of it.",
                            disks.isEmpty()
                                    ? List.of(f.driverLine())
                                    : disks.stream()
                                            .limit(24)
                                            .map(d -> "PATH block " + d.name() + " below " + f.address())
                                            .toList());
                })
                .toList();
    }

    static List<Finding> nvme(Candidate c) {
        return those(c, f -> f.subclass() == 0x0108 && !f.virtualFunction()).stream()
                .map(f -> {
                    List<BlockDevice> disks = behind(c, f);
                    return information(
                            "nvme.whole",
                            c.target(),
                            "The drive goes as a whole" + (disks.isEmpty() ? "" : ": " + listed(disks))
                                    + ". It is in no backup of Proxmox, and the numbers of the other NVMe drives may shift.",
                            "Refer to the other drives by serial number, never by nvme0 or nvme1.",
                            f.driverLine());
                })
                .toList();
    }

    static List<Finding> network(Candidate c) {
        return those(c, f -> f.baseClass() == 0x02 && !f.virtualFunction()).stream()
                .map(f -> {
                    List<NetInterface> interfaces = c.facts().interfaces().stream()
                            .filter(i -> f.address().equals(i.controller()))
                            .toList();
                    return information(
                            "nic.leaves",
                            c.target(),
                            interfaces.isEmpty()
                                    ? "The host has no interface on it."
                                    : "The host loses "
                                            + interfaces.stream()
                                                    .map(i -> i.name() + " (" + i.mac() + ", " + i.state() + ")")
                                                    .collect(Collectors.joining(", "))
                                            + ". Bridges and bonds that name it come up without it.",
                            "Take it out of /etc/network/interfaces. Where the card has virtual functions, one of them may be enough.",
                            f.line("class") + ", " + f.driverLine());
                })
                .toList();
    }

    static List<Finding> usb(Candidate c) {
        return those(c, f -> f.subclass() == 0x0c03 && !c.hasGpu()).stream()
                .map(f -> {
                    List<UsbDevice> plugged = c.facts().usb().stream()
                            .filter(u -> !u.rootHub() && f.address().equals(u.controller()))
                            .toList();
                    return Finding.of(
                            "usb.devices",
                            Severity.INFORMATION,
                            c.target(),
                            plugged.isEmpty()
                                    ? "Nothing is plugged into this controller now. Whatever is plugged into its ports goes to the guest."
                                    : "With the controller go all its ports and what is plugged in: "
                                            + plugged.stream()
                                                    .map(u -> u.product().isBlank() ? u.id() : u.product())
                                                    .collect(Collectors.joining(", "))
                                            + ".",
                            "For a single USB device, usbN by its id is less than a whole controller.",
                            plugged.isEmpty()
                                    ? List.of(f.driverLine())
                                    : plugged.stream().map(UsbDevice::line).toList());
                })
                .toList();
    }

    private static List<BlockDevice> behind(Candidate c, PciFunction f) {
        return c.facts().blocks().stream()
                .filter(b -> b.disk() == null && f.address().equals(b.controller()))
                .toList();
    }

    private static String listed(List<BlockDevice> disks) {
        return disks.stream()
                        .limit(12)
                        .map(d -> d.name() + " (" + (d.model() == null ? "" : d.model() + ", ") + d.size() + ")")
                        .collect(Collectors.joining(", "))
                + (disks.size() > 12 ? " and " + (disks.size() - 12) + " more" : "");
    }

    /** Imported pools with a member on one of these. */
    private static String pools(Candidate c, List<BlockDevice> disks) {
        List<String> names = c.facts().zpools().stream()
                .filter(p -> p.members().stream()
                        .anyMatch(m ->
                                disks.stream().anyMatch(d -> m.equals(d.name()) || m.matches(d.name() + "p?[0-9]+"))))
                .map(Zpool::name)
                .toList();
        return names.isEmpty() ? "" : ", with pool " + String.join(", ", names);
    }
}
