package dev.rackhouse.simulator.lab;

import dev.rackhouse.simulator.host.ProbeDump;
import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.LabSeed.MappingSeed;
import dev.rackhouse.simulator.world.LabSeed.NodeSeed;
import dev.rackhouse.simulator.world.LabSeed.SpaceSeed;
import dev.rackhouse.simulator.world.LabSeed.StorageSeed;
import dev.rackhouse.simulator.world.LabSeed.VolumeSeed;
import dev.rackhouse.simulator.world.LabSeeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Labs of any size: clusters of at most 32 nodes, each node after one of two real boards, two of five with a GPU, guests
 * spread over them. The same numbers always give the same labs.
 */
public final class GeneratedLabs {
    /** Largest cluster that Proxmox recommends. */
    static final int CLUSTER = 32;

    private static final long GIB = 1L << 30;
    private static final int FIRST_PORT = 1000;
    private static final int FIRST_SSH_PORT = 3000;

    private GeneratedLabs() {}

    /** Plans for clusters {@code rack-01}, {@code rack-02}... */
    public static List<LabPlan> plans(int nodes, int guests) {
        List<LabPlan> plans = new ArrayList<>();
        int nodesBefore = 0;
        int guestsBefore = 0;
        for (int cluster = 1; nodesBefore < nodes; cluster++) {
            int size = Math.min(CLUSTER, nodes - nodesBefore);
            int last = (int) ((long) guests * (nodesBefore + size) / nodes);
            plans.add(plan(cluster, size, last - guestsBefore, nodesBefore));
            nodesBefore += size;
            guestsBefore = last;
        }
        return plans;
    }

    private static LabPlan plan(int cluster, int size, int guests, int nodesBefore) {
        String name = "rack-%02d".formatted(cluster);
        LabSeed targaryen = LabSeeds.packed("targaryen");
        NodeSeed large = targaryen.nodes().getFirst();
        NodeSeed small = LabSeeds.packed("prepared").nodes().getFirst();
        List<NodeSeed> nodes = new ArrayList<>();
        Map<String, Supplier<ProbeDump>> machines = new LinkedHashMap<>();
        List<String> mapEntries = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            NodeShape shape = NodeShape.of(i);
            String node = "r%02dn%02d".formatted(cluster, i);
            String address = "10.%d.10.%d".formatted(cluster, 10 + i);
            NodeSeed template = shape == NodeShape.LARGE_WITH_GPU ? large : small;
            nodes.add(seed(template, node, address));
            machines.put(node, () -> shape.dump(node, address));
            if (shape.gpuMapping() != null) {
                mapEntries.add(shape.gpuMapping().replace("node=?", "node=" + node));
            }
        }
        List<GuestSeed> guestSeeds = guests(cluster, nodes, guests);
        LabSeed seed = new LabSeed(
                name,
                name,
                null,
                nodes,
                storages(nodes, guestSeeds),
                guestSeeds,
                List.of(new MappingSeed("pci", "gpu", "one GPU of any node", mapEntries, null, null)),
                targaryen.access(),
                List.of(),
                List.of(),
                Map.of());
        return new LabPlan(name, seed, machines, FIRST_PORT + nodesBefore, FIRST_SSH_PORT + nodesBefore);
    }

    private static NodeSeed seed(NodeSeed template, String name, String address) {
        List<Map<String, Object>> network = new ArrayList<>();
        for (Map<String, Object> row : template.network()) {
            Map<String, Object> copy = new TreeMap<>(row);
            if (template.ip().equals(row.get("address"))) {
                copy.put("address", address);
                copy.put("cidr", address + "/24");
                copy.put("gateway", address.substring(0, address.lastIndexOf('.')) + ".1");
            }
            network.add(copy);
        }
        return new NodeSeed(
                name,
                address,
                "9.1.1",
                "42db4a6cf33dac83",
                template.kernel(),
                template.bootMode(),
                template.secureBoot(),
                template.cpu(),
                template.memory(),
                template.memory() / 4,
                template.swap(),
                template.root(),
                template.uptime() + name.hashCode() % 100_000,
                List.of(),
                network,
                template.disks(),
                Map.of(),
                null,
                true,
                Map.of());
    }

    private static List<GuestSeed> guests(int cluster, List<NodeSeed> nodes, int count) {
        List<GuestSeed> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            NodeSeed node = nodes.get(i % nodes.size());
            boolean first = i < nodes.size();
            boolean gpu = first && NodeShape.of(i % nodes.size() + 1).gpuMapping() != null;
            int vmid = 1000 + i;
            boolean container = !first && i % 5 == 4;
            seeds.add(new GuestSeed(
                    node.name(),
                    container ? "lxc" : "qemu",
                    vmid,
                    container ? container(cluster, vmid) : vm(cluster, vmid, gpu),
                    Map.of(),
                    List.of(),
                    List.of(),
                    i % 10 < 7,
                    null,
                    false,
                    null,
                    Map.of()));
        }
        return seeds;
    }

    private static Map<String, String> vm(int cluster, int vmid, boolean gpu) {
        Map<String, String> config = new TreeMap<>();
        config.put("agent", "1");
        config.put("balloon", "0");
        config.put("bios", "ovmf");
        config.put("boot", "order=scsi0");
        config.put("cores", "" + (1 << vmid % 3));
        config.put("cpu", "host");
        config.put("efidisk0", "local-lvm:vm-" + vmid + "-disk-0,efitype=4m,pre-enrolled-keys=0,size=4M");
        config.put("machine", "q35");
        config.put("memory", gpu ? "8192" : "1024");
        config.put("meta", "creation-qemu=10.1.2,ctime=1761000000");
        config.put("name", (gpu ? "gpu" : "app") + "-" + cluster + "-" + vmid);
        config.put("net0", "virtio=" + mac(cluster, vmid) + ",bridge=vmbr0,tag=" + 10 * (1 + vmid % 4));
        config.put("onboot", "1");
        config.put("ostype", "l26");
        config.put("scsi0", "local-lvm:vm-" + vmid + "-disk-1,discard=on,iothread=1,size=16G");
        config.put("scsihw", "virtio-scsi-single");
        config.put("smbios1", "uuid=" + id("smbios", cluster, vmid));
        config.put("vmgenid", id("generation", cluster, vmid));
        config.put("tags", gpu ? "ai;gpu" : "app");
        if (gpu) {
            config.put("hostpci0", "mapping=gpu,pcie=1");
        }
        return config;
    }

    private static Map<String, String> container(int cluster, int vmid) {
        Map<String, String> config = new TreeMap<>();
        config.put("arch", "amd64");
        config.put("cores", "1");
        config.put("features", "nesting=1");
        config.put("hostname", "svc-" + cluster + "-" + vmid);
        config.put("memory", "512");
        config.put(
                "net0",
                "name=eth0,bridge=vmbr0,hwaddr=" + mac(cluster, vmid) + ",ip=dhcp,tag=" + 10 * (1 + vmid % 4)
                        + ",type=veth");
        config.put("onboot", "1");
        config.put("ostype", "debian");
        config.put("rootfs", "local-lvm:vm-" + vmid + "-disk-0,size=8G");
        config.put("swap", "512");
        config.put("tags", "service");
        config.put("unprivileged", "1");
        return config;
    }

    private static String mac(int cluster, int vmid) {
        return "BC:24:11:%02X:%02X:%02X".formatted(cluster, vmid >> 8 & 255, vmid & 255);
    }

    private static String id(String what, int cluster, int vmid) {
        String text = what + "/" + cluster + "/" + vmid;
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static List<StorageSeed> storages(List<NodeSeed> nodes, List<GuestSeed> guests) {
        List<VolumeSeed> disks = new ArrayList<>();
        for (GuestSeed guest : guests) {
            guest.config().forEach((key, value) -> {
                if (value.startsWith("local-lvm:")) {
                    long size = value.endsWith("size=4M") ? 4 << 20 : value.endsWith("size=16G") ? 16 * GIB : 8 * GIB;
                    disks.add(new VolumeSeed(
                            value.split(",")[0],
                            guest.node(),
                            guest.kind().equals("lxc") ? "rootdir" : "images",
                            "raw",
                            size,
                            guest.vmid(),
                            1_761_000_000L,
                            null,
                            null,
                            null,
                            null));
                }
            });
        }
        List<VolumeSeed> images = new ArrayList<>();
        nodes.forEach(node -> images.add(new VolumeSeed(
                "local:import/noble-server-cloudimg-amd64.qcow2",
                node.name(),
                "import",
                "qcow2",
                3_758_096_384L,
                0,
                1_763_251_400L,
                null,
                null,
                null,
                null)));
        return List.of(
                new StorageSeed(
                        "local",
                        Map.of("type", "dir", "path", "/var/lib/vz", "content", "iso,vztmpl,backup,snippets,import"),
                        Map.of("*", new SpaceSeed(98_559_365_120L, 31_457_280_000L, 5_006_952_448L)),
                        images,
                        false,
                        false),
                new StorageSeed(
                        "local-lvm",
                        Map.of("type", "lvmthin", "vgname", "pve", "thinpool", "data", "content", "rootdir,images"),
                        Map.of("*", new SpaceSeed(832_147_169_280L, 214_748_364_800L, 0)),
                        disks,
                        false,
                        false));
    }
}
