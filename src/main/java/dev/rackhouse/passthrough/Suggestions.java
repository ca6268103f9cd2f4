package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NumaNode;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Defaults so good that "next" works. Pure: the same place and devices give the same suggestions. */
final class Suggestions {

    /** Sizes that people ask for, in GiB. */
    private static final List<Integer> MEMORY_STEPS =
            List.of(512, 384, 256, 192, 128, 96, 64, 48, 32, 24, 16, 12, 8, 4, 2, 1);

    private static final int FIRST_FREE_VMID = 100;

    private Suggestions() {}

    /** Fills what depends on the node and the devices: all inputs of the machine, its disk, its network. */
    static PassthroughDraft fill(PassthroughDraft draft, Site site, PassthroughSettings settings) {
        HostFacts facts = site.facts();
        if (facts == null) {
            return draft;
        }
        List<PciFunction> functions = functions(draft, facts);
        Set<Integer> near = near(facts, functions);
        boolean hugepages = hugepages(facts, near);
        int memory = memoryMiB(facts, near, hugepages, gpus(functions));
        int vmid = vmid(site);
        var edit = draft.edit()
                .vmid(Integer.toString(vmid))
                .name(draft.name().isBlank() ? name(functions, vmid) : draft.name())
                .cores(Integer.toString(cores(facts, near)))
                .memoryMiB(Integer.toString(memory))
                .numaNodes(near)
                .hugepages(hugepages)
                .affinity("")
                .user(draft.user().isBlank() ? settings.user() : draft.user());
        disk(edit, site, settings);
        network(edit, site, settings);
        return edit.done();
    }

    private static List<PciFunction> functions(PassthroughDraft draft, HostFacts facts) {
        List<PathList.Part> parts = draft.devices().stream()
                .flatMap(d -> PathList.parse(d).stream())
                .toList();
        return facts.functions().stream()
                .filter(f -> parts.stream().anyMatch(p -> p.names(f.address())))
                .toList();
    }

    private static int gpus(List<PciFunction> functions) {
        return (int) functions.stream()
                .filter(PciFunction::gpu)
                .map(PciFunction::slot)
                .distinct()
                .count();
    }

    /** The nodes that the devices hang on; none on a host with one node. */
    private static Set<Integer> near(HostFacts facts, List<PciFunction> functions) {
        if (facts.numaNodes().size() < 2) {
            return Set.of();
        }
        Set<Integer> nodes = functions.stream()
                .filter(PciFunction::passable)
                .flatMap(f -> Optional.ofNullable(f.numaNode()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return nodes.size() > 8 ? Set.of() : nodes;
    }

    /** Only pages that are set aside already: a running host can hardly gather them. */
    private static boolean hugepages(HostFacts facts, Set<Integer> near) {
        return !near.isEmpty()
                && nodes(facts, near).stream()
                        .allMatch(n -> n.pages(NumaNode.ONE_GIB).free() >= 1);
    }

    private static List<NumaNode> nodes(HostFacts facts, Set<Integer> numbers) {
        return facts.numaNodes().stream()
                .filter(n -> numbers.contains(n.number()))
                .toList();
    }

    /** Two to four threads stay with the host. */
    private static int cores(HostFacts facts, Set<Integer> near) {
        int threads = Math.max(1, facts.threads());
        int most = Math.max(1, threads - (threads >= 16 ? 4 : threads >= 4 ? 2 : 0));
        int local = nodes(facts, near).stream().mapToInt(n -> n.cpus().size()).sum();
        return local > 0 ? Math.min(most, local) : most;
    }

    private static int memoryMiB(HostFacts facts, Set<Integer> near, boolean hugepages, int gpus) {
        if (hugepages) {
            long least = nodes(facts, near).stream()
                    .mapToLong(n -> n.pages(NumaNode.ONE_GIB).free())
                    .min()
                    .orElse(1);
            return Math.toIntExact(Math.min(least, 1024) * near.size() * 1024);
        }
        ByteSize available = facts.memory("MemAvailable");
        double room = available == null ? 4 : available.inGiB() * 0.85;
        room -= (MemoryRules.OVERHEAD.bytes() + gpus * MemoryRules.OVERHEAD_PER_GPU.bytes()) / (double) (1L << 30);
        if (!near.isEmpty()) {
            double local = nodes(facts, near).stream()
                            .mapToDouble(n -> n.free().inGiB())
                            .min()
                            .orElse(0)
                    * near.size();
            room = local >= 2 ? Math.min(room, local * 0.9) : room;
        }
        double most = room;
        int gib = MEMORY_STEPS.stream().filter(s -> s <= most).findFirst().orElse(1);
        return gib * 1024;
    }

    private static int vmid(Site site) {
        return IntStream.range(FIRST_FREE_VMID, 1_000_000)
                .filter(n -> !site.taken().contains(new VmId(n)))
                .findFirst()
                .orElse(FIRST_FREE_VMID);
    }

    /** {@code rtx-2080-super-103} */
    private static String name(List<PciFunction> functions, int vmid) {
        String model = functions.stream()
                .filter(PciFunction::gpu)
                .findFirst()
                .or(() -> functions.stream().findFirst())
                .map(f -> HardwareNames.describe(f).replaceFirst("^\\S+ (GeForce )?", ""))
                .orElse("vm");
        String slug =
                model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return (slug.isEmpty()
                        ? "vm"
                        : slug.length() > 40 ? slug.substring(0, 40).replaceAll("-+$", "") : slug) + "-" + vmid;
    }

    private static void disk(PassthroughDraft.Edit edit, Site site, PassthroughSettings settings) {
        Optional<Site.Storage> storage = site.storages().stream()
                .filter(s -> s.holds("images"))
                .max(Comparator.comparing((Site.Storage s) -> !s.type().equals("dir"))
                        .thenComparing(s -> s.available() == null ? new ByteSize(0) : s.available()));
        edit.storage(storage.map(Site.Storage::name).orElse(""));
        double free = storage.map(Site.Storage::available).map(ByteSize::inGiB).orElse(0.0);
        edit.diskGiB(Integer.toString(free >= 200 ? 100 : free >= 80 ? 50 : free >= 50 ? 32 : 16));
        Optional<Site.Image> image = site.images().stream()
                .filter(i -> i.volume().contains(":import/"))
                .max(Comparator.comparing((Site.Image i) -> i.volume().contains("cloud"))
                        .thenComparing(Site.Image::volume));
        edit.imageVolume(image.map(Site.Image::volume).orElse(""));
        edit.imageUrl(settings.imageUrl());
        edit.imageChecksum(settings.imageChecksum());
        edit.imageStorage(site.storages().stream()
                .filter(s -> s.holds("import"))
                .map(Site.Storage::name)
                .findFirst()
                .orElse(""));
    }

    private static void network(PassthroughDraft.Edit edit, Site site, PassthroughSettings settings) {
        Optional<Site.Network> network = site.networks().stream()
                .max(Comparator.comparing((Site.Network n) -> n.gateway() != null)
                        .thenComparing(n -> n.cidr() != null)
                        .thenComparing(n -> n.tag() == null)
                        .thenComparing(
                                Comparator.comparing(Site.Network::bridge).reversed()));
        network.ifPresent(n -> apply(edit, site, n, settings));
    }

    /** Bridge, VLAN, and what is known about the network behind it, with an address that nobody has. */
    static void apply(PassthroughDraft.Edit edit, Site site, Site.Network network, PassthroughSettings settings) {
        Integer tag = network.tag();
        String gateway = network.gateway();
        edit.bridge(network.bridge());
        edit.vlan(tag == null ? "" : tag.toString());
        edit.gateway(gateway == null ? "" : gateway);
        edit.nameserver(settings.nameserver());
        edit.address(Optional.ofNullable(network.cidr())
                .flatMap(Ipv4Network::find)
                .flatMap(n -> freeAddress(n, site, gateway))
                .map(Ipv4Network::toString)
                .orElse(""));
    }

    /** From .200 upwards in a /24, from the middle in others: rarely given out by DHCP servers. */
    static Optional<Ipv4Network> freeAddress(
            Ipv4Network network, Site site, @org.jspecify.annotations.Nullable String gateway) {
        if (network.prefix() < 8 || network.prefix() > 30) {
            return Optional.empty();
        }
        long size = network.broadcast() - network.network();
        long start = network.network() + (network.prefix() == 24 ? 200 : size / 2);
        for (long i = 0; i < Math.min(size, 65_536); i++) {
            long offset = (start - network.network() + i) % size;
            Ipv4Network address = network.at(network.network() + offset);
            if (address.usable()
                    && !site.addressesInUse().containsKey(address.host())
                    && !address.host().equals(gateway)
                    && address.address() != network.address()) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }
}
