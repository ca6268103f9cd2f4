package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk, a partition, or something stacked on them.
 *
 * @param name {@code sdb1}, {@code nvme0n1}, {@code dm-1}, {@code md0}
 * @param path where it hangs in sysfs
 * @param controllers the PCI functions in that path, from the root port down; empty for virtual devices
 */
public record BlockDevice(
        String name,
        String path,
        List<PciAddress> controllers,
        ByteSize size,
        @Nullable String model) {

    public BlockDevice {
        controllers = List.copyOf(controllers);
    }

    /** The function that it hangs on; null for virtual devices. */
    public @Nullable PciAddress controller() {
        return controllers.isEmpty() ? null : controllers.getLast();
    }

    /** The disk that holds this partition; null when this is no partition. */
    public @Nullable String disk() {
        int last = path.lastIndexOf('/');
        if (last <= 0) {
            return null;
        }
        String parent = path.substring(path.lastIndexOf('/', last - 1) + 1, last);
        // nvme0n1 stands below its controller nvme0, which is no disk
        return parent.length() > 2 && name.startsWith(parent) && !parent.matches("nvme[0-9]+") ? parent : null;
    }

    /** The host adapter that the kernel numbered, {@code host9}; null when there is none in the path. */
    public @Nullable String host() {
        for (String part : path.split("/")) {
            if (part.matches("host[0-9]+|nvme[0-9]+")) {
                return part;
            }
        }
        return null;
    }
}
