package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.PciFunction;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Files of a guest made from a stock Ubuntu cloud image: what the first boot writes once, and what every boot writes anew. */
final class GuestTree {
    private GuestTree() {}

    /** User that cloud-init makes. */
    static String user(Map<String, String> config) {
        String user = config.getOrDefault("ciuser", "");
        return user.isEmpty() ? "ubuntu" : user;
    }

    /** What the image and the first boot's cloud-init leave on the disk. */
    static void firstBoot(HostTree tree, GuestLaunch launch) {
        Map<String, String> config = launch.config();
        String name = launch.name();
        tree.line("/etc/hostname", name);
        tree.write(
                "/etc/os-release",
                "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n"
                        + "VERSION_CODENAME=noble\n");
        String user = user(config);
        tree.write(
                "/etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\n" + user + ":x:1000:1000:" + user + ":/home/" + user
                        + ":/bin/bash\n");
        tree.directory("/home/" + user);
        tree.write("/home/" + user + "/.ssh/authorized_keys", keys(config));
        tree.write("/root/.ssh/authorized_keys", "");
        tree.directory("/var/lib/cloud/instance");
        tree.directory("/var/lib/dpkg/info");
        tree.directory("/etc/apt/sources.list.d");
        tree.directory("/etc/apt/keyrings");
        tree.directory("/etc/apt/apt.conf.d");
        tree.directory("/etc/systemd/system");
        tree.directory("/var/lib/apt/lists");
        Shims.install(tree, Shims.Flavour.GUEST);
    }

    private static String keys(Map<String, String> config) {
        String encoded = config.getOrDefault("sshkeys", "");
        // percent encoding as Proxmox keeps it; a bare plus is part of a key
        return encoded.isEmpty()
                ? ""
                : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8)
                                .strip() + "\n";
    }

    /** Proxmox gives changed keys a new instance id, and cloud-init then lets them in too. */
    private static void letInAgain(HostTree tree, Map<String, String> config) {
        String file = "/home/" + user(config) + "/.ssh/authorized_keys";
        String there = tree.read(file).orElse("");
        String wanted = keys(config).strip();
        if (!wanted.isEmpty() && !there.contains(wanted)) {
            tree.write(file, (there.isEmpty() ? "" : there + "\n") + wanted + "\n");
        }
    }

    /** What the kernel of this boot shows, and cloud-init does. */
    static void boot(HostTree tree, GuestLaunch launch, List<PciFunction> passed) {
        letInAgain(tree, launch.config());
        tree.delete("/cmd/dmesg.txt");
        String name = tree.read("/etc/hostname").orElse(launch.name());
        tree.line("/proc/sys/kernel/hostname", name);
        tree.line("/proc/sys/kernel/osrelease", "6.8.0-85-generic");
        tree.line("/proc/sys/kernel/random/boot_id", UUID.randomUUID().toString());
        tree.line("/proc/uptime", "12.00 20.00");
        tree.line(
                "/proc/cmdline",
                "BOOT_IMAGE=/boot/vmlinuz-6.8.0-85-generic root=LABEL=cloudimg-rootfs ro console=ttyS0");
        tree.write(
                "/proc/meminfo",
                "MemTotal:       %d kB%nMemAvailable:   %d kB%n"
                        .formatted(launch.memoryMiB() * 1000, launch.memoryMiB() * 940));
        tree.write("/proc/cpuinfo", cpus(launch.config()));
        tree.write("/proc/mounts", "/dev/sda1 / ext4 rw,relatime 0 0\n");
        Box.erase(tree.at("/sys"));
        Map<String, String[]> functions = new LinkedHashMap<>();
        functions.put("0000:00:00.0", new String[] {"0x8086", "0x29c0", "0x1af4", "0x1100", "0x060000"});
        functions.put("0000:00:1f.0", new String[] {"0x8086", "0x2918", "0x1af4", "0x1100", "0x060100"});
        functions.put("0000:00:1f.2", new String[] {"0x8086", "0x2922", "0x1af4", "0x1100", "0x010601"});
        functions.put("0000:00:1f.3", new String[] {"0x8086", "0x2930", "0x1af4", "0x1100", "0x0c0500"});
        functions.put("0000:06:03.0", new String[] {"0x1af4", "0x1002", "0x1af4", "0x0005", "0x00ff00"});
        functions.put("0000:06:12.0", new String[] {"0x1af4", "0x1000", "0x1af4", "0x0001", "0x020000"});
        functions.put("0000:09:01.0", new String[] {"0x1af4", "0x1004", "0x1af4", "0x0008", "0x010000"});
        slots(passed).forEach((address, function) -> functions.put(address, ids(function)));
        functions.forEach((address, ids) -> function(tree, address, ids));
        tree.write("/proc/bus/pci/devices", listed(functions));
        long nodes = launch.config().keySet().stream()
                .filter(key -> key.matches("numa\\d"))
                .count();
        tree.line("/sys/devices/system/node/online", nodes > 1 ? "0-" + (nodes - 1) : "0");
        if (launch.config().getOrDefault("bios", "seabios").equals("ovmf")) {
            boolean keys = launch.config().getOrDefault("efidisk0", "").contains("pre-enrolled-keys=1");
            tree.write(
                    "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
                    new byte[] {6, 0, 0, 0, (byte) (keys ? 1 : 0)});
        }
    }

    /** One line a function, as drivers/pci/proc.c prints it: bus with device and function, ids, interrupt. */
    private static String listed(Map<String, String[]> functions) {
        StringBuilder text = new StringBuilder();
        functions.forEach((address, ids) -> {
            int bus = Integer.parseInt(address.substring(5, 7), 16);
            int slot = Integer.parseInt(address.substring(8, 10), 16);
            int function = Integer.parseInt(address.substring(11));
            text.append("%02x%02x\t%s%s\t0%n"
                    .formatted(bus, slot << 3 | function, ids[0].substring(2), ids[1].substring(2)));
        });
        return text.toString();
    }

    /** Each slot of the host becomes a slot of its own behind one of the guest's root ports: the guest's addresses to the functions. */
    static Map<String, PciFunction> slots(List<PciFunction> passed) {
        List<String> slots = new ArrayList<>();
        Map<String, Integer> functionOf = new LinkedHashMap<>();
        Map<String, PciFunction> seen = new LinkedHashMap<>();
        for (PciFunction function : passed) {
            if (!slots.contains(function.slot())) {
                slots.add(function.slot());
            }
            int number = functionOf.merge(function.slot(), 1, Integer::sum) - 1;
            seen.put("0000:%02x:00.%d".formatted(slots.indexOf(function.slot()) + 1, number), function);
        }
        return seen;
    }

    private static String[] ids(PciFunction function) {
        return new String[] {
            function.vendor(),
            function.device(),
            or(function.subsystemVendor()),
            or(function.subsystemDevice()),
            function.pciClass()
        };
    }

    /** CPUs and NUMA nodes as nvidia-smi shows them: {@code 0-47}, a tab, {@code 0-7}. */
    static String affinity(HostTree tree) {
        long cpus = tree.read("/proc/cpuinfo")
                .orElse("")
                .lines()
                .filter(line -> line.startsWith("processor"))
                .count();
        String nodes = tree.read("/sys/devices/system/node/online").orElse("0");
        return (cpus > 1 ? "0-" + (cpus - 1) : "0") + "\t" + nodes;
    }

    /** Whoever set this guest up let this key in. */
    static void letIn(HostTree tree, GuestLaunch launch, String authorizedKey) {
        String file = "/home/" + user(launch.config()) + "/.ssh/authorized_keys";
        String there = tree.read(file).orElse("");
        tree.write(file, (there.isEmpty() ? "" : there + "\n") + authorizedKey + "\n");
    }

    private static String or(@org.jspecify.annotations.Nullable String id) {
        return id == null ? "0x0000" : id;
    }

    private static void function(HostTree tree, String address, String[] ids) {
        String path = "/sys/devices/pci0000:00/" + address;
        tree.line(path + "/vendor", ids[0]);
        tree.line(path + "/device", ids[1]);
        tree.line(path + "/subsystem_vendor", ids[2]);
        tree.line(path + "/subsystem_device", ids[3]);
        tree.line(path + "/class", ids[4]);
        tree.line(path + "/numa_node", "-1");
        tree.link("/sys/bus/pci/devices/" + address, path);
    }

    private static String cpus(Map<String, String> config) {
        int count = number(config.getOrDefault("cores", "1")) * number(config.getOrDefault("sockets", "1"));
        StringBuilder text = new StringBuilder();
        for (int cpu = 0; cpu < count; cpu++) {
            text.append("processor\t: ")
                    .append(cpu)
                    .append("\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu hypervisor\n\n");
        }
        return text.toString();
    }

    private static int number(String text) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : 1;
    }
}
