package dev.rackhouse.simulator.host;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The files of a machine that somebody looks at for the first time: those of its dump and those that every system has. */
final class FirstContents {
    private FirstContents() {}

    /**
     * @param disk the machine as it was dumped
     * @param now the machine as it runs
     */
    static void write(HostTree tree, String node, ProbeDump disk, ProbeDump now, String authorizedKey) {
        TreeFromDump.disk(disk, tree);
        TreeFromDump.running(now, tree);
        tree.write("/root/.ssh/authorized_keys", authorizedKey + "\n");
        tree.directory("/var/backups");
        tree.directory("/var/lib");
        tree.directory("/var/log");
        tree.directory("/run");
        tree.line(
                "/etc/machine-id",
                UUID.nameUUIDFromBytes(node.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", ""));
        tree.write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
        tree.line(
                "/etc/os-release",
                disk.fact("kernel").orElse("").startsWith("6.8")
                        ? "ID=debian\nVERSION_ID=\"12\""
                        : "ID=debian\nVERSION_ID=\"13\"");
        boolean proxmox = disk.lines().containsKey("pveversion");
        if (proxmox) {
            tree.directory("/var/lib/vz/template/iso");
            tree.directory("/var/lib/vz/template/cache");
            tree.directory("/var/lib/vz/dump");
        }
        Shims.install(tree, proxmox ? Shims.Flavour.PROXMOX : Shims.Flavour.LINUX);
    }
}
