package dev.rackhouse.simulator.pve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pretend Proxmox behaves beyond its world.
 *
 * @param speed how much faster than real all waiting goes: tasks, locks, delays (1 = as in reality)
 * @param unauthorizedDelay delay of every 401 before the speed is applied; real servers take 3 s
 * @param ports ports of the nodes in the order of the seed; missing or 0: any free port
 * @param controlPort port of the control interface, 0 for any free one
 * @param keys folder where certificates are kept over restarts, null to make new ones
 * @param requireCsrf whether writes with a ticket need the CSRF header (real servers do)
 */
public record PveSettings(
        double speed,
        Duration unauthorizedDelay,
        List<Integer> ports,
        int controlPort,
        @Nullable Path keys,
        boolean requireCsrf) {

    public PveSettings {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("The speed must be above 0, not " + speed);
        }
        ports = List.copyOf(ports);
    }

    /** As in reality, on free ports. */
    public static PveSettings realistic() {
        return new PveSettings(1, Duration.ofSeconds(3), List.of(), 0, null, true);
    }

    /** For tests: waiting is 100 times shorter. */
    public static PveSettings fast() {
        return realistic().withSpeed(100);
    }

    public PveSettings withSpeed(double faster) {
        return new PveSettings(faster, unauthorizedDelay, ports, controlPort, keys, requireCsrf);
    }

    public PveSettings withPorts(List<Integer> nodes, int control) {
        return new PveSettings(speed, unauthorizedDelay, nodes, control, keys, requireCsrf);
    }

    public PveSettings withKeys(Path folder) {
        return new PveSettings(speed, unauthorizedDelay, ports, controlPort, folder, requireCsrf);
    }
}
