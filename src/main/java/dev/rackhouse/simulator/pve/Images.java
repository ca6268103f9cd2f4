package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.SpaceSeed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes and removes guest volumes, with the lines that real storages print. */
final class Images {
    private static final long RAW_LIMIT = 16L << 40;

    private final World world;
    private final Node node;

    Images(World world, Node node) {
        this.world = world;
        this.node = node;
    }

    /** Where a file of the storage lies on the node. */
    static String path(Storage storage, String volid) {
        String name = volid.substring(volid.indexOf(':') + 1);
        return switch (storage.type()) {
            case "lvm", "lvmthin" -> "/dev/" + storage.config.getOrDefault("vgname", "pve") + "/" + name;
            case "zfspool" ->
                name.startsWith("subvol-")
                        ? "/" + storage.config.getOrDefault("pool", storage.id) + "/" + name
                        : "/dev/zvol/" + storage.config.getOrDefault("pool", storage.id) + "/" + name;
            default ->
                storage.path()
                        + (name.startsWith("iso/")
                                ? "/template/iso/" + name.substring(4)
                                : name.startsWith("vztmpl/")
                                        ? "/template/cache/" + name.substring(7)
                                        : name.startsWith("backup/")
                                                ? "/dump/" + name.substring(7)
                                                : name.startsWith("import/") || name.startsWith("snippets/")
                                                        ? "/" + name
                                                        : "/images/" + name);
        };
    }

    /**
     * Makes a volume under the next free name.
     *
     * @param wanted name without format, null for {@code vm-N-disk-M}
     */
    Storage.Volume allocate(
            Task task, Storage storage, int vmid, @Nullable String format, long bytes, @Nullable String wanted) {
        if (!storage.holds("images") && !storage.holds("rootdir")) {
            throw ApiError.died("storage '" + storage.id + "' does not support content-type 'images'");
        }
        if (storage.offline) {
            throw ApiError.died("storage '" + storage.id + "' is not online");
        }
        String kind = storage.files() ? format == null ? "raw" : format : "raw";
        Storage.Volume volume = world.locked(() -> {
            String name = wanted != null ? wanted : freeName(storage, vmid, "vm-" + vmid + "-disk-");
            String volid = storage.id + ":" + (storage.files() ? vmid + "/" + name + "." + kind : name);
            Storage.Volume made = new Storage.Volume(
                    volid, storage.shared() ? null : node.name(), "images", kind, bytes, vmid, world.now());
            String path = path(storage, volid);
            announce(task, storage, made, path);
            refuse(storage, bytes, path, kind, made);
            storage.add(made);
            return made;
        });
        node.machine.volumeCreated(volume.volid, bytes);
        return volume;
    }

    private void refuse(Storage storage, long bytes, String path, String kind, Storage.Volume made) {
        SpaceSeed space = storage.spaceOn(node.name());
        long free = space.total() - storage.used(node.name(), world.seeded);
        if (storage.files() && kind.equals("raw") && bytes > RAW_LIMIT) {
            throw ApiError.died("unable to create image: qemu-img: " + path
                    + ": The image size is too large for file format 'raw'");
        }
        if (storage.type().equals("zfspool")
                && !"1".equals(String.valueOf(storage.config.get("sparse")))
                && bytes > free) {
            throw ApiError.died("unable to create image: zfs error: cannot create '"
                    + storage.config.getOrDefault("pool", storage.id) + "/" + made.name() + "': out of space");
        }
        if (storage.type().equals("lvm") && bytes > free) {
            throw ApiError.died(
                    "unable to create image: not enough free space (" + free / 1024 + " < " + bytes / 1024 + ")");
        }
    }

    private static void announce(Task task, Storage storage, Storage.Volume volume, String path) {
        if (storage.files()) {
            task.log(
                    volume.format.equals("qcow2")
                            ? "Formatting '" + path
                                    + "', fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata"
                                    + " compression_type=zlib size=" + volume.size
                                    + " lazy_refcounts=off refcount_bits=16"
                            : "Formatting '" + path + "', fmt=" + volume.format + " size=" + volume.size
                                    + " preallocation=off");
        } else if (storage.type().startsWith("lvm")) {
            task.log("  Logical volume \"" + volume.name() + "\" created.");
            if (storage.type().equals("lvmthin")) {
                task.log("  Logical volume " + storage.config.getOrDefault("vgname", "pve") + "/" + volume.name()
                        + " changed.");
            }
        }
    }

    private String freeName(Storage storage, int vmid, String prefix) {
        for (int i = 0; ; i++) {
            String name = prefix + i;
            boolean taken = storage.on(node.name()).stream()
                    .anyMatch(volume ->
                            volume.name().equals(name) || volume.name().startsWith(vmid + "/" + name + "."));
            if (!taken) {
                return name;
            }
        }
    }

    /** Removes a volume; one that is not there is left alone. */
    void remove(String volid) {
        world.locked(() -> {
            Storage.Volume volume = world.volume(volid, node.name());
            if (volume != null) {
                world.storage(volid.substring(0, volid.indexOf(':'))).remove(volume);
            }
        });
        node.machine.volumeRemoved(volid);
    }

    /** Copies with the progress lines of a real copy; time goes by size. */
    static void copy(Task task, long bytes) throws InterruptedException {
        task.log("transferred 0.0 B of " + Sizes.human(bytes) + " (0.00%)");
        long gib = bytes >> 30;
        int steps = gib < 3 ? 1 : 4;
        for (int i = 1; i <= steps; i++) {
            task.pause(Duration.ofMillis(100 + Math.min(gib, 200) * 60 / steps));
            task.log("transferred " + Sizes.human(bytes * (double) i / steps) + " of " + Sizes.human(bytes) + " ("
                    + String.format(java.util.Locale.ROOT, "%.2f", 100.0 * i / steps) + "%)");
        }
    }
}
