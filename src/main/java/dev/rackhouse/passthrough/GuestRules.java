package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PathList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks of a VM's configuration, existing or planned. */
final class GuestRules {

    static final List<Rule<GuestCase>> ALL = List.of(
            GuestRules::missingDevice,
            MemoryRules::fit,
            MemoryRules::balloon,
            MemoryRules::pagesFree,
            MemoryRules::pagesNeedNuma,
            MemoryRules::pagesPerNode,
            MemoryRules::numaSum,
            MemoryRules::locality,
            MemoryRules::blindGuest,
            GuestRules::allThreads,
            GuestRules::machine,
            GuestRules::firmwareWithoutDisk,
            GuestRules::secureBootKeys,
            GuestRules::primaryDisplay,
            GuestRules::cpuType,
            GuestRules::hidden,
            KindRules::romOfAdapter,
            GuestRules::liveMigration,
            GuestRules::offlineMigration,
            GuestRules::highAvailability);

    private GuestRules() {}

    private static List<Finding> missingDevice(GuestCase c) {
        List<Finding> found = new ArrayList<>();
        for (HostPciEntry entry : c.entries()) {
            String host = entry.host();
            if (host != null) {
                for (PathList.Part part : PathList.parse(host)) {
                    if (c.facts().functions().stream().noneMatch(f -> part.names(f.address()))) {
                        found.add(blocker(
                                "dev.missing",
                                c.target(),
                                "%s names %s, where this host has nothing.".formatted(entry.key(), host),
                                "The card moved or is gone. Choose it again, best by a resource mapping.",
                                c.guest().line(entry.key())));
                    }
                }
            }
        }
        return found;
    }

    private static List<Finding> allThreads(GuestCase c) {
        int threads = c.facts().threads();
        return when(
                threads > 0 && c.guest().vcpus() >= threads,
                () -> warning(
                        "cpu.all",
                        c.target(),
                        "%d vCPUs on a host with %d threads: the host's disk and network work competes with the guest."
                                .formatted(c.guest().vcpus(), threads),
                        "Leave 2 to 4 threads to the host.",
                        c.guest().line("cores"),
                        "NODE records: " + threads + " threads"));
    }

    private static List<Finding> machine(GuestCase c) {
        boolean q35 = c.guest().option("machine", "pc").contains("q35");
        return c.entries().stream()
                .filter(e -> e.flag("pcie") && !q35)
                .limit(1)
                .map(e -> blocker(
                        "vm.q35",
                        c.target(),
                        e.key()
                                + " asks for PCI Express, but the machine type is not q35: Proxmox refuses to start it.",
                        "Set machine: q35.",
                        c.guest().line(e.key()),
                        c.guest().line("machine")))
                .toList();
    }

    private static List<Finding> firmwareWithoutDisk(GuestCase c) {
        return when(
                c.guest().option("bios", "seabios").equals("ovmf") && c.guest().option("efidisk0") == null,
                () -> warning(
                        "vm.ovmf",
                        c.target(),
                        "UEFI without efidisk0: boot entries are lost at each start.",
                        "Add an EFI disk.",
                        c.guest().line("bios"),
                        c.guest().line("efidisk0")));
    }

    private static List<Finding> secureBootKeys(GuestCase c) {
        boolean nvidia = c.functions().stream().anyMatch(f -> f.nvidia() && f.gpu());
        return when(
                nvidia && c.guest().option("efidisk0", "").contains("pre-enrolled-keys=1"),
                () -> warning(
                        "vm.sb-keys",
                        c.target(),
                        "The guest boots with Secure Boot keys: a driver built in the guest is rejected"
                                + " (\"Key was rejected by service\").",
                        "Use pre-enrolled-keys=0, or the distribution's signed modules.",
                        c.guest().line("efidisk0")));
    }

    private static List<Finding> primaryDisplay(GuestCase c) {
        return c.entries().stream()
                .filter(e -> e.flag("x-vga"))
                .limit(1)
                .map(e -> warning(
                        "vm.xvga",
                        c.target(),
                        e.key()
                                + " makes the card the guest's primary display: no virtual display, a blank console. A guest that"
                                + " computes does not need it.",
                        "Drop x-vga=1; use vga: serial0 with serial0: socket.",
                        c.guest().line(e.key())))
                .toList();
    }

    private static List<Finding> cpuType(GuestCase c) {
        String cpu = c.guest().option("cpu", "kvm64");
        String type = Stream.of(cpu.split(","))
                .filter(p -> !p.contains("=") || p.startsWith("cputype="))
                .map(p -> p.replace("cputype=", ""))
                .findFirst()
                .orElse("");
        return when(
                c.passesDevices() && !type.equals("host"),
                () -> warning(
                        "vm.cpu",
                        c.target(),
                        "The CPU type is %s: instructions such as AVX may be missing, and the window for large memory BARs is small."
                                .formatted(type),
                        "Set cpu: host.",
                        c.guest().line("cpu")));
    }

    private static List<Finding> hidden(GuestCase c) {
        boolean inCpu = c.guest().option("cpu", "").contains("hidden=1");
        boolean inArgs = c.guest().option("args", "").contains("kvm=off");
        return when(
                inCpu || inArgs,
                () -> warning(
                        "vm.hidden",
                        c.target(),
                        "The guest hides that it is a guest. Drivers since 465 do not need that, and it turns off NVIDIA's path"
                                + " between GPUs.",
                        "Remove it.",
                        c.guest().line(inCpu ? "cpu" : "args")));
    }

    private static List<Finding> liveMigration(GuestCase c) {
        return when(
                c.passesDevices(),
                () -> information(
                        "mig.live",
                        c.target(),
                        "With a passed-through device there is no live migration, no snapshot with memory, no hibernation.",
                        "Use snapshots without memory, and shut down to move.",
                        c.guest().line(c.entries().getFirst().key())));
    }

    private static List<Finding> offlineMigration(GuestCase c) {
        HostFacts facts = c.facts();
        if (!Boolean.TRUE.equals(facts.flag("cluster"))) {
            return List.of();
        }
        List<String> others = Stream.concat(
                        facts.guests().stream().map(GuestConfig::node),
                        facts.mappings().stream().map(m -> m.node()))
                .filter(n -> !n.equals(facts.hostname()))
                .distinct()
                .sorted()
                .toList();
        List<String> evidence = new ArrayList<>();
        for (HostPciEntry entry : c.entries()) {
            boolean everywhere = entry.mapping() != null
                    && others.stream()
                            .allMatch(n -> facts.mappings().stream()
                                    .anyMatch(m -> m.mapping().equals(entry.mapping())
                                            && m.node().equals(n)));
            if (entry.mapping() == null || !everywhere) {
                evidence.add(c.guest().line(entry.key()));
            }
        }
        return when(
                !evidence.isEmpty(),
                () -> Finding.of(
                        "mig.offline",
                        Severity.WARNING,
                        c.target(),
                        "The guest cannot be moved to every other node even when it is off: its device is named by address, or the"
                                + " mapping has no entry there.",
                        "Add a mapping entry for each node that has such a device.",
                        evidence));
    }

    private static List<Finding> highAvailability(GuestCase c) {
        String line = "vm: " + c.guest().vmid();
        return when(
                c.passesDevices()
                        && c.facts().lines("/etc/pve/ha/resources.cfg").stream()
                                .anyMatch(l -> l.strip().equals(line)),
                () -> warning(
                        "ha.pin",
                        c.target(),
                        "The guest is a high-availability resource: after a node fails it starts only where its mapping exists, and a"
                                + " node that migrates at shutdown can hang on it.",
                        "Add a node-affinity rule, or take it out of high availability.",
                        "L /etc/pve/ha/resources.cfg " + line));
    }
}
