package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to create one VM with devices; the outline follows from it alone. Stored with the run.
 *
 * @param smbios identity of the VM, known before it exists: undo touches nothing that does not bear it
 * @param memoryMiB the sum of the cells when there are any
 * @param cells NUMA nodes of the guest; empty: none
 * @param hugepages {@code 1024}; null: ordinary pages
 * @param affinity host CPUs for QEMU's threads; null: all
 * @param vlan null: untagged
 * @param address with prefix
 * @param sshKeys public keys, the console's own among them
 * @param accepted warnings that a person has ticked, with what they showed
 */
public record PassthroughPlan(
        NodeRef node,
        VmId vmid,
        String name,
        UUID smbios,
        List<Device> devices,
        int cores,
        int memoryMiB,
        List<Cell> cells,
        @Nullable String hugepages,
        @Nullable String affinity,
        String storage,
        int diskGiB,
        Image image,
        String bridge,
        @Nullable Integer vlan,
        String address,
        @Nullable String gateway,
        @Nullable String nameserver,
        String user,
        List<String> sshKeys,
        List<Accepted> accepted) {

    /**
     * One device: a slot with all its functions, or one function.
     *
     * @param mapping the cluster-wide name by which the VM gets it
     * @param newMapping whether the run makes that name
     * @param path as Proxmox writes it: {@code 0000:0e:00} or {@code 0000:05:00.0}
     * @param ids of the first function, {@code 10de:1e81}
     * @param subsystem null when the hardware has none
     * @param group null when the hardware has none
     * @param label for people: {@code NVIDIA GeForce RTX 2080 SUPER}
     */
    public record Device(
            String mapping,
            boolean newMapping,
            String path,
            String ids,
            @Nullable String subsystem,
            @Nullable Integer group,
            String label,
            List<PlannedFunction> functions) {

        public Device {
            functions = List.copyOf(functions);
        }

        public PciSlot slot() {
            return functions.getFirst().address().slot();
        }
    }

    /**
     * A function that the guest must see.
     *
     * @param ids {@code 10de:1e81}
     * @param driver that had it when the plan was made; null: none
     */
    public record PlannedFunction(
            PciAddress address, String ids, @Nullable String driver) {}

    /** One NUMA node of the guest: its CPUs {@code first} to {@code last}, its memory bound to a node of the host. */
    public record Cell(int first, int last, int hostNode, int memoryMiB) {}

    /**
     * The disk image.
     *
     * @param volume as Proxmox names it; before 8.4, which has no storage for images, the absolute path of a file on the node. Of a
     *     download it holds the plan's mark
     * @param download null: it lies there already
     */
    public record Image(String volume, @Nullable Download download) {

        /** Whether it is a file on the node: only root may import that, so the disk is made over SSH. */
        public boolean onNode() {
            return volume.startsWith("/");
        }
    }

    /**
     * @param storage empty for a file on the node
     * @param fileName holds the plan's mark, so that an undo never removes somebody else's file
     * @param algorithm {@code sha256} or {@code sha512}
     */
    public record Download(String url, String storage, String fileName, String checksum, String algorithm) {}

    /** A warning that somebody ticked. */
    public record Accepted(String check, String target, String text, List<String> evidence) {
        public Accepted {
            evidence = List.copyOf(evidence);
        }
    }

    public PassthroughPlan {
        devices = List.copyOf(devices);
        cells = List.copyOf(cells);
        sshKeys = List.copyOf(sshKeys);
        accepted = List.copyOf(accepted);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("a plan without a device");
        }
        int sum = cells.stream().mapToInt(Cell::memoryMiB).sum();
        if (!cells.isEmpty() && sum != memoryMiB) {
            throw new IllegalArgumentException("the cells have " + sum + " MiB, the guest has " + memoryMiB);
        }
    }

    /**
     * What everything bears that a run of this plan makes: unique like the identity it is made from, and known before the run is.
     * {@code rackhouse-0d6c1b8e4c1b}
     */
    public String mark() {
        return mark(smbios);
    }

    static String mark(UUID smbios) {
        return "rackhouse-" + smbios.toString().replace("-", "").substring(0, 12);
    }

    /** The network card's address, from the same identity, with the prefix that Proxmox itself uses. */
    public String mac() {
        long bits = smbios.getLeastSignificantBits();
        return "BC:24:11:%02X:%02X:%02X".formatted(bits >> 16 & 255, bits >> 8 & 255, bits & 255);
    }

    /** Address without prefix. */
    public String host() {
        return address.substring(0, address.indexOf('/'));
    }

    /** All functions, by address. */
    public List<PlannedFunction> functions() {
        return devices.stream()
                .flatMap(d -> d.functions().stream())
                .sorted(java.util.Comparator.comparing(PlannedFunction::address))
                .toList();
    }
}
