package dev.rackhouse.simulator.pve;

/** Load and counters of a guest: nothing when it is stopped; steady, different for each guest, and growing else. */
final class GuestNumbers {
    private final World world;
    private final Node node;
    private final Guest guest;

    GuestNumbers(World world, Node node, Guest guest) {
        this.world = world;
        this.node = node;
        this.guest = guest;
    }

    private Guest.Sizing sizing() {
        Guest.Sizing known = guest.sizing;
        if (known == null) {
            var config = guest.running ? guest.started : guest.config;
            known = new Guest.Sizing(
                    GuestConfig.memoryBytes(guest, config),
                    GuestConfig.cores(guest, config, 0),
                    GuestConfig.bootDisk(guest));
            guest.sizing = known;
        }
        return known;
    }

    private boolean live() {
        return guest.running;
    }

    /** A number between 0 and 1 that belongs to this guest and moves slowly. */
    private double share(int salt) {
        long hash = guest.vmid * 0x9E3779B97F4A7C15L + salt * 0xC2B2AE3D27D4EB4FL;
        hash ^= hash >>> 29;
        double own = (hash & 0xffff) / 65536.0;
        return own * 0.8 + 0.1 * (1 + Math.sin(world.now() / 300.0 + own * 6));
    }

    long uptime() {
        return live() ? Math.max(0, world.now() - guest.startedAt) : 0;
    }

    int cpus() {
        int own = sizing().cpus();
        return own == 0 ? node.seed.cpu().cpus() : own;
    }

    /** Fraction of the guest's processors. */
    double cpu() {
        return live() && !guest.paused ? Math.round(share(1) * share(1) * 4e8) / 1e9 : 0;
    }

    long maxMemory() {
        return sizing().memory();
    }

    /** What the guest itself says, else its process. */
    long memory() {
        if (!live()) {
            return 0;
        }
        long told = node.machine.guestMemoryUsedBytes(guest.vmid);
        return told > 0 ? told : node.seed.cpu().hvm().isEmpty() ? 0 : (long) (maxMemory() * (0.2 + 0.6 * share(2)));
    }

    /** Passed-through devices pin all memory; huge pages are not counted. */
    long memoryOnHost() {
        if (!live() || node.seed.cpu().hvm().isEmpty()) {
            return 0;
        }
        if (guest.started.containsKey("hugepages")) {
            return 220L << 20;
        }
        return guest.devices.isEmpty() ? memory() + (90L << 20) : maxMemory() + (512L << 20);
    }

    long maxDisk() {
        return sizing().disk();
    }

    /** Always 0 for VMs. */
    long disk() {
        return guest.vm() || !live() ? 0 : (long) (maxDisk() * (0.2 + 0.5 * share(3)));
    }

    long netIn() {
        return live() ? (long) (uptime() * 20_000 * share(4)) + 70 : 0;
    }

    long netOut() {
        return live() ? (long) (uptime() * 8_000 * share(5)) + 1751 : 0;
    }

    long diskRead() {
        return live() ? (long) (uptime() * 4_000 * share(6)) + 512 : 0;
    }

    long diskWrite() {
        return live() ? (long) (uptime() * 9_000 * share(7)) : 0;
    }
}
