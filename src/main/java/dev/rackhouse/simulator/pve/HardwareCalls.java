package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PCI and USB devices, disks, and what QEMU offers on a node. */
final class HardwareCalls {
    private HardwareCalls() {}

    static void register(Calls calls) {
        calls.on("GET /nodes/{node}/hardware/pci", HardwareCalls::pci);
        calls.on("GET /nodes/{node}/hardware/pci/{pci-id-or-mapping}", req -> List.of(Map.of("method", "mdev")));
        calls.on(
                "GET /nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev",
                req -> NodeCalls.fixed(req, "hardware/pci/" + req.get("pci-id-or-mapping") + "/mdev", List.of()));
        calls.on("GET /nodes/{node}/hardware/usb", req -> NodeCalls.fixed(req, "hardware/usb", List.of()));
        calls.on("GET /nodes/{node}/disks/list", HardwareCalls::disks);
        calls.on("GET /nodes/{node}/disks/smart", HardwareCalls::smart);
        calls.on("GET /nodes/{node}/disks/zfs", req -> NodeCalls.fixed(req, "disks/zfs", List.of()));
        calls.on("GET /nodes/{node}/disks/zfs/{name}", HardwareCalls::pool);
        calls.on(
                "GET /nodes/{node}/disks/lvm",
                req -> NodeCalls.fixed(req, "disks/lvm", Map.of("leaf", 0, "children", List.of())));
        calls.on("GET /nodes/{node}/disks/lvmthin", req -> NodeCalls.fixed(req, "disks/lvmthin", List.of()));
        calls.on("GET /nodes/{node}/disks/directory", req -> NodeCalls.fixed(req, "disks/directory", List.of()));
        calls.on("GET /nodes/{node}/capabilities/qemu/machines", HardwareCalls::machines);
        calls.on("GET /nodes/{node}/capabilities/qemu/cpu", HardwareCalls::cpus);
    }

    private static Object pci(Req req) {
        boolean verbose = !req.has("verbose") || req.flag("verbose");
        List<String> hidden = req.has("pci-class-blacklist")
                ? Formats.split(req.get("pci-class-blacklist"))
                : List.of("05", "06", "0b");
        List<Object> rows = new ArrayList<>();
        for (PciFunction function : req.node().machine.pciFunctions()) {
            String code = function.pciClass().substring(2).toLowerCase(Locale.ROOT);
            if (hidden.stream().anyMatch(prefix -> code.startsWith(prefix.toLowerCase(Locale.ROOT)))) {
                continue;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", function.address());
            row.put("class", function.pciClass());
            row.put("vendor", function.vendor());
            row.put("device", function.device());
            row.put("iommugroup", function.iommuGroup());
            if (function.mdev()) {
                row.put("mdev", 1);
            }
            if (verbose) {
                put(row, "subsystem_vendor", function.subsystemVendor());
                put(row, "subsystem_device", function.subsystemDevice());
                put(row, "vendor_name", function.vendorName());
                put(row, "device_name", function.deviceName());
                put(row, "subsystem_vendor_name", function.subsystemVendorName());
                put(row, "subsystem_device_name", function.subsystemDeviceName());
            }
            rows.add(row);
        }
        return rows;
    }

    private static void put(Map<String, @Nullable Object> row, String key, @Nullable String value) {
        if (value != null) {
            row.put(key, value);
        }
    }

    private static Object disks(Req req) {
        List<Object> rows = new ArrayList<>();
        for (Map<String, Object> disk : req.node().seed.disks()) {
            boolean partition = disk.get("parent") != null;
            boolean unused = disk.get("used") == null;
            if (partition && !req.flag("include-partitions") || "unused".equals(req.opt("type")) && !unused) {
                continue;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>(disk);
            row.putIfAbsent("osdid-list", null);
            row.putIfAbsent("osdid", -1);
            if (req.flag("skipsmart")) {
                row.remove("health");
                row.put("health", "UNKNOWN");
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object smart(Req req) {
        String disk = req.get("disk");
        Object known = req.node().seed.answers().get("disks/smart?disk=" + disk);
        if (known != null) {
            return known;
        }
        boolean there = req.node().seed.disks().stream().anyMatch(row -> disk.equals(row.get("devpath")));
        if (!there) {
            throw ApiError.died("not a valid disk '" + disk + "'");
        }
        return Map.of("health", "PASSED", "type", "text", "text", "SMART overall-health self-assessment: PASSED\n");
    }

    private static Object pool(Req req) {
        Object known = req.node().seed.answers().get("disks/zfs/" + req.get("name"));
        if (known == null) {
            throw ApiError.died("command 'zpool status -P " + req.get("name") + "' failed: exit code 1");
        }
        return known;
    }

    private static Object machines(Req req) {
        List<Object> rows = new ArrayList<>();
        List<String> versions = req.node().major() < 9
                ? List.of("9.2+pve1", "9.2", "9.1", "9.0", "8.2", "8.1", "8.0")
                : List.of("10.0+pve1", "10.0", "9.2+pve1", "9.2", "9.1", "9.0", "8.2", "8.1", "8.0");
        for (String version : versions) {
            for (String type : List.of("i440fx", "q35")) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("id", "pc-" + type + "-" + version);
                row.put("type", type);
                row.put("version", version);
                if (version.equals("10.0+pve1")) {
                    row.put("changes", "Set host_mtu vNIC option even with default value for migration compat.");
                } else if (version.equals("9.2+pve1")) {
                    row.put("changes", "Disables S3/S4 power states by default.");
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static Object cpus(Req req) {
        List<Object> rows = new ArrayList<>();
        for (String name : List.of(
                "host",
                "max",
                "kvm64",
                "qemu64",
                "x86-64-v2",
                "x86-64-v2-AES",
                "x86-64-v3",
                "x86-64-v4",
                "EPYC",
                "EPYC-Rome",
                "EPYC-Milan",
                "EPYC-Genoa",
                "Haswell",
                "Skylake-Server",
                "Cascadelake-Server",
                "Icelake-Server",
                "SapphireRapids")) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("custom", 0);
            row.put(
                    "vendor",
                    name.startsWith("EPYC")
                            ? "AuthenticAMD"
                            : List.of(
                                                    "Haswell",
                                                    "Skylake-Server",
                                                    "Cascadelake-Server",
                                                    "Icelake-Server",
                                                    "SapphireRapids")
                                            .contains(name)
                                    ? "GenuineIntel"
                                    : "default");
            rows.add(row);
        }
        return rows;
    }
}
