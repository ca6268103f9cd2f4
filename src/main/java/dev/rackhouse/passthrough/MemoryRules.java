package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.unknown;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.NumaNode;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks of a VM's memory: what is pinned, where it lies, in which pages. */
final class MemoryRules {

    /** What a VM needs beside its own memory: QEMU's, and half a GiB of page tables and mappings for each GPU. */
    static final ByteSize OVERHEAD = ByteSize.ofGiB(2);

    static final ByteSize OVERHEAD_PER_GPU = ByteSize.ofMiB(512);

    private MemoryRules() {}

    static List<Finding> fit(GuestCase c) {
        if (c.running() || !c.passesDevices() || c.guest().option("hugepages") != null) {
            return List.of();
        }
        ByteSize available = c.facts().memory("MemAvailable");
        if (available == null) {
            return List.of(unknown(
                    "mem.fit",
                    c.target(),
                    "The host did not show how much memory is available.",
                    "Read it again before you start the VM."));
        }
        ByteSize wanted = needed(c.guest().memoryMiB(), c.gpus());
        return when(
                wanted.compareTo(available) > 0,
                () -> blocker(
                        "mem.fit",
                        c.target(),
                        "With a device all of the guest's memory is taken at start: %s with what QEMU needs, and %s is available."
                                .formatted(wanted, available),
                        "Make the VM smaller, stop others, or limit the ZFS cache.",
                        c.guest().line("memory"),
                        "K mem_MemAvailable " + available.bytes() / 1024));
    }

    static ByteSize needed(long memoryMiB, int gpus) {
        return new ByteSize(ByteSize.ofMiB(memoryMiB).bytes() + OVERHEAD.bytes() + gpus * OVERHEAD_PER_GPU.bytes());
    }

    static List<Finding> balloon(GuestCase c) {
        if (!c.passesDevices()) {
            return List.of();
        }
        String balloon = c.guest().option("balloon");
        if (balloon == null) {
            return List.of(information(
                    "mem.balloon",
                    c.target(),
                    "The balloon device is there and idle: with a passed-through device all memory is pinned.",
                    "Set balloon: 0.",
                    c.guest().line("balloon")));
        }
        return when(
                !balloon.equals("0"),
                () -> warning(
                        "mem.balloon",
                        c.target(),
                        "The balloon cannot shrink pinned memory, and the figures that Proxmox shows are wrong.",
                        "Set balloon: 0.",
                        c.guest().line("balloon")));
    }

    static List<Finding> pagesFree(GuestCase c) {
        String pages = c.guest().option("hugepages");
        boolean oneGiB =
                "1024".equals(pages) || "any".equals(pages) && c.guest().memoryMiB() % 1024 == 0;
        if (c.running() || !oneGiB) {
            return List.of();
        }
        List<String> evidence = new ArrayList<>();
        for (GuestCase.Cell cell : cellsOrSockets(c)) {
            for (int node : cell.hostNodes()) {
                long wanted =
                        cell.memoryMiB() / 1024 / Math.max(1, cell.hostNodes().size());
                NumaNode host = c.facts().numaNodes().stream()
                        .filter(n -> n.number() == node)
                        .findFirst()
                        .orElse(null);
                long free = host == null ? 0 : host.pages(NumaNode.ONE_GIB).free();
                if (free < wanted) {
                    evidence.add("NODE %d hp_1048576kB free %d, %d wanted".formatted(node, free, wanted));
                }
            }
        }
        return when(
                !evidence.isEmpty(),
                () -> Finding.of(
                                "hp.free",
                                Severity.BLOCKER,
                                c.target(),
                                "There are not enough free 1 GiB pages on the nodes that the guest is bound to. A running host can"
                                        + " hardly gather them.",
                                "Reserve them on the kernel command line, set keephugepages: 1, and reboot. Or do without hugepages.",
                                evidence)
                        .afterReboot());
    }

    private static List<GuestCase.Cell> cellsOrSockets(GuestCase c) {
        List<GuestCase.Cell> cells = c.cells();
        if (!cells.isEmpty()) {
            return cells;
        }
        int sockets = c.guest().number("sockets", 1);
        List<GuestCase.Cell> bySocket = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            bySocket.add(new GuestCase.Cell(i, c.guest().memoryMiB() / sockets, List.of(i), ""));
        }
        return bySocket;
    }

    static List<Finding> pagesNeedNuma(GuestCase c) {
        if (c.guest().option("hugepages") == null) {
            return List.of();
        }
        boolean cellsFit = c.cells().stream().allMatch(cell -> cell.hostNodes().size() == 1);
        return when(
                !c.guest().flag("numa") || !cellsFit,
                () -> blocker(
                        "hp.numa",
                        c.target(),
                        "Hugepages need numa: 1, and each numaN exactly one host node; Proxmox refuses anything else.",
                        "Set numa: 1 and one hostnodes value in each numaN.",
                        c.guest().line("hugepages"),
                        c.guest().line("numa")));
    }

    static List<Finding> pagesPerNode(GuestCase c) {
        if (c.guest().option("hugepages") == null || c.guest().flag("keephugepages")) {
            return List.of();
        }
        return KernelWordRules.perNodeWord(c.facts()).stream()
                .map(w -> warning(
                        "hp.pernode",
                        c.target(),
                        "The host reserves pages with \"" + w
                                + "\", which Proxmox does not understand: after the start it gives the" + " pool back.",
                        "Set keephugepages: 1.",
                        "K cmdline " + c.facts().key("cmdline"),
                        c.guest().line("keephugepages")))
                .toList();
    }

    static List<Finding> numaSum(GuestCase c) {
        List<GuestCase.Cell> cells = c.cells();
        long sum = cells.stream().mapToLong(GuestCase.Cell::memoryMiB).sum();
        boolean tooMany = cells.size() > 8 || cells.stream().anyMatch(cell -> cell.number() > 7);
        return when(
                !cells.isEmpty() && (sum != c.guest().memoryMiB() || tooMany),
                () -> blocker(
                        "numa.sum",
                        c.target(),
                        tooMany
                                ? "Proxmox knows at most eight NUMA nodes in a guest, numa0 to numa7."
                                : "The NUMA nodes of the guest have %d MiB together, the guest has %d MiB: Proxmox refuses to start it."
                                        .formatted(sum, c.guest().memoryMiB()),
                        "Compute the parts again.",
                        c.guest().line("memory"),
                        cells.stream().map(GuestCase.Cell::text).collect(Collectors.joining(" | "))));
    }

    static List<Finding> locality(GuestCase c) {
        if (c.facts().numaNodes().size() < 2) {
            return List.of();
        }
        Set<Integer> bound = c.cells().stream()
                .flatMap(cell -> cell.hostNodes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<PciFunction> remote = c.functions().stream()
                .filter(f -> f.passable() && f.numaNode() != null && !bound.contains(f.numaNode()))
                .toList();
        return when(
                !remote.isEmpty(),
                () -> Finding.of(
                        "numa.locality",
                        Severity.WARNING,
                        c.target(),
                        "The device hangs on NUMA node %d; the guest's memory is %s. Each transfer may cross the host."
                                .formatted(
                                        remote.getFirst().numaNode(),
                                        bound.isEmpty() ? "not bound to a node" : "bound to " + bound),
                        "Bind the guest's memory to the device's node.",
                        remote.stream().map(f -> f.line("numa_node")).toList()));
    }

    static List<Finding> blindGuest(GuestCase c) {
        return when(
                c.cells().size() > 1 && c.gpus() > 0,
                () -> information(
                        "numa.gpu-blind",
                        c.target(),
                        "The guest has several NUMA nodes, but does not see on which of them its GPUs are: Proxmox gives them no home.",
                        "Nothing to fix. The host places the memory; inside the guest do not rely on locality.",
                        c.guest().line("numa0"),
                        c.guest().line("hostpci" + c.entries().getFirst().index())));
    }
}
