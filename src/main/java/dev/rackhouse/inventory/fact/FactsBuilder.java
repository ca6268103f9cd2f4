package dev.rackhouse.inventory.fact;

import static dev.rackhouse.inventory.fact.ProbeParser.addressesIn;
import static dev.rackhouse.inventory.fact.ProbeParser.attributes;
import static dev.rackhouse.inventory.fact.ProbeParser.number;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes records one by one; a record that cannot be read is left out, the others stay. */
final class FactsBuilder {

    private static final Pattern GUEST_FILE = Pattern.compile("([^/]+)/(qemu-server|lxc)/([0-9]{3,9})\\.conf");
    private static final Pattern RESERVATION =
            Pattern.compile("(\\S+)\\s+([0-9]{3,9})(?:\\s+(pid|time):([0-9]{1,12}))?.*");
    private static final Pattern PAGES = Pattern.compile("hp_([0-9]{1,9})kB");

    private final Map<String, List<String>> keys = new LinkedHashMap<>();
    private final Map<String, List<String>> lines = new LinkedHashMap<>();
    private final Set<String> loadedModules = new LinkedHashSet<>();
    private final Map<String, String> modules = new LinkedHashMap<>();
    private final List<String> iommuUnits = new ArrayList<>();
    private final List<IommuGroup> groups = new ArrayList<>();
    private final Map<PciAddress, LinkedHashMap<String, String>> functions = new TreeMap<>();
    private final Map<PciAddress, String> drivers = new LinkedHashMap<>();
    private final Map<PciAddress, List<PciAddress>> ancestors = new LinkedHashMap<>();
    private final List<FirmwareFramebuffer> framebuffers = new ArrayList<>();
    private final List<BlockDevice> blocks = new ArrayList<>();
    private final List<NetInterface> interfaces = new ArrayList<>();
    private final List<UsbDevice> usb = new ArrayList<>();
    private final Map<String, List<String>> slaves = new LinkedHashMap<>();
    private final Map<String, String> deviceMapper = new LinkedHashMap<>();
    private final Map<String, List<String>> lowers = new LinkedHashMap<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final List<String> swaps = new ArrayList<>();
    private final List<NumaNode> numaNodes = new ArrayList<>();
    private final Map<String, LinkedHashMap<String, String>> guests = new LinkedHashMap<>();
    private final List<RunningGuest> running = new ArrayList<>();

    void add(String[] f) {
        int fields = f.length - 1;
        switch (f[0]) {
            case "K" -> {
                if (fields >= 2) {
                    keys.computeIfAbsent(f[1], k -> new ArrayList<>()).add(f[2]);
                }
            }
            case "L" -> {
                if (fields >= 2) {
                    lines.computeIfAbsent(f[1], k -> new ArrayList<>()).add(f[2]);
                }
            }
            case "M" -> {
                if (fields >= 1) {
                    loadedModules.add(f[1]);
                }
            }
            case "MOD" -> {
                if (fields >= 1) {
                    modules.put(f[1], fields >= 2 ? f[2] : "-");
                }
            }
            case "IOMMU" -> {
                if (fields >= 1) {
                    iommuUnits.add(f[1]);
                }
            }
            case "G" -> addGroup(f);
            case "DRV" -> {
                if (fields >= 2 && PciAddress.isAddress(f[1])) {
                    drivers.put(PciAddress.parse(f[1]), f[2]);
                }
            }
            case "P" -> {
                if (fields >= 1 && PciAddress.isAddress(f[1])) {
                    functions.put(PciAddress.parse(f[1]), attributes(f, 2));
                }
            }
            case "FBMEM" -> {
                if (fields >= 2) {
                    framebuffers.add(
                            new FirmwareFramebuffer(PciAddress.isAddress(f[1]) ? PciAddress.parse(f[1]) : null, f[2]));
                }
            }
            case "PATH" -> {
                if (fields >= 3) {
                    addPath(f);
                }
            }
            case "SLAVE" -> {
                if (fields >= 2) {
                    slaves.computeIfAbsent(f[1], k -> new ArrayList<>()).add(f[2]);
                }
            }
            case "DM" -> {
                if (fields >= 2) {
                    deviceMapper.put(f[1], f[2]);
                }
            }
            case "LOWER" -> {
                if (fields >= 2) {
                    lowers.computeIfAbsent(f[1], k -> new ArrayList<>()).add(f[2]);
                }
            }
            case "MNT" -> {
                if (fields >= 3) {
                    mounts.add(new Mount(unescaped(f[1]), unescaped(f[2]), f[3]));
                }
            }
            case "SWAP" -> {
                if (fields >= 1) {
                    swaps.add(f[1]);
                }
            }
            case "NODE" -> addNode(f);
            case "GUEST" -> {
                if (fields >= 3) {
                    guests.computeIfAbsent(f[1], k -> new LinkedHashMap<>()).putIfAbsent(f[2], f[3]);
                }
            }
            case "RUN" -> {
                if (fields >= 2 && vmid(f[1]) != null) {
                    running.add(new RunningGuest(Objects.requireNonNull(vmid(f[1])), number(f[2], 0)));
                }
            }
            default -> {
                // a record of a later probe
            }
        }
    }

    HostFacts build() {
        Map<PciAddress, Integer> groupOf = new LinkedHashMap<>();
        groups.sort(Comparator.comparingInt(IommuGroup::number));
        groups.forEach(g -> g.members().forEach(m -> groupOf.put(m, g.number())));
        List<PciFunction> built = functions.entrySet().stream()
                .map(e -> new PciFunction(
                        e.getKey(),
                        e.getValue(),
                        drivers.get(e.getKey()),
                        groupOf.get(e.getKey()),
                        ancestors.getOrDefault(e.getKey(), List.of())))
                .toList();
        return new HostFacts(
                frozen(keys),
                frozen(lines),
                Set.copyOf(loadedModules),
                Map.copyOf(modules),
                List.copyOf(iommuUnits),
                List.copyOf(groups),
                built,
                List.copyOf(framebuffers),
                List.copyOf(blocks),
                List.copyOf(interfaces),
                List.copyOf(usb),
                frozen(slaves),
                Map.copyOf(deviceMapper),
                frozen(lowers),
                List.copyOf(mounts),
                List.copyOf(swaps),
                numaNodes.stream()
                        .sorted(Comparator.comparingInt(NumaNode::number))
                        .toList(),
                buildGuests(),
                List.copyOf(running),
                buildReservations(),
                buildMappings(),
                Zpool.parse(lines.getOrDefault("zpool", List.of())),
                InterfaceAddress.parse(lines.getOrDefault("ip_addr", List.of())));
    }

    private static Map<String, List<String>> frozen(Map<String, List<String>> lists) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        lists.forEach((k, v) -> copy.put(k, List.copyOf(v)));
        return java.util.Collections.unmodifiableMap(copy);
    }

    private void addGroup(String[] f) {
        if (f.length < 2 || !f[1].matches("[0-9]{1,6}")) {
            return;
        }
        Map<String, String> attributes = attributes(f, 2);
        List<PciAddress> members = new ArrayList<>();
        for (String member : attributes.getOrDefault("devices", "").split(",")) {
            if (PciAddress.isAddress(member)) {
                members.add(PciAddress.parse(member));
            }
        }
        groups.add(new IommuGroup(
                Integer.parseInt(f[1]),
                attributes.getOrDefault("type", "-"),
                "1".equals(attributes.get("rmrr")),
                members));
    }

    private void addPath(String[] f) {
        String name = f[2];
        String path = f[3];
        Map<String, String> extras = attributes(f, 4);
        List<PciAddress> inPath = addressesIn(path);
        switch (f[1]) {
            case "pci" -> {
                if (!inPath.isEmpty() && PciAddress.isAddress(name)) {
                    ancestors.put(PciAddress.parse(name), inPath.subList(0, inPath.size() - 1));
                }
            }
            case "block" -> {
                long sectors = number(extras.getOrDefault("sectors", "0"), 0);
                String model = extras.getOrDefault("model", "").strip();
                blocks.add(new BlockDevice(
                        name,
                        path,
                        inPath,
                        new ByteSize(sectors > Long.MAX_VALUE / 512 ? 0 : sectors * 512),
                        model.isEmpty() ? null : model));
            }
            case "net" -> {
                String speed = extras.getOrDefault("speed", "-");
                interfaces.add(new NetInterface(
                        name,
                        path,
                        inPath,
                        extras.getOrDefault("mac", ""),
                        extras.getOrDefault("state", "unknown"),
                        speed.matches("[0-9]{1,9}") ? Integer.valueOf(speed) : null));
            }
            case "usb" ->
                usb.add(new UsbDevice(
                        name,
                        path,
                        inPath,
                        extras.getOrDefault("id", ""),
                        extras.getOrDefault("product", "").strip()));
            default -> {
                // a kind of a later probe
            }
        }
    }

    private void addNode(String[] f) {
        if (f.length < 2 || !f[1].matches("[0-9]{1,4}")) {
            return;
        }
        Map<String, String> attributes = attributes(f, 2);
        List<Integer> distances = new ArrayList<>();
        for (String distance : attributes.getOrDefault("distance", "").strip().split("\\s+")) {
            if (distance.matches("[0-9]{1,4}")) {
                distances.add(Integer.valueOf(distance));
            }
        }
        Map<ByteSize, NumaNode.Hugepages> pages = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            Matcher m = PAGES.matcher(name);
            String[] counts = value.split("/");
            if (m.matches() && counts.length == 2) {
                pages.put(
                        ByteSize.ofKiB(Long.parseLong(m.group(1))),
                        new NumaNode.Hugepages(number(counts[0], 0), number(counts[1], 0)));
            }
        });
        numaNodes.add(new NumaNode(
                Integer.parseInt(f[1]),
                ProbeParser.cpuList(attributes.getOrDefault("cpus", "")),
                ProbeParser.kib(attributes, "total_kb"),
                ProbeParser.kib(attributes, "free_kb"),
                distances,
                pages));
    }

    private List<GuestConfig> buildGuests() {
        List<GuestConfig> built = new ArrayList<>();
        guests.forEach((file, options) -> {
            Matcher m = GUEST_FILE.matcher(file);
            VmId vmid = m.matches() ? vmid(m.group(3)) : null;
            if (vmid != null) {
                GuestConfig.Kind kind = m.group(2).equals("lxc") ? GuestConfig.Kind.CONTAINER : GuestConfig.Kind.VM;
                built.add(new GuestConfig(m.group(1), kind, vmid, options));
            }
        });
        return built;
    }

    private List<PciReservation> buildReservations() {
        List<PciReservation> built = new ArrayList<>();
        for (String line : lines.getOrDefault("pci_reservations", List.of())) {
            Matcher m = RESERVATION.matcher(line.strip());
            VmId vmid = m.matches() ? vmid(m.group(2)) : null;
            if (vmid != null && PciAddress.isAddress(m.group(1))) {
                long value = m.group(4) == null ? 0 : Long.parseLong(m.group(4));
                built.add(new PciReservation(
                        PciAddress.parse(m.group(1)),
                        vmid,
                        "pid".equals(m.group(3)) ? Long.valueOf(value) : null,
                        "time".equals(m.group(3)) ? java.time.Instant.ofEpochSecond(value) : null,
                        line));
            }
        }
        return built;
    }

    private List<MappingEntry> buildMappings() {
        List<MappingEntry> built = new ArrayList<>();
        String mapping = null;
        for (String line : lines.getOrDefault("/etc/pve/mapping/pci.cfg", List.of())) {
            if (!line.startsWith(" ")) {
                mapping = line.strip();
            } else if (mapping != null && line.strip().startsWith("map ")) {
                String text = line.strip();
                Map<String, String> parts = attributes(text.substring(4).strip().split(","), 0);
                String group = parts.getOrDefault("iommugroup", "");
                String node = parts.get("node");
                String path = parts.get("path");
                if (node != null && path != null) {
                    built.add(new MappingEntry(
                            mapping,
                            node,
                            path,
                            parts.get("id"),
                            parts.get("subsystem-id"),
                            group.matches("[0-9]{1,6}") ? Integer.valueOf(group) : null,
                            text));
                }
            }
        }
        return built;
    }

    private static @Nullable VmId vmid(String text) {
        return text.matches("[1-9][0-9]{2,8}") ? new VmId(Integer.parseInt(text)) : null;
    }

    /** The kernel writes blanks in mount points as {@code \040}; a shell that reads them keeps or drops the backslash. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ").replace("\\011", "\t");
    }
}
