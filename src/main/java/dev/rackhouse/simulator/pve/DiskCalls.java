package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Growing, moving and unlinking disks of guests. */
final class DiskCalls {
    private DiskCalls() {}

    static void register(Calls calls) {
        calls.on("PUT /nodes/{node}/qemu/{vmid}/resize", DiskCalls::resize);
        calls.on("PUT /nodes/{node}/lxc/{vmid}/resize", DiskCalls::resize);
        calls.on("POST /nodes/{node}/qemu/{vmid}/move_disk", req -> move(req, req.get("disk")));
        calls.on("POST /nodes/{node}/lxc/{vmid}/move_volume", req -> move(req, req.get("volume")));
        calls.waiting("PUT /nodes/{node}/qemu/{vmid}/unlink", DiskCalls::unlink);
    }

    private static void digest(Req req, Guest guest) {
        String digest = req.opt("digest");
        if (digest != null && !digest.equals(guest.digest())) {
            throw ApiError.died(
                    guest.vm()
                            ? "checksum mismatch (file change by other user?)"
                            : "detected modified configuration - file changed by other user? Try again.");
        }
    }

    private static Object resize(Req req) {
        req.rootOnly("skiplock");
        Guest guest = req.guest();
        String disk = req.get("disk");
        digest(req, guest);
        return req.task("resize", Integer.toString(guest.vmid), task -> {
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> {
                    GuestPower.checkLock(guest, req.flag("skiplock"));
                    grow(req, guest, disk, task);
                });
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static void grow(Req req, Guest guest, String disk, Task task) {
        String value = guest.config.get(disk);
        if (value == null) {
            throw ApiError.died("disk '" + disk + "' does not exist");
        }
        if (guest.vm() && GuestConfig.cdrom(disk, value)) {
            throw ApiError.died("can't resize a cdrom");
        }
        String volid = GuestConfig.volume(disk, value);
        if (volid.isEmpty()) {
            throw ApiError.died("disk '" + disk + "' has no associated volume");
        }
        Storage.Volume volume = req.world.volume(volid, guest.node);
        long size = volume == null ? 0 : volume.size;
        String asked = req.get("size");
        long wanted = asked.startsWith("+") ? size + Sizes.parse(asked.substring(1)) : Sizes.parse(asked);
        if (wanted < size) {
            throw ApiError.died("shrinking disks is not supported");
        }
        if (wanted == size || volume == null) {
            return;
        }
        Storage storage = req.world.storage(volid.substring(0, volid.indexOf(':')));
        if (storage.type().startsWith("lvm")) {
            String group = String.valueOf(storage.config.getOrDefault("vgname", "pve"));
            task.log("  Size of logical volume " + group + "/" + volume.name() + " changed from " + Sizes.human(size)
                    + " to " + Sizes.human(wanted) + ".");
            task.log("  Logical volume " + group + "/" + volume.name() + " successfully resized.");
        } else if (storage.files() && !guest.running) {
            task.log("Image resized.");
        }
        volume.size = wanted;
        Map<String, String> parts = GuestConfig.drive(disk, value);
        parts.put("size", Sizes.print(wanted));
        guest.config.put(disk, GuestConfig.printDrive(disk, parts));
        req.world.written(guest);
    }

    private static Object move(Req req, String disk) {
        World world = req.world;
        Guest guest = req.guest();
        digest(req, guest);
        String target = req.opt("storage");
        if (target == null) {
            throw ApiError.parameter("storage", "missing property required: either 'storage' or 'target-vmid'");
        }
        req.need("/storage/" + target, "Datastore.AllocateSpace");
        GuestPower.checkLock(guest, false);
        String value = guest.config.get(disk);
        if (value == null) {
            throw ApiError.died("disk '" + disk + "' does not exist");
        }
        String volid = GuestConfig.volume(disk, value);
        Storage storage = world.storage(target, req.node());
        String from = volid.substring(0, Math.max(0, volid.indexOf(':')));
        Storage.Volume volume = world.volume(volid, guest.node);
        if (volume == null) {
            throw ApiError.died("volume '" + volid + "' does not exist");
        }
        String format = req.get("format", volume.format);
        if (from.equals(target) && format.equals(volume.format)) {
            throw ApiError.died("you can't move to the same storage with same format");
        }
        return req.task(guest.vm() ? "qmmove" : "move_volume", Integer.toString(guest.vmid), task -> {
            ConfigCalls.acquire(world, guest);
            try {
                task.log("create full clone of drive " + disk + " (" + volid + ")");
                Storage.Volume copy =
                        new Images(world, req.node()).allocate(task, storage, guest.vmid, format, volume.size, null);
                Images.copy(task, volume.size);
                world.locked(() -> {
                    Map<String, String> parts = GuestConfig.drive(disk, value);
                    parts.put("file", copy.volid);
                    parts.remove("format");
                    guest.config.put(disk, GuestConfig.printDrive(disk, parts));
                    if (!req.flag("delete")) {
                        Disks.keepUnused(guest, disk, value);
                    }
                    world.written(guest);
                });
                if (req.flag("delete")) {
                    new Images(world, req.node()).remove(volid);
                }
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static @Nullable Object unlink(Req req) throws InterruptedException {
        World world = req.world;
        Guest guest = world.locked(req::guest);
        ConfigCalls.acquire(world, guest);
        try {
            world.locked(() -> {
                GuestPower.checkLock(guest, false);
                List<String> keys = new ArrayList<>(Formats.split(req.get("idlist")));
                for (String key : keys) {
                    String value = guest.config.remove(key);
                    if (value == null) {
                        continue;
                    }
                    if (req.flag("force") || GuestConfig.isUnused(key)) {
                        new Images(world, req.node()).remove(GuestConfig.volume(key, value));
                    } else {
                        Disks.keepUnused(guest, key, value);
                    }
                }
                world.written(guest);
            });
            return null;
        } finally {
            guest.fileLock.release();
        }
    }
}
