package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Name, number and size of the VM, read from a draft.
 *
 * @param affinity null: all host CPUs
 */
record MachineInputs(
        VmId vmid,
        String name,
        int cores,
        int memoryMiB,
        List<PassthroughPlan.Cell> cells,
        boolean hugepages,
        @Nullable String affinity) {

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    /** @return empty, after problems were added, when something is wrong */
    static Optional<MachineInputs> read(PassthroughDraft draft, Site site, HostFacts facts, Problems problems) {
        VmId vmid = vmid(draft, site, problems);
        boolean named = name(draft, problems);
        int threads = Math.max(1, facts.threads());
        Integer cores = problems.whole(Field.CORES, draft.cores(), "the number of cores", 1, threads);
        Integer memory = memory(draft, facts, problems);
        boolean affinity = affinity(draft, facts, problems);
        if (vmid == null || !named || cores == null || memory == null || !affinity) {
            return Optional.empty();
        }
        List<PassthroughPlan.Cell> cells = cells(draft, facts, cores, memory, problems);
        return cells == null
                ? Optional.empty()
                : Optional.of(new MachineInputs(
                        vmid,
                        draft.name(),
                        cores,
                        memory,
                        cells,
                        draft.hugepages(),
                        draft.affinity().isBlank() ? null : draft.affinity()));
    }

    private static @Nullable VmId vmid(PassthroughDraft draft, Site site, Problems problems) {
        Integer number = problems.whole(Field.VMID, draft.vmid(), "the vmid", 100, 999_999_999);
        if (number == null) {
            return null;
        }
        VmId vmid = new VmId(number);
        if (site.taken().contains(vmid)) {
            problems.add(Field.VMID, "Guest " + vmid + " exists already in this cluster.");
            return null;
        }
        Optional<Site.Image> leftover = site.images().stream()
                .filter(i -> i.volume().matches(".*[:/](vm|base)-" + vmid + "-.*"))
                .findFirst();
        if (leftover.isPresent()) {
            problems.add(
                    Field.VMID,
                    "A volume of a former guest " + vmid + " still lies there: "
                            + leftover.get().volume() + ".");
            return null;
        }
        return vmid;
    }

    private static boolean name(PassthroughDraft draft, Problems problems) {
        boolean good = draft.name().length() <= 253 && draft.name().matches(LABEL + "(\\." + LABEL + ")*");
        if (!good) {
            problems.add(
                    Field.NAME,
                    draft.name().isBlank()
                            ? "Enter a name."
                            : "A name is a DNS name: letters, digits and inner hyphens, at most 63 between dots.");
        }
        return good;
    }

    private static @Nullable Integer memory(PassthroughDraft draft, HostFacts facts, Problems problems) {
        ByteSize total = facts.memory("MemTotal");
        long most = total == null ? 16_777_216 : total.bytes() / (1024 * 1024);
        Integer memory = problems.whole(Field.MEMORY, draft.memoryMiB(), "the memory in MiB", 512, most);
        if (memory != null && draft.hugepages() && memory % 1024 != 0) {
            problems.add(Field.MEMORY, "With 1 GiB pages the memory is a multiple of 1024 MiB.");
            return null;
        }
        return memory;
    }

    private static boolean affinity(PassthroughDraft draft, HostFacts facts, Problems problems) {
        if (draft.affinity().isBlank()) {
            return true;
        }
        boolean form = draft.affinity().matches("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*");
        boolean there = form;
        for (String part : form ? draft.affinity().split(",") : new String[0]) {
            String[] ends = part.split("-");
            int last = Integer.parseInt(ends[ends.length - 1]);
            there &= Integer.parseInt(ends[0]) <= last && last < Math.max(1, facts.threads());
        }
        if (!there) {
            problems.add(
                    Field.AFFINITY,
                    "Affinity is a list of this host's CPUs, like 0-5,24-29; the last one is " + (facts.threads() - 1)
                            + ".");
        }
        return there;
    }

    /** @return null after a problem was added */
    private static @Nullable List<PassthroughPlan.Cell> cells(
            PassthroughDraft draft, HostFacts facts, int cores, int memoryMiB, Problems problems) {
        List<Integer> nodes = List.copyOf(draft.numaNodes());
        if (nodes.isEmpty()) {
            if (draft.hugepages()) {
                problems.add(Field.NUMA, "Hugepages need NUMA nodes: choose at least one.");
                return null;
            }
            return List.of();
        }
        if (nodes.size() > 8) {
            problems.add(Field.NUMA, "A VM has at most eight NUMA nodes.");
            return null;
        }
        if (nodes.stream().anyMatch(n -> facts.numaNodes().stream().noneMatch(h -> h.number() == n))) {
            problems.add(Field.NUMA, "This host has no such NUMA node.");
            return null;
        }
        if (draft.hugepages() && nodes.stream().anyMatch(n -> n > 9)) {
            problems.add(Field.NUMA, "With hugepages Proxmox knows host nodes 0 to 9 only.");
            return null;
        }
        if (cores < nodes.size()) {
            problems.add(Field.CORES, "Each of the " + nodes.size() + " NUMA nodes needs at least one core.");
            return null;
        }
        int unit = draft.hugepages() ? 1024 : 1;
        int units = memoryMiB / unit;
        List<PassthroughPlan.Cell> cells = new ArrayList<>();
        int cpu = 0;
        for (int i = 0; i < nodes.size(); i++) {
            int share = cores / nodes.size() + (i < cores % nodes.size() ? 1 : 0);
            int part = units / nodes.size() + (i < units % nodes.size() ? 1 : 0);
            if (part == 0) {
                problems.add(Field.MEMORY, "Each of the " + nodes.size() + " NUMA nodes needs at least 1 GiB.");
                return null;
            }
            int rest = i == nodes.size() - 1 ? memoryMiB - units * unit : 0;
            cells.add(new PassthroughPlan.Cell(cpu, cpu + share - 1, nodes.get(i), part * unit + rest));
            cpu += share;
        }
        return cells;
    }
}
