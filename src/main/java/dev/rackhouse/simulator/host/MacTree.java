package dev.rackhouse.simulator.host;

/** Files of a pretend Mac: no /proc, no /sys, a few commands. */
final class MacTree {
    private MacTree() {}

    static void write(HostTree tree, String name, String authorizedKey) {
        tree.line("/etc/hostname", name);
        tree.write("/root/.ssh/authorized_keys", authorizedKey + "\n");
        tree.directory("/Users/admin");
        tree.directory("/var/lib");
        tree.directory("/run");
        tree.write("/cmd/sysctl.txt", """
                hw.memsize: 103079215104
                hw.model: Mac15,14
                machdep.cpu.brand_string: Apple M3 Ultra
                hw.ncpu: 28
                hw.perflevel0.physicalcpu: 20
                hw.perflevel1.physicalcpu: 8
                iogpu.wired_limit_mb: 0
                vm.loadavg: { 2.11 1.98 1.84 }
                kern.hostname: %s
                """.formatted(name));
        Shims.install(tree, Shims.Flavour.MAC);
    }
}
