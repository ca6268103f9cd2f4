package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param controllers the PCI functions in its path, from the root port down; empty for virtual ones
 * @param state {@code up}, {@code down}, {@code unknown}
 * @param speed Mbit/s; null when the kernel does not say
 */
public record NetInterface(
        String name,
        String path,
        List<PciAddress> controllers,
        String mac,
        String state,
        @Nullable Integer speed) {

    public NetInterface {
        controllers = List.copyOf(controllers);
    }

    /** The function that it hangs on; null for virtual interfaces. */
    public @Nullable PciAddress controller() {
        return controllers.isEmpty() ? null : controllers.getLast();
    }

    public boolean up() {
        return state.equals("up");
    }
}
