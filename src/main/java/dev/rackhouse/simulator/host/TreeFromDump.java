package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rebuilds the file tree of a machine from its probe dump: {@code /proc}, {@code /sys}, {@code /etc}, {@code /run} as far
 * as the probe reads them, so that the probe run over the tree prints the same bytes again. What {@code ip},
 * {@code zpool}, {@code pveversion} and {@code dmesg} print lies below {@code /cmd}.
 */
final class TreeFromDump {
    private static final String BLOCK_GUID = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private static final String SECURE_BOOT_GUID = "8be4df61-93ca-11d2-aa0d-00e098032b8c";

    private final ProbeDump dump;
    private final HostTree tree;

    private TreeFromDump(ProbeDump dump, HostTree tree) {
        this.dump = dump;
        this.tree = tree;
    }

    /** Writes the whole tree; the root must be empty or missing. */
    static void write(ProbeDump dump, HostTree tree) {
        disk(dump, tree);
        running(dump, tree);
    }

    /** Writes what lies on the disk of the machine, and stays there over a boot. */
    static void disk(ProbeDump dump, HostTree tree) {
        TreeFromDump builder = new TreeFromDump(dump, tree);
        tree.line("/etc/hostname", dump.fact("hostname").orElse("localhost"));
        if (dump.fact("boot_tool").orElse("0").equals("1")) {
            tree.line("/etc/kernel/proxmox-boot-uuids", "9A3B-21F0");
        }
        builder.textFiles(true);
        builder.proxmox();
    }

    /** Writes what the kernel and the programs of a running machine show: {@code /proc}, {@code /sys}, {@code /run}. */
    static void running(ProbeDump dump, HostTree tree) {
        TreeFromDump builder = new TreeFromDump(dump, tree);
        builder.kernel();
        builder.processor();
        builder.memory();
        builder.firmware();
        builder.textFiles(false);
        builder.modules();
        builder.mounts();
        dump.rows("RUN").forEach(row -> tree.line("/run/qemu-server/" + row.field(0) + ".pid", row.field(1)));
        devices(dump, tree);
        new PciFromDump(dump, tree).framebuffers();
        builder.numa();
    }

    /** Writes the devices of a dump, and what hangs on them. */
    static void devices(ProbeDump dump, HostTree tree) {
        TreeFromDump builder = new TreeFromDump(dump, tree);
        new PciFromDump(dump, tree).write();
        builder.disks();
        builder.networks();
        builder.usb();
    }

    private void kernel() {
        fact("hostname", "/proc/sys/kernel/hostname");
        fact("kernel", "/proc/sys/kernel/osrelease");
        fact("boot_id", "/proc/sys/kernel/random/boot_id");
        fact("uptime", "/proc/uptime");
        fact("cmdline", "/proc/cmdline");
        fact("board_vendor", "/sys/class/dmi/id/board_vendor");
        fact("board", "/sys/class/dmi/id/board_name");
        fact("bios", "/sys/class/dmi/id/bios_version");
        fact("bios_date", "/sys/class/dmi/id/bios_date");
        fact("unsafe_interrupts", "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
        boolean remapped = dump.fact("irq_remap").orElse("0").equals("1");
        tree.write(
                "/proc/interrupts",
                "           CPU0\n  24:          0  " + (remapped ? "IR-PCI-MSI" : "PCI-MSI") + " 0-edge\n");
        String routes = dump.facts("default_route").stream()
                .map(device -> device + "\t00000000\t010A0A0A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
                .collect(Collectors.joining());
        tree.write("/proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n" + routes);
    }

    private void fact(String name, String file) {
        dump.fact(name).ifPresent(value -> tree.line(file, value));
    }

    private void processor() {
        StringBuilder one = new StringBuilder();
        for (Row row : dump.rows("K")) {
            switch (row.field(0)) {
                case "cpu_vendor" ->
                    one.append("vendor_id\t: ").append(row.field(1)).append('\n');
                case "cpu_model" ->
                    one.append("model name\t: ").append(row.field(1)).append('\n');
                default -> {}
            }
        }
        String flags = String.join(" ", dump.facts("cpu_flag"));
        one.append("flags\t\t: fpu vme msr ").append(flags).append('\n');
        StringBuilder all = new StringBuilder();
        for (int cpu = 0; cpu < cpus(); cpu++) {
            all.append("processor\t: ").append(cpu).append('\n').append(one).append('\n');
        }
        tree.write("/proc/cpuinfo", all.toString());
        if (dump.fact("dev_kvm").orElse("0").equals("1")) {
            tree.write("/dev/kvm", "");
        }
    }

    private int cpus() {
        int count = 0;
        for (Row node : dump.rows("NODE")) {
            for (String range : node.value("cpus").orElse("").split(",")) {
                String[] ends = range.split("-");
                if (!ends[0].isEmpty()) {
                    count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
                }
            }
        }
        return Math.max(1, count);
    }

    private void memory() {
        StringBuilder meminfo = new StringBuilder();
        StringBuilder arc = new StringBuilder();
        for (Row row : dump.rows("K")) {
            String name = row.field(0);
            if (name.startsWith("mem_")) {
                String unit = name.startsWith("mem_HugePages_") ? "" : " kB";
                meminfo.append("%-15s %10s%s%n".formatted(name.substring(4) + ":", row.field(1), unit));
            } else if (name.startsWith("arc_")) {
                arc.append("%-31s 4    %s%n".formatted(name.substring(4), row.field(1)));
            }
        }
        tree.write("/proc/meminfo", meminfo.toString());
        if (!arc.isEmpty()) {
            tree.write("/proc/spl/kstat/zfs/arcstats", "13 1 0x01 147 39984 1 1\nname type data\n" + arc);
        }
    }

    private void firmware() {
        if (dump.fact("firmware").orElse("").equals("efi")) {
            tree.directory("/sys/firmware/efi/efivars");
        }
        dump.fact("secureboot")
                .ifPresent(on -> tree.write(
                        "/sys/firmware/efi/efivars/SecureBoot-" + SECURE_BOOT_GUID,
                        new byte[] {6, 0, 0, 0, Byte.parseByte(on)}));
        dump.fact("loader").ifPresent(loader -> {
            byte[] text = (loader + "\0").getBytes(StandardCharsets.UTF_16LE);
            byte[] variable = new byte[text.length + 4];
            variable[0] = 6;
            System.arraycopy(text, 0, variable, 4, text.length);
            tree.write("/sys/firmware/efi/efivars/LoaderInfo-" + BLOCK_GUID, variable);
        });
    }

    private void textFiles(boolean onDisk) {
        for (Map.Entry<String, List<String>> source : dump.lines().entrySet()) {
            String name = source.getKey();
            if (name.startsWith("/etc/") != onDisk) {
                continue;
            }
            String text = source.getValue().stream().map(line -> line + "\n").collect(Collectors.joining());
            if (name.equals("pci_reservations")) {
                tree.write("/run/qemu-server/pci-id-reservations", text);
            } else if (name.equals("/proc/fb") || name.startsWith("/proc/")) {
                tree.write(name, text);
            } else if (name.startsWith("/etc/pve/mapping/")) {
                tree.write(name, text.replaceAll("(?m)^ ", "\t"));
            } else if (name.startsWith("/")) {
                tree.write(name, text);
            } else {
                tree.write("/cmd/" + name + ".txt", text);
            }
        }
        if (onDisk && dump.fact("interfaces_new").isPresent()) {
            tree.write(NetworkFiles.STAGED, NetworkFiles.dumped(dump, true));
        }
    }

    private void modules() {
        String loaded = dump.rows("M").stream()
                .map(row -> row.field(0) + " 16384 0 - Live 0x0000000000000000\n")
                .collect(Collectors.joining());
        tree.write("/proc/modules", loaded);
        for (Row row : dump.rows("MOD")) {
            String directory = "/sys/module/" + row.field(0);
            tree.directory(directory);
            if (!row.field(1).equals("-")) {
                tree.line(directory + "/version", row.field(1));
            }
        }
    }

    private void mounts() {
        String mounts = dump.rows("MNT").stream()
                .map(row -> row.field(1) + " " + row.field(0) + " " + row.field(2) + " rw,relatime 0 0\n")
                .collect(Collectors.joining());
        tree.write("/proc/mounts", mounts);
        String swaps = dump.rows("SWAP").stream()
                .map(row -> row.field(0) + " partition 8388604 0 -2\n")
                .collect(Collectors.joining());
        tree.write("/proc/swaps", "Filename Type Size Used Priority\n" + swaps);
    }

    private void proxmox() {
        if (dump.fact("cluster").isPresent()) {
            tree.write("/etc/pve/corosync.conf", "totem {\n  version: 2\n}\n");
        }
        Map<String, List<String>> guests = new java.util.LinkedHashMap<>();
        for (Row row : dump.rows("GUEST")) {
            guests.computeIfAbsent(row.field(0), file -> new ArrayList<>()).add(row.field(1) + ": " + row.field(2));
        }
        guests.forEach((file, lines) -> tree.line("/etc/pve/nodes/" + file, String.join("\n", lines)));
    }

    private void disks() {
        Map<String, Row> blocks = dump.paths("block");
        for (Row block : blocks.values()) {
            String path = block.field(2);
            tree.line(path + "/size", block.value("sectors").orElse("0"));
            tree.link("/sys/class/block/" + block.field(1), path);
            String model = block.value("model").orElse("");
            if (!model.isEmpty()) {
                String device = deviceOf(path);
                tree.line(device + "/model", model);
                tree.link(path + "/device", device);
            }
        }
        for (Row slave : dump.rows("SLAVE")) {
            Row upper = blocks.get(slave.field(0));
            Row lower = blocks.get(slave.field(1));
            if (upper != null && lower != null) {
                tree.link(upper.field(2) + "/slaves/" + slave.field(1), lower.field(2));
            }
        }
        for (Row mapped : dump.rows("DM")) {
            tree.line("/sys/devices/virtual/block/" + mapped.field(0) + "/dm/name", mapped.field(1));
        }
    }

    /** {@code .../0:0:0:0/block/sda} hangs below {@code .../0:0:0:0}, {@code .../nvme0/nvme0n1} below {@code .../nvme0}. */
    private static String deviceOf(String path) {
        String parent = path.substring(0, path.lastIndexOf('/'));
        return parent.endsWith("/block") ? parent.substring(0, parent.lastIndexOf('/')) : parent;
    }

    private void networks() {
        Map<String, Row> nets = dump.paths("net");
        for (Row net : nets.values()) {
            String path = net.field(2);
            tree.line(path + "/address", net.value("mac").orElse("00:00:00:00:00:00"));
            tree.line(path + "/operstate", net.value("state").orElse("unknown"));
            net.value("speed")
                    .filter(speed -> !speed.equals("-"))
                    .ifPresent(speed -> tree.line(path + "/speed", speed));
            tree.link("/sys/class/net/" + net.field(1), path);
        }
        for (Row lower : dump.rows("LOWER")) {
            Row upper = nets.get(lower.field(0));
            Row below = nets.get(lower.field(1));
            if (upper != null && below != null) {
                tree.link(upper.field(2) + "/lower_" + lower.field(1), below.field(2));
            }
        }
    }

    private void usb() {
        for (Row usb : dump.paths("usb").values()) {
            String path = usb.field(2);
            String[] ids = usb.value("id").orElse(":").split(":", -1);
            tree.line(path + "/idVendor", ids[0]);
            tree.line(path + "/idProduct", ids[1]);
            tree.line(path + "/product", usb.value("product").orElse(""));
            tree.link("/sys/bus/usb/devices/" + usb.field(1), path);
        }
    }

    private void numa() {
        for (Row node : dump.rows("NODE")) {
            String number = node.field(0);
            String directory = "/sys/devices/system/node/node" + number;
            tree.line(directory + "/cpulist", node.value("cpus").orElse(""));
            tree.line(directory + "/distance", node.value("distance").orElse("10"));
            tree.write(
                    directory + "/meminfo",
                    numaLine(number, "MemTotal", node.value("total_kb").orElse("0"))
                            + numaLine(number, "MemFree", node.value("free_kb").orElse("0")));
            for (String field : node.fields()) {
                if (field.startsWith("hp_")) {
                    String[] pages = field.substring(field.indexOf('=') + 1).split("/");
                    String pool = directory + "/hugepages/hugepages-" + field.substring(3, field.indexOf('='));
                    tree.line(pool + "/nr_hugepages", pages[0]);
                    tree.line(pool + "/free_hugepages", pages[1]);
                }
            }
        }
    }

    private static String numaLine(String node, String name, String kilobytes) {
        return "Node %s %-15s %s kB%n".formatted(node, name + ":", kilobytes);
    }
}
