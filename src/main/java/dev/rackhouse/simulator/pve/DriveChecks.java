package dev.rackhouse.simulator.pve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rights and kinds of the storages that requested drives name. Works under the world's lock. */
final class DriveChecks {
    private DriveChecks() {}

    /** @param defaultStorage storage given for the whole call, or null */
    static void access(Req req, int vmid, Map<String, String> set, @Nullable String defaultStorage) {
        set.forEach((key, value) -> {
            if (GuestConfig.isDrive(key) && !value.isEmpty()) {
                one(req, vmid, key, value, defaultStorage);
            }
        });
    }

    private static void one(Req req, int vmid, String key, String value, @Nullable String defaultStorage) {
        Map<String, String> parts = GuestConfig.drive(key, value);
        String file = parts.getOrDefault("file", "");
        if (file.equals("none") || file.equals("cdrom")) {
            return;
        }
        if (file.startsWith("/")) {
            if (!req.caller.isRoot()) {
                throw ApiError.died("Only root can pass arbitrary filesystem paths.");
            }
            return;
        }
        var fresh = Disks.NEW.matcher(file);
        if (fresh.matches() || file.endsWith(":cloudinit")) {
            String id = fresh.matches() ? fresh.group(1) : file.substring(0, file.indexOf(':'));
            req.need("/storage/" + id, "Datastore.AllocateSpace");
            Storage storage = req.world.storage(id);
            if (!storage.holds("images")) {
                throw ApiError.parameter("storage", "storage '" + id + "' does not support vm images");
            }
            String source = parts.get("import-from");
            if (source != null) {
                read(req, vmid, source);
            }
            return;
        }
        read(req, vmid, file);
    }

    /** Whether the caller may use an existing volume: its own guest's, or with rights on the storage. */
    static void read(Req req, int vmid, String volid) {
        if (volid.startsWith("/")) {
            if (!req.caller.isRoot()) {
                throw ApiError.died("Only root can pass arbitrary filesystem paths.");
            }
            return;
        }
        String id = volid.substring(0, Math.max(0, volid.indexOf(':')));
        Storage storage = req.world.storage(id);
        Storage.Volume volume = storage.find(volid, req.node().name());
        String path = "/storage/" + id;
        if (volume == null) {
            if (!req.may(path, "Datastore.Allocate") && !volid.contains("vm-" + vmid + "-")) {
                req.need(path, "Datastore.Allocate");
            }
            return;
        }
        switch (volume.content) {
            case "iso", "vztmpl", "snippets", "import" -> {
                if (!req.may(path, "Datastore.AllocateSpace", "Datastore.Audit")) {
                    throw ApiError.forbidden(path + ", Datastore.AllocateSpace|Datastore.Audit");
                }
            }
            case "backup" -> {
                if (!req.may(path, "Datastore.Allocate")) {
                    req.need(path, "Datastore.AllocateSpace");
                    req.need("/vms/" + volume.vmid, "VM.Backup");
                }
            }
            default -> {
                if (volume.vmid != vmid && !req.may(path, "Datastore.Allocate")) {
                    req.need(path, "Datastore.Audit");
                    req.need("/vms/" + volume.vmid, "VM.Config.Disk");
                }
            }
        }
    }
}
