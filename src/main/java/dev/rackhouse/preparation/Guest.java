package dev.rackhouse.preparation;

import dev.rackhouse.base.VmId;
import java.util.Comparator;
import java.util.List;

/**
 * A guest of the host, as far as a reboot concerns it.
 *
 * @param vm else a container
 * @param label {@code VM 110 (ai-inference)}
 * @param running whether it ran when the host was last seen
 * @param onboot whether Proxmox starts it with the host
 * @param order Proxmox's start order; guests without one come last
 * @param addresses without prefix, as its configuration says
 * @param macs in lower case
 */
public record Guest(
        VmId vmid,
        boolean vm,
        String label,
        boolean running,
        boolean onboot,
        int order,
        List<String> addresses,
        List<String> macs) {

    static final int NO_ORDER = Integer.MAX_VALUE;

    /** As Proxmox starts them. */
    static final Comparator<Guest> START_ORDER =
            Comparator.comparingInt(Guest::order).thenComparing(g -> g.vmid().value());

    public Guest {
        addresses = List.copyOf(addresses);
        macs = List.copyOf(macs);
    }

    String kind() {
        return vm ? "qemu" : "lxc";
    }
}
