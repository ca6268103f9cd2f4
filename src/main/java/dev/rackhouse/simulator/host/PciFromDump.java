package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The PCI part of a machine's tree: devices below their bridges, drivers, IOMMU groups, and the firmware's framebuffer. */
final class PciFromDump {
    private static final Set<String> FLAGS = Set.of("bridge", "reset", "rom", "nogroup", "vf", "mdev", "vgpu", "cfg");
    private static final long FIRST_BAR = 0x7c00_0000_00L;

    private final ProbeDump dump;
    private final HostTree tree;
    private final Map<String, String> pathOf = new LinkedHashMap<>();
    private long nextBar = FIRST_BAR;

    PciFromDump(ProbeDump dump, HostTree tree) {
        this.dump = dump;
        this.tree = tree;
        dump.paths("pci").forEach((address, row) -> pathOf.put(address, row.field(2)));
    }

    void write() {
        for (Row function : dump.rows("P")) {
            function(function);
        }
        for (Row driver : dump.rows("DRV")) {
            bind(driver.field(0), driver.field(1));
        }
        for (Row unit : dump.rows("IOMMU")) {
            tree.directory("/sys/class/iommu/" + unit.field(0));
        }
        for (Row group : dump.rows("G")) {
            group(group);
        }
    }

    /** The last PCI address in a sysfs path, empty when there is none. */
    static String lastAddress(String path) {
        String last = "";
        for (String part : path.split("/")) {
            if (part.matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]")) {
                last = part;
            }
        }
        return last;
    }

    private String path(String address) {
        return pathOf.getOrDefault(address, "/sys/devices/pci0000:00/" + address);
    }

    private void function(Row function) {
        String address = function.field(0);
        String path = path(address);
        tree.directory(path);
        tree.link("/sys/bus/pci/devices/" + address, path);
        tree.line(path + "/driver_override", "(null)");
        long[] bars = new long[6];
        for (String field : function.fields().subList(1, function.fields().size())) {
            String key = field.substring(0, field.indexOf('='));
            String value = field.substring(field.indexOf('=') + 1);
            if (key.matches("bar[0-5]")) {
                bars[key.charAt(3) - '0'] = Long.parseLong(value);
            } else if (!FLAGS.contains(key)) {
                tree.line(path + "/" + key, value);
            }
        }
        flags(function, path);
        resources(path, bars);
    }

    private void flags(Row function, String path) {
        if (function.value("bridge").isPresent()) {
            tree.directory(path + "/pci_bus");
        }
        function.value("reset").ifPresent(yes -> tree.write(path + "/reset", ""));
        function.value("rom").ifPresent(yes -> tree.write(path + "/rom", ""));
        function.value("mdev").ifPresent(yes -> tree.directory(path + "/mdev_supported_types"));
        function.value("vgpu").ifPresent(yes -> tree.directory(path + "/nvidia"));
        function.value("vf").ifPresent(yes -> tree.link(path + "/physfn", path.substring(0, path.lastIndexOf('/'))));
        function.value("sriov_totalvfs").ifPresent(most -> tree.line(path + "/sriov_drivers_autoprobe", "1"));
        boolean display = function.value("class").orElse("").startsWith("0x03");
        String start = function.value("cfg")
                .orElse(display ? "" : swapped(function.value("vendor").orElse("0xffff")));
        if (!start.isEmpty()) {
            byte[] config = new byte[64];
            config[0] = (byte) Integer.parseInt(start.substring(0, 2), 16);
            config[1] = (byte) Integer.parseInt(start.substring(2, 4), 16);
            tree.write(path + "/config", config);
        }
    }

    /** {@code 0x10de} as it lies in the first two bytes of the configuration space: {@code de10}. */
    private static String swapped(String id) {
        return id.substring(4, 6) + id.substring(2, 4);
    }

    private void resources(String path, long[] bars) {
        StringBuilder table = new StringBuilder();
        for (int line = 0; line < 13; line++) {
            long size = line < bars.length ? bars[line] : 0;
            if (size == 0) {
                table.append("0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
            } else {
                long start = (nextBar + size - 1) / size * size;
                nextBar = start + size;
                table.append("0x%016x 0x%016x 0x%016x%n".formatted(start, start + size - 1, 0x0014_2204L));
            }
        }
        tree.write(path + "/resource", table.toString());
    }

    private void bind(String address, String driver) {
        tree.link("/sys/bus/pci/drivers/" + driver + "/" + address, path(address));
        tree.link(path(address) + "/driver", "/sys/bus/pci/drivers/" + driver);
    }

    private void group(Row group) {
        String directory = "/sys/kernel/iommu_groups/" + group.field(0);
        tree.directory(directory + "/devices");
        group.value("type").filter(type -> !type.equals("-")).ifPresent(type -> tree.line(directory + "/type", type));
        String regions = "0x00000000fee00000 0x00000000feefffff msi\n";
        boolean direct = group.value("rmrr").orElse("0").equals("1");
        tree.write(
                directory + "/reserved_regions",
                direct ? "0x000000008d000000 0x000000008f7fffff direct\n" + regions : regions);
        for (String address : group.value("devices").orElse("").split(",")) {
            if (!address.isEmpty()) {
                tree.link(directory + "/devices/" + address, path(address));
                tree.link(path(address) + "/iommu_group", directory);
            }
        }
    }

    void framebuffers() {
        List<Row> owners = dump.rows("FBMEM");
        StringBuilder map = new StringBuilder("00000000-00000fff : Reserved\n");
        for (Row owner : owners) {
            if (!owner.field(0).equals("-")) {
                map.append("  d0000000-dfffffff : ").append(owner.field(0)).append('\n');
            }
            map.append("    d0000000-d02fffff : ").append(owner.field(1)).append('\n');
        }
        tree.write("/proc/iomem", map.toString());
    }
}
