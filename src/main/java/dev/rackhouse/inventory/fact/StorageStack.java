package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Follows what the host has mounted, swaps to, imported and assembled down to the controllers of the disks.
 *
 * @param unplaced what could not be followed to a controller
 * @param remote disks that come over the network, through interfaces that the probe does not tell
 */
record StorageStack(List<Protection> protections, List<String> unplaced, List<String> remote) {

    private static final Set<String> SYSTEM_MOUNTS = Set.of(
            "/",
            "/boot",
            "/boot/efi",
            "/efi",
            "/usr",
            "/var",
            "/var/lib",
            "/var/lib/pve-cluster",
            "/var/log",
            "/etc",
            "/etc/pve",
            "/root",
            "/home",
            "/tmp",
            "/opt");
    // An NVMe namespace with several paths is a virtual device; its hidden path devices hang on the controllers.
    private static final Pattern NVME = Pattern.compile("nvme([0-9]+)n([0-9]+)");
    // Their bytes lie in memory, or in files of a filesystem that is mounted and followed itself.
    private static final Pattern NO_DISK_OF_ITS_OWN = Pattern.compile("(loop|ram|zram)[0-9]+(p[0-9]+)?");
    private static final Pattern OVER_THE_NETWORK = Pattern.compile("(rbd|nbd)[0-9]+(p[0-9]+)?");
    private static final Pattern ARRAY = Pattern.compile("(md\\S*) : (?:in)?active .*");
    private static final Pattern ARRAY_MEMBER = Pattern.compile("([A-Za-z0-9/!_.-]+)\\[[0-9]+\\].*");

    static StorageStack of(HostFacts facts) {
        Walk walk = new Walk(facts);
        walk.mounts();
        walk.swaps();
        walk.pools();
        walk.stacked();
        walk.arrays();
        return new StorageStack(List.copyOf(walk.found), List.copyOf(walk.unplaced), List.copyOf(walk.remote));
    }

    private static final class Walk {

        private final HostFacts facts;
        private final Map<String, String> mapperToDevice;
        private final Map<String, BlockDevice> blocks;
        private final Set<Protection> found = new LinkedHashSet<>();
        private final Set<String> unplaced = new LinkedHashSet<>();
        private final Set<String> remote = new LinkedHashSet<>();
        private final Set<String> systemDisks = new HashSet<>();

        Walk(HostFacts facts) {
            this.facts = facts;
            this.mapperToDevice = facts.deviceMapper().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey, (a, b) -> a));
            this.blocks = facts.blocks().stream()
                    .collect(Collectors.toMap(BlockDevice::name, b -> b, (first, again) -> first));
        }

        void mounts() {
            for (boolean system : new boolean[] {true, false}) {
                for (Mount mount : facts.mounts()) {
                    if (SYSTEM_MOUNTS.contains(mount.point()) == system) {
                        mount(mount, system ? Protection.Kind.BOOT : Protection.Kind.STORAGE);
                    }
                }
            }
        }

        private void mount(Mount mount, Protection.Kind kind) {
            if (mount.type().equals("zfs")) {
                String pool = mount.source().split("/", 2)[0];
                members(pool, kind, List.of("pool " + pool, "mounted on " + mount.point()));
            } else if (mount.source().startsWith("/dev/") && !mount.source().equals("/dev/fuse")) {
                device(mount.source(), kind, "mounted on " + mount.point());
                if (mount.type().equals("btrfs")) {
                    // the kernel names one device of a btrfs; it may have more, and nothing in the probe tells
                    unplaced.add("other disks of the btrfs on " + mount.point() + ": not shown");
                }
            }
        }

        void swaps() {
            facts.swaps().forEach(swap -> {
                if (swap.startsWith("/dev/")) {
                    device(swap, Protection.Kind.BOOT, "swap");
                }
            });
        }

        void pools() {
            for (Zpool pool : facts.zpools()) {
                String purpose = "pool " + pool.name();
                if (found.stream().noneMatch(p -> p.chain().contains(purpose))) {
                    members(pool.name(), Protection.Kind.STORAGE, List.of(purpose));
                }
            }
        }

        /** Volume groups and arrays that nothing of the above stands on: guests may. */
        void stacked() {
            facts.slaves().keySet().forEach(upper -> {
                String mapper = facts.deviceMapper().get(upper);
                String purpose = mapper == null ? "array " + upper : volumeGroup(mapper);
                descend(upper, Protection.Kind.STORAGE, List.of(purpose), new HashSet<>());
            });
        }

        /** Arrays that md knows, also those that are assembled but not running. */
        void arrays() {
            for (String line : facts.lines("/proc/mdstat")) {
                Matcher array = ARRAY.matcher(line);
                if (array.matches() && !facts.slaves().containsKey(array.group(1))) {
                    for (String word : line.split("\\s+")) {
                        Matcher member = ARRAY_MEMBER.matcher(word);
                        if (member.matches()) {
                            descend(
                                    nameOf("/dev/" + member.group(1)),
                                    Protection.Kind.STORAGE,
                                    List.of("array " + array.group(1)),
                                    new HashSet<>());
                        }
                    }
                }
            }
        }

        private void members(String pool, Protection.Kind kind, List<String> purpose) {
            Optional<Zpool> known =
                    facts.zpools().stream().filter(p -> p.name().equals(pool)).findFirst();
            if (known.isEmpty() || known.get().members().isEmpty()) {
                unplaced.add("pool " + pool + ": its disks are not shown");
                return;
            }
            known.get().members().forEach(m -> descend(nameOf("/dev/" + m), kind, purpose, new HashSet<>()));
        }

        private void device(String source, Protection.Kind kind, String purpose) {
            String name = nameOf(source);
            if (name.matches("zd[0-9]+(p[0-9]+)?")) {
                facts.zpools().forEach(p -> members(p.name(), kind, List.of("pool " + p.name(), purpose)));
            } else {
                descend(name, kind, List.of(purpose), new HashSet<>());
            }
        }

        private String nameOf(String source) {
            String name = source.substring(source.lastIndexOf('/') + 1);
            return mapperToDevice.getOrDefault(name, name);
        }

        private void descend(String name, Protection.Kind kind, List<String> purpose, Set<String> visited) {
            if (!visited.add(name) || NO_DISK_OF_ITS_OWN.matcher(name).matches()) {
                return;
            }
            List<String> below = facts.slaves().getOrDefault(name, List.of());
            if (!below.isEmpty()) {
                List<String> above = new ArrayList<>();
                String mapper = facts.deviceMapper().get(name);
                above.add(mapper == null ? name : mapper);
                above.addAll(purpose);
                below.forEach(b -> descend(
                        b, kind, mapper == null && purpose.getFirst().endsWith(name) ? purpose : above, visited));
                return;
            }
            BlockDevice block = blocks.get(name);
            if (OVER_THE_NETWORK.matcher(name).matches()
                    || block != null && block.path().matches(".*/session[0-9]+/.*")) {
                remote.add(name + " (" + String.join(", ", purpose) + "): comes over the network");
                return;
            }
            String whole = block == null ? null : block.disk();
            if (block != null && block.controller() != null) {
                needs(block, whole == null ? name : whole, kind, purpose);
                return;
            }
            if (whole != null) {
                descend(whole, kind, purpose, visited);
                return;
            }
            List<BlockDevice> paths = paths(name);
            if (paths.isEmpty()) {
                unplaced.add(name + ": " + String.join(", ", purpose));
            }
            paths.forEach(path -> needs(path, name, kind, purpose));
        }

        private void needs(BlockDevice block, String disk, Protection.Kind kind, List<String> purpose) {
            PciAddress controller = block.controller();
            if (controller == null) {
                unplaced.add(block.name() + ": " + String.join(", ", purpose));
                return;
            }
            if (kind == Protection.Kind.BOOT) {
                systemDisks.add(disk);
            } else if (systemDisks.contains(disk)) {
                return;
            }
            List<String> chain = new ArrayList<>();
            chain.add(controller.toString());
            String host = block.host();
            if (host != null && !disk.startsWith(host)) {
                chain.add(host);
            }
            chain.add(disk);
            chain.addAll(purpose);
            found.add(new Protection(kind, controller, chain));
        }

        /** All paths to a namespace: losing any of them is noticed, and which one works nobody can say. */
        private List<BlockDevice> paths(String name) {
            Matcher nvme = NVME.matcher(name);
            if (!nvme.matches()) {
                return List.of();
            }
            Pattern path = Pattern.compile("nvme%sc[0-9]+n%s".formatted(nvme.group(1), nvme.group(2)));
            return facts.blocks().stream()
                    .filter(b -> path.matcher(b.name()).matches())
                    .toList();
        }

        /** LVM writes {@code group-volume} and doubles the hyphens inside either name. */
        private static String volumeGroup(String mapper) {
            Matcher m = Pattern.compile("((?:[^-]|--)+)-((?:[^-]|--)+)").matcher(mapper);
            return m.matches() ? "volume group " + m.group(1).replace("--", "-") : "device mapper " + mapper;
        }
    }
}
