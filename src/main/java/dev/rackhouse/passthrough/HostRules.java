package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.unknown;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.MappingEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of the host as such. */
final class HostRules {

    static final Target NODE = new Target.Host();

    static final List<Rule<HostFacts>> ALL = List.of(
            HostRules::virtualisation,
            HostRules::iommuOff,
            HostRules::translationCost,
            HostRules::interruptRemapping,
            HostRules::unsafeInterrupts,
            HostRules::vfioModules,
            HostRules::vfioVirqfd,
            HostRules::secureBoot,
            HostRules::noSpaceForWindows,
            HostRules::pendingAtReboot,
            HostRules::cacheLimit,
            HostRules::mappingWithoutDevice,
            KernelWordRules::strayInGrub,
            KernelWordRules::wrongFile,
            KernelWordRules::amdOn,
            KernelWordRules::severalLines,
            KernelWordRules::pagesPerNode);

    private HostRules() {}

    private static List<Finding> virtualisation(HostFacts facts) {
        List<String> flags = facts.keyValues("cpu_flag");
        boolean kvm = Boolean.TRUE.equals(facts.flag("dev_kvm"));
        if (kvm && (flags.contains("vmx") || flags.contains("svm"))) {
            return List.of();
        }
        boolean nested = flags.contains("hypervisor");
        return List.of(blocker(
                "cpu.virt",
                NODE,
                nested
                        ? "This host is itself a guest and offers no virtualisation. Passthrough inside a guest is not supported."
                        : "Virtualisation is off in the firmware, so no VM can run with hardware support.",
                nested ? "Use a host on bare metal." : "Turn on VT-x (Intel) or SVM (AMD) in the firmware.",
                "K dev_kvm " + facts.key("dev_kvm"),
                "K cpu_flag " + String.join(" ", flags)));
    }

    private static List<Finding> iommuOff(HostFacts facts) {
        boolean intel = "GenuineIntel".equals(facts.key("cpu_vendor"));
        boolean needsWord = intel && !facts.kernelAtLeast(6, 8);
        boolean hasWord = facts.kernelWords().contains("intel_iommu=on");
        return when(
                !facts.iommuOn(),
                () -> blocker(
                                "iommu.off",
                                NODE,
                                "The kernel runs no IOMMU, so no device can be given to a guest.",
                                needsWord && !hasWord
                                        ? "Add intel_iommu=on to the kernel command line (kernel " + facts.kernel()
                                                + " leaves it off by default), and turn on VT-d in the firmware. Then reboot."
                                        : "Turn on " + (intel ? "VT-d" : "AMD-Vi (IOMMU, SVM)")
                                                + " in the firmware. Kernel " + facts.kernel()
                                                + " uses it by itself. Then reboot.",
                                "no IOMMU record",
                                "K cmdline " + facts.key("cmdline"))
                        .afterReboot());
    }

    private static List<Finding> translationCost(HostFacts facts) {
        boolean translated = facts.groups().stream().anyMatch(g -> g.type().startsWith("DMA"));
        return when(
                translated && !facts.kernelWords().contains("iommu=pt"),
                () -> information(
                        "iommu.pt",
                        NODE,
                        "The host's own devices go through address translation. It costs a little speed and nothing else.",
                        "Optional: iommu=pt on the kernel command line. It does not change how guests are isolated.",
                        facts.groups().getFirst().line()));
    }

    private static List<Finding> interruptRemapping(HostFacts facts) {
        Boolean remapped = facts.flag("irq_remap");
        if (!facts.iommuOn()) {
            return List.of();
        }
        if (remapped == null) {
            return List.of(unknown(
                    "irq.remap",
                    NODE,
                    "The host did not show whether interrupts are remapped.",
                    "Look into /proc/interrupts: chip names that start with IR- are remapped."));
        }
        return when(
                !remapped,
                () -> blocker(
                                "irq.remap",
                                NODE,
                                "Interrupts are not remapped: a guest with a device could forge interrupts, and QEMU refuses to"
                                        + " start (\"Failed to set iommu for container: Operation not permitted\").",
                                "Update the firmware and turn on x2APIC and interrupt remapping. Last resort, with explicit"
                                        + " consent: option allow_unsafe_interrupts=1 of vfio_iommu_type1.",
                                "K irq_remap 0")
                        .afterReboot());
    }

    private static List<Finding> unsafeInterrupts(HostFacts facts) {
        return when(
                "Y".equals(facts.key("unsafe_interrupts")),
                () -> warning(
                        "irq.unsafe",
                        NODE,
                        "The host allows unsafe interrupts: guests with devices are less isolated.",
                        Boolean.TRUE.equals(facts.flag("irq_remap"))
                                ? "Interrupts are remapped here, so the option is not needed: remove it."
                                : "Remove the option once the firmware remaps interrupts.",
                        "K unsafe_interrupts Y"));
    }

    private static List<Finding> vfioModules(HostFacts facts) {
        return when(
                !facts.modules().containsKey("vfio_pci"),
                () -> information(
                        "vfio.modules",
                        NODE,
                        "vfio-pci is not loaded. Proxmox loads it when a VM needs it.",
                        "Load it at boot only where a GPU driver must be beaten to the card.",
                        "no MOD vfio_pci record"));
    }

    private static List<Finding> vfioVirqfd(HostFacts facts) {
        return facts.linesUnder("/etc/modules").stream()
                .filter(l -> l.text().strip().equals("vfio_virqfd"))
                .limit(1)
                .map(l -> information(
                        "vfio.virqfd",
                        NODE,
                        "vfio_virqfd is part of vfio since kernel 6.2; its own module is gone and each boot logs a failed load.",
                        "Delete the line in " + l.source() + ".",
                        "L " + l.source() + " " + l.text()))
                .toList();
    }

    private static List<Finding> secureBoot(HostFacts facts) {
        if (facts.key("secureboot") == null && "efi".equals(facts.key("firmware")) && !facts.root()) {
            return List.of(unknown(
                    "fw.secureboot",
                    NODE,
                    "Whether Secure Boot is on could not be read without root.",
                    "Let the probe run as root, or by sudo."));
        }
        boolean needsModule = facts.functions().stream().anyMatch(DeviceRules::amdWithoutReset);
        return when(
                Boolean.TRUE.equals(facts.flag("secureboot")),
                () -> Finding.of(
                        "fw.secureboot",
                        needsModule ? Severity.WARNING : Severity.INFORMATION,
                        NODE,
                        "Secure Boot is on: the host loads signed modules only. vendor-reset and a self-built NVIDIA driver"
                                + " will not load"
                                + (needsModule ? ", and a card of this host needs vendor-reset." : "."),
                        "Sign such modules, or turn Secure Boot off.",
                        List.of("K secureboot 1")));
    }

    private static List<Finding> noSpaceForWindows(HostFacts facts) {
        List<String> lines = facts.lines("dmesg").stream()
                .filter(l -> l.matches(".*BAR [0-9].*(no space|can't assign|failed to assign).*"))
                .limit(3)
                .map(l -> "L dmesg " + l)
                .toList();
        if (lines.isEmpty() && !facts.root() && facts.lines("dmesg").isEmpty()) {
            return List.of(unknown(
                    "fw.above4g",
                    NODE,
                    "Whether the firmware left room for large memory windows could not be read: the kernel log needs root.",
                    "Let the probe run as root, or by sudo.",
                    "K uid " + facts.key("uid")));
        }
        return when(
                !lines.isEmpty(),
                () -> Finding.of(
                                "fw.above4g",
                                Severity.WARNING,
                                NODE,
                                "The firmware left no room for a device's memory window.",
                                "Turn on \"Above 4G decoding\" in the firmware.",
                                lines)
                        .afterReboot());
    }

    private static List<Finding> pendingAtReboot(HostFacts facts) {
        return when(
                Boolean.TRUE.equals(facts.flag("interfaces_new")),
                () -> warning(
                        "boot.pending",
                        NODE,
                        "A staged network change waits in /etc/network/interfaces.new: the next reboot makes it live without"
                                + " asking.",
                        "Review it first, then apply or drop it on the network page of the node in Proxmox.",
                        "K interfaces_new 1"));
    }

    private static List<Finding> cacheLimit(HostFacts facts) {
        ByteSize limit = facts.arcLimit();
        ByteSize total = facts.memory("MemTotal");
        if (!facts.modules().containsKey("zfs") || facts.zpools().isEmpty()) {
            return List.of();
        }
        if (limit == null || total == null) {
            return List.of(unknown(
                    "mem.arc",
                    NODE,
                    "How much memory the ZFS cache may take could not be read.",
                    "See c_max in /proc/spl/kstat/zfs/arcstats.",
                    "no K arc_c_max record"));
        }
        List<GuestConfig> atBoot =
                facts.guestsHere().stream().filter(g -> g.flag("onboot")).toList();
        long guests = atBoot.stream()
                .mapToLong(g -> ByteSize.ofMiB(g.memoryMiB()).bytes())
                .sum();
        return when(
                !atBoot.isEmpty() && limit.bytes() + guests > total.bytes(),
                () -> warning(
                                "mem.arc",
                                NODE,
                                "The ZFS cache may take %s and the guests that start at boot take %s; together more than the %s of this host. The cache shrinks slowly, so a start that pins its memory can fail."
                                        .formatted(limit, new ByteSize(guests), total),
                                "Limit zfs_arc_max in /etc/modprobe.d and refresh the initramfs.",
                                "K arc_c_max " + limit.bytes(),
                                "K mem_MemTotal " + total.bytes() / 1024)
                        .afterReboot());
    }

    private static List<Finding> mappingWithoutDevice(HostFacts facts) {
        List<Finding> found = new ArrayList<>();
        if (!facts.root() && facts.pveVersion() != null && facts.mappings().isEmpty()) {
            found.add(unknown(
                    "map.drift",
                    NODE,
                    "Whether resource mappings still fit the hardware could not be read: /etc/pve needs root.",
                    "Let the probe run as root, or by sudo.",
                    "K uid " + facts.key("uid")));
        }
        for (MappingEntry entry : facts.mappingsHere()) {
            boolean there = entry.parts().stream()
                    .allMatch(p -> facts.functions().stream().anyMatch(f -> p.names(f.address())));
            if (!there || entry.parts().isEmpty()) {
                found.add(blocker(
                        "map.drift",
                        NODE,
                        "Mapping %s names %s on this host, where nothing is. A VM that uses it will not start."
                                .formatted(entry.mapping(), entry.path()),
                        "Compare serial numbers, then map the device anew or remove the entry.",
                        entry.line()));
            }
        }
        return found;
    }

    /** What changed in the firmware since the facts before. */
    static List<Finding> firmwareDrift(HostFacts facts, @Nullable HostFacts before) {
        if (before == null) {
            return List.of();
        }
        String was = before.key("bios") + " " + before.key("bios_date");
        String is = facts.key("bios") + " " + facts.key("bios_date");
        return when(
                !was.equals(is),
                () -> warning(
                        "fw.bios-drift",
                        NODE,
                        "The firmware changed from %s to %s: addresses, groups and link widths may have moved."
                                .formatted(was, is),
                        "Run all checks again and compare the resource mappings.",
                        "K bios " + facts.key("bios"),
                        "K bios_date " + facts.key("bios_date")));
    }
}
