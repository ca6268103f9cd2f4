package dev.rackhouse.proxmox;

import dev.rackhouse.base.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What concerns one node. Node names are the server's own; any URL of the cluster answers for every node. */
public final class PveNodes {

    /**
     * @param cpu fraction of all CPUs, 0 to 1
     * @param threads logical CPUs
     * @param memoryAvailableBytes from 9.0
     * @param secureBoot null when the server does not say
     */
    public record Status(
            @Nullable PveVersion version,
            String kernel,
            long uptimeSeconds,
            OptionalDouble cpu,
            List<String> loadAverage,
            String cpuModel,
            long sockets,
            long cores,
            long threads,
            boolean hardwareVirtualisation,
            long memoryUsedBytes,
            long memoryTotalBytes,
            OptionalLong memoryAvailableBytes,
            long swapUsedBytes,
            long swapTotalBytes,
            long rootUsedBytes,
            long rootTotalBytes,
            @Nullable String bootMode,
            @Nullable Boolean secureBoot) {}

    /** Spans of history that the server keeps. */
    public enum Timeframe {
        HOUR,
        DAY,
        WEEK,
        MONTH,
        YEAR;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One moment of history. A value that is missing was not measured: a gap, not zero. Rates are bytes per second. */
    public record Sample(Instant at, Map<String, Double> values) {

        public OptionalDouble value(String name) {
            Double value = values.get(name);
            return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
        }
    }

    /**
     * One PCI function as the API shows it: no driver, no reset capability, no NUMA node (those come over SSH).
     *
     * @param classCode {@code 0x030000}
     * @param vendor {@code 10de}, four lower-case hex digits, like the other ids
     * @param iommuGroup empty when the IOMMU is off or the function stands in none
     */
    public record PciFunction(
            PciAddress address,
            String classCode,
            String vendor,
            String device,
            @Nullable String subsystemVendor,
            @Nullable String subsystemDevice,
            @Nullable String vendorName,
            @Nullable String deviceName,
            OptionalInt iommuGroup,
            boolean mediated) {

        /** As mappings write it: {@code 10de:1e81}. */
        public String id() {
            return vendor + ":" + device;
        }

        /** As mappings write it, when the hardware has one. */
        public @Nullable String subsystemId() {
            return subsystemVendor == null || subsystemDevice == null ? null : subsystemVendor + ":" + subsystemDevice;
        }
    }

    /**
     * One interface of the staged state.
     *
     * @param type {@code eth}, {@code bridge}, {@code bond}, {@code vlan}, {@code OVSBridge}, {@code unknown}...
     * @param vlanIds what a VLAN-aware bridge lets through, {@code 2-4094}
     */
    public record Interface(
            String name,
            String type,
            boolean active,
            boolean autostart,
            String method,
            @Nullable String cidr,
            @Nullable String gateway,
            @Nullable String cidr6,
            @Nullable String gateway6,
            List<String> ports,
            boolean vlanAware,
            @Nullable String vlanIds,
            OptionalInt vlanTag,
            @Nullable String vlanDevice,
            OptionalInt mtu,
            @Nullable String comment) {}

    /**
     * @param staged a diff of changes that the next reload or reboot brings; null when there are none
     */
    public record Network(
            List<Interface> interfaces, @Nullable String staged) {}

    /**
     * @param remainingLifePercent what the drive says is left; empty for "N/A"
     * @param use {@code LVM}, {@code ZFS}, {@code mounted}...; null when unused
     */
    public record Disk(
            String path,
            @Nullable String stablePath,
            String model,
            @Nullable String serial,
            String type,
            long sizeBytes,
            OptionalInt remainingLifePercent,
            String health,
            @Nullable String use,
            @Nullable String wwn) {}

    private final PveClient client;

    PveNodes(PveClient client) {
        this.client = client;
    }

    /** Names of all nodes with {@code online} or {@code offline}. */
    public Map<String, String> list() {
        Map<String, String> nodes = new TreeMap<>();
        for (PveFields row : client.get("list the nodes", "/nodes").rows()) {
            nodes.put(row.text("node", ""), row.text("status", "unknown"));
        }
        return nodes;
    }

    public PveVersion version(String node) {
        return PveVersion.parse(client.get("read the version of " + node, PvePath.of("nodes", node, "version"))
                .fields()
                .text("version", "0"));
    }

    /** Needs Sys.Audit on the node. */
    public Status status(String node) {
        PveFields f = client.get("read the status of " + node, PvePath.of("nodes", node, "status"))
                .fields();
        PveFields cpu = f.fields("cpuinfo");
        PveFields memory = f.fields("memory");
        PveFields boot = f.fields("boot-info");
        String version = f.text("pveversion");
        return new Status(
                version == null ? null : PveVersion.parse(version),
                f.fields("current-kernel").text("release", f.text("kversion", "")),
                f.whole("uptime", 0),
                f.decimal("cpu"),
                f.texts("loadavg"),
                cpu.text("model", ""),
                cpu.whole("sockets", 0),
                cpu.whole("cores", 0),
                cpu.whole("cpus", 0),
                cpu.flag("hvm"),
                memory.whole("used", 0),
                memory.whole("total", 0),
                memory.whole("available"),
                f.fields("swap").whole("used", 0),
                f.fields("swap").whole("total", 0),
                f.fields("rootfs").whole("used", 0),
                f.fields("rootfs").whole("total", 0),
                boot.text("mode"),
                boot.has("secureboot") ? Boolean.valueOf(boot.flag("secureboot")) : null);
    }

    /** A node's history, oldest first: {@code cpu} (fraction), {@code memused}, {@code memtotal}, {@code netin}... */
    public List<Sample> history(String node, Timeframe timeframe) {
        return samples(client.call(
                "read the history of " + node,
                PveMethod.GET,
                PvePath.of("nodes", node, "rrddata"),
                Map.of("timeframe", List.of(timeframe.word()), "cf", List.of("AVERAGE"))));
    }

    static List<Sample> samples(PveAnswer answer) {
        List<Sample> samples = new ArrayList<>();
        for (PveFields row : answer.rows()) {
            Map<String, Double> values = new TreeMap<>();
            for (String name : row.names()) {
                row.decimal(name).ifPresent(value -> values.put(name, value));
            }
            values.remove("time");
            row.whole("time")
                    .ifPresent(time -> samples.add(new Sample(Instant.ofEpochSecond(time), Map.copyOf(values))));
        }
        samples.sort(java.util.Comparator.comparing(Sample::at));
        return List.copyOf(samples);
    }

    /** All PCI functions, bridges and memory controllers included. Needs Sys.Audit on {@code /}. */
    public List<PciFunction> pci(String node) {
        List<PciFunction> functions = new ArrayList<>();
        for (PveFields row : client.call(
                        "list the PCI devices of " + node,
                        PveMethod.GET,
                        PvePath.of("nodes", node, "hardware", "pci"),
                        Map.of("pci-class-blacklist", List.of("")))
                .rows()) {
            String address = row.text("id", "");
            if (!PciAddress.isAddress(address)) {
                continue;
            }
            functions.add(new PciFunction(
                    PciAddress.parse(address),
                    row.text("class", ""),
                    hex(row.text("vendor", "")),
                    hex(row.text("device", "")),
                    row.has("subsystem_vendor") ? hex(row.text("subsystem_vendor", "")) : null,
                    row.has("subsystem_device") ? hex(row.text("subsystem_device", "")) : null,
                    row.text("vendor_name"),
                    row.text("device_name"),
                    atLeastZero(row.whole("iommugroup")),
                    row.flag("mdev")));
        }
        return List.copyOf(functions);
    }

    private static String hex(String id) {
        return id.replaceFirst("^0x", "").toLowerCase(java.util.Locale.ROOT);
    }

    /** The staged network; bridges that the token may not see are silently missing (SDN.Audit). */
    public Network network(String node) {
        PveAnswer answer = client.get("read the network of " + node, PvePath.of("nodes", node, "network"));
        String staged = answer.changes();
        return new Network(
                answer.rows().stream().map(PveNodes::networkInterface).toList(),
                staged == null || staged.isBlank() ? null : staged);
    }

    private static Interface networkInterface(PveFields r) {
        String ports = r.text("bridge_ports", r.text("slaves", r.text("ovs_ports", "")));
        return new Interface(
                r.text("iface", ""),
                r.text("type", "unknown"),
                r.flag("active"),
                r.flag("autostart"),
                r.text("method", "manual"),
                r.has("cidr") ? r.text("cidr") : r.text("address"),
                r.text("gateway"),
                r.has("cidr6") ? r.text("cidr6") : r.text("address6"),
                r.text("gateway6"),
                List.of(ports.strip().split("\\s+")).stream()
                        .filter(p -> !p.isEmpty() && !p.equals("none"))
                        .toList(),
                r.flag("bridge_vlan_aware"),
                r.text("bridge_vids"),
                atLeastZero(r.whole("vlan-id")),
                r.text("vlan-raw-device"),
                atLeastZero(r.whole("mtu")),
                r.text("comments"));
    }

    /** Physical disks; SMART is not asked, so sleeping disks keep sleeping. Devices at vfio-pci are not listed. */
    public List<Disk> disks(String node) {
        return client
                .call(
                        "list the disks of " + node,
                        PveMethod.GET,
                        PvePath.of("nodes", node, "disks", "list"),
                        Map.of("skipsmart", List.of("1")))
                .rows()
                .stream()
                .map(r -> new Disk(
                        r.text("devpath", ""),
                        r.text("by_id_link"),
                        r.text("model", ""),
                        r.text("serial"),
                        r.text("type", "unknown"),
                        r.whole("size", 0),
                        "N/A".equals(r.text("wearout")) ? OptionalInt.empty() : atLeastZero(r.whole("wearout")),
                        r.text("health", "UNKNOWN"),
                        r.text("used"),
                        r.text("wwn")))
                .toList();
    }

    static OptionalInt atLeastZero(OptionalLong value) {
        return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= Integer.MAX_VALUE
                ? OptionalInt.of((int) value.getAsLong())
                : OptionalInt.empty();
    }
}
