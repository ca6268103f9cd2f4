package dev.rackhouse.inference;

import dev.rackhouse.base.PciAddress;
import org.jspecify.annotations.Nullable;

/**
 * A GPU that a deployment holds on to. The UUID names it to the engine, since an index moves when a card drops off the bus; the address
 * on the node ties it to the inventory.
 *
 * @param uuid {@code GPU-...}, as nvidia-smi prints it
 * @param address on the Proxmox node or the host; null when nobody has said
 */
public record GpuPin(String uuid, @Nullable PciAddress address) {

    public GpuPin {
        if (!uuid.matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw new IllegalArgumentException("'" + uuid + "' is no UUID of a GPU, such as nvidia-smi -L prints");
        }
    }
}
