package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.SpaceSeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Storages of a node and what lies on them. */
final class StorageCalls {
    private static final String NODE = "/nodes/{node}/storage";
    private static final String ONE = NODE + "/{storage}";

    private StorageCalls() {}

    static void register(Calls calls) {
        calls.on("GET /storage", StorageCalls::definitions);
        calls.on("GET /storage/{storage}", StorageCalls::definition);
        calls.waiting("GET " + NODE, StorageCalls::list);
        calls.on(
                "GET " + ONE,
                req -> List.of(Map.of("subdir", "status"), Map.of("subdir", "content"), Map.of("subdir", "upload")));
        calls.on("GET " + ONE + "/status", StorageCalls::status);
        calls.on("GET " + ONE + "/content", StorageCalls::content);
        calls.on("POST " + ONE + "/content", StorageCalls::allocate);
        calls.on("GET " + ONE + "/content/{volume}", StorageCalls::volume);
        calls.on("PUT " + ONE + "/content/{volume}", StorageCalls::annotate);
        calls.waiting("DELETE " + ONE + "/content/{volume}", StorageCalls::delete);
        calls.on("POST " + ONE + "/download-url", StorageCalls::download);
        calls.on("POST " + ONE + "/upload", StorageCalls::upload);
        calls.waiting("GET /nodes/{node}/query-url-metadata", StorageCalls::metadata);
    }

    private static String digest(World world) {
        StringBuilder all = new StringBuilder();
        world.storages.values().forEach(storage -> all.append(storage.id).append(Json.canonical(storage.config)));
        return Guest.sha1(all.toString());
    }

    private static Map<String, Object> definition(World world, Storage storage) {
        Map<String, Object> row = new LinkedHashMap<>(storage.config);
        row.put("storage", storage.id);
        row.put("digest", digest(world));
        return row;
    }

    private static Object definitions(Req req) {
        List<Object> rows = new ArrayList<>();
        for (Storage storage : req.world.storages.values()) {
            boolean wanted = !req.has("type") || storage.type().equals(req.get("type"));
            if (wanted && req.may("/storage/" + storage.id, "Datastore.Audit", "Datastore.AllocateSpace")) {
                rows.add(definition(req.world, storage));
            }
        }
        return rows;
    }

    private static Object definition(Req req) {
        return definition(req.world, req.world.storage(req.get("storage")));
    }

    /** A hanging storage makes the whole list wait. */
    private static Object list(Req req) throws InterruptedException {
        World world = req.world;
        boolean hangs = world.locked(() -> world.storages.values().stream()
                .anyMatch(storage -> storage.hanging
                        && storage.onNode(req.node().name())
                        && (!req.has("storage") || storage.id.equals(req.get("storage")))));
        if (hangs) {
            world.clock.pause(Duration.ofSeconds(10));
        }
        return world.locked(() -> rows(req));
    }

    private static List<Object> rows(Req req) {
        List<Object> rows = new ArrayList<>();
        for (Storage storage : req.world.storages.values()) {
            boolean wanted = storage.onNode(req.node().name())
                    && (!req.has("storage") || storage.id.equals(req.get("storage")))
                    && (!req.flag("enabled") || !storage.disabled())
                    && fits(storage, req.opt("content"))
                    && (!req.has("target")
                            || storage.onNode(req.get("target")) && storage.shared()
                            || !req.has("target")
                            || storage.onNode(req.get("target")));
            if (wanted && req.may("/storage/" + storage.id, "Datastore.Audit", "Datastore.AllocateSpace")) {
                Map<String, @Nullable Object> row = state(req, storage);
                row.put("storage", storage.id);
                if (numberOf(row.get("total")) > 0) {
                    row.put("used_fraction", numberOf(row.get("used")) / (double) numberOf(row.get("total")));
                }
                if (req.flag("format")) {
                    row.put("formats", formats(storage));
                    row.put("select_existing", 0);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static boolean fits(Storage storage, @Nullable String content) {
        return content == null || Formats.split(content).stream().anyMatch(storage::holds);
    }

    private static Map<String, Object> formats(Storage storage) {
        Map<String, Object> formats = new LinkedHashMap<>();
        formats.put("default", storage.files() ? "qcow2" : "raw");
        formats.put(
                "supported",
                storage.files()
                        ? List.of("raw", "qcow2", "vmdk", "subvol")
                        : storage.type().equals("zfspool") ? List.of("raw", "subvol") : List.of("raw"));
        return formats;
    }

    private static long numberOf(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    static Map<String, @Nullable Object> state(Req req, Storage storage) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        String node = req.node().name();
        boolean active = !storage.offline && !storage.hanging && !storage.disabled();
        SpaceSeed space = storage.spaceOn(node);
        long used = storage.used(node, req.world.seeded);
        row.put("type", storage.type());
        row.put("content", String.join(",", storage.content()));
        row.put("enabled", storage.disabled() ? 0 : 1);
        row.put("shared", storage.shared() ? 1 : 0);
        row.put("active", active ? 1 : 0);
        row.put("total", active ? space.total() : 0);
        row.put("used", active ? used : 0);
        row.put("avail", active ? Math.max(0, space.total() - used - space.reserved()) : 0);
        return row;
    }

    private static Object status(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        return state(req, storage);
    }

    private static Object content(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        if (storage.offline) {
            throw ApiError.died("storage '" + storage.id + "' is not online");
        }
        List<Object> rows = new ArrayList<>();
        List<Storage.Volume> volumes = new ArrayList<>(storage.on(req.node().name()));
        volumes.sort((a, b) -> a.volid.compareTo(b.volid));
        String path = "/storage/" + storage.id;
        for (Storage.Volume volume : volumes) {
            boolean wanted = (!req.has("content") || volume.content.equals(req.get("content")))
                    && (!req.has("vmid") || volume.vmid == req.number("vmid", 0));
            boolean may = switch (volume.content) {
                case "images", "rootdir" ->
                    req.may(path, "Datastore.Allocate") || req.may("/vms/" + volume.vmid, "VM.Audit", "VM.Config.Disk");
                case "backup" ->
                    req.may(path, "Datastore.Allocate") || req.may("/vms/" + volume.vmid, "VM.Backup", "VM.Audit");
                default -> true;
            };
            if (wanted && may) {
                rows.add(row(storage, volume));
            }
        }
        return rows;
    }

    private static Map<String, @Nullable Object> row(Storage storage, Storage.Volume volume) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("volid", volume.volid);
        row.put("content", volume.content);
        row.put("format", volume.format);
        row.put("size", volume.size);
        if (volume.vmid > 0) {
            row.put("vmid", volume.vmid);
        }
        if (volume.content.equals("backup")) {
            row.put("subtype", volume.subtype == null ? "qemu" : volume.subtype);
            if (volume.notes != null && !volume.notes.isEmpty()) {
                row.put("notes", volume.notes.lines().findFirst().orElse(""));
            }
            if (volume.isProtected) {
                row.put("protected", 1);
            }
        }
        switch (storage.type()) {
            case "zfspool" -> {
                row.put("parent", volume.parent);
                row.put("name", volume.name().substring(volume.name().lastIndexOf('/') + 1));
            }
            case "lvm", "lvmthin" -> row.put("ctime", Long.toString(volume.ctime));
            default -> row.put("ctime", volume.ctime);
        }
        if (storage.files() && volume.content.equals("images")) {
            row.put("used", volume.format.equals("raw") ? Math.min(volume.size, 4096) : 196_616L);
            row.put("parent", volume.parent);
        }
        return row;
    }

    private static String volid(Req req) {
        String volume = req.get("volume");
        return volume.contains(":") ? volume : req.get("storage") + ":" + volume;
    }

    static Storage.Volume known(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        String volid = volid(req);
        Storage.Volume volume = storage.find(volid, req.node().name());
        if (volume == null) {
            throw ApiError.died("volume '" + volid + "' does not exist");
        }
        return volume;
    }

    private static void mayChange(Req req, Storage.Volume volume) {
        String path = "/storage/" + req.get("storage");
        if (req.may(path, "Datastore.Allocate")) {
            return;
        }
        boolean own = volume.content.equals("backup")
                && volume.vmid > 0
                && req.may("/vms/" + volume.vmid, "VM.Backup")
                && req.may(path, "Datastore.AllocateSpace");
        if (!own) {
            throw ApiError.forbidden(path + ", Datastore.Allocate");
        }
    }

    private static Object volume(Req req) {
        Storage.Volume volume = known(req);
        DriveChecks.read(req, volume.vmid == 0 ? -1 : volume.vmid, volume.volid);
        Storage storage = req.world.storage(req.get("storage"));
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("path", Images.path(storage, volume.volid));
        info.put("size", volume.size);
        info.put("used", volume.content.equals("backup") ? volume.size : Math.min(volume.size, 196_616L));
        info.put("format", volume.format);
        if (volume.notes != null) {
            info.put("notes", volume.notes);
        }
        if (volume.content.equals("backup")) {
            info.put("protected", volume.isProtected ? 1 : 0);
        }
        return info;
    }

    private static @Nullable Object annotate(Req req) {
        Storage.Volume volume = known(req);
        mayChange(req, volume);
        if (req.has("notes")) {
            volume.notes = req.get("notes");
        }
        if (req.has("protected")) {
            volume.isProtected = req.flag("protected");
        }
        return null;
    }

    private static @Nullable Object delete(Req req) throws InterruptedException {
        World world = req.world;
        Storage.Volume volume = world.locked(() -> {
            Storage.Volume found = world.storage(req.get("storage"), req.node())
                    .find(volid(req), req.node().name());
            if (found != null) {
                mayChange(req, found);
                return found;
            }
            req.need("/storage/" + req.get("storage"), "Datastore.Allocate");
            return new Storage.Volume(volid(req), null, "backup", "", 0, 0, 0);
        });
        String owner = volume.vmid > 0 ? Integer.toString(volume.vmid) : "";
        String upid = req.task("imgdel", owner + "@" + req.get("storage"), task -> {
            task.pauseMillis(100);
            world.locked(() -> remove(req, volume, task));
            req.node().machine.volumeRemoved(volume.volid);
        });
        int delay = req.number("delay", 0);
        Task task = world.tasks.find(upid);
        for (int i = 0; i < delay * 10 && task != null; i++) {
            if (!task.running()) {
                String exit = task.exit();
                if (exit != null && !task.succeeded()) {
                    throw ApiError.died(exit);
                }
                return null;
            }
            world.clock.pause(Duration.ofMillis(100));
        }
        return upid;
    }

    private static void remove(Req req, Storage.Volume volume, Task task) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        if (volume.isProtected) {
            throw ApiError.died("cannot remove protected volume '" + volume.name() + "' on '" + storage.id + "'");
        }
        for (Guest guest : req.world.guests.values()) {
            String key = GuestConfig.volumes(guest).get(volume.volid);
            if (key != null && guest.node.equals(req.node().name())) {
                throw ApiError.died("cannot remove volume '" + volume.volid + "' in use by guest " + guest.vmid);
            }
        }
        storage.remove(volume);
        task.log("Removed volume '" + volume.volid + "'");
    }

    private static Object allocate(Req req) {
        World world = req.world;
        Storage storage = world.storage(req.get("storage"), req.node());
        long bytes = Sizes.parse(req.get("size").matches("\\d+") ? req.get("size") + "K" : req.get("size"));
        String name = req.get("filename");
        String volid = storage.id + ":" + (storage.files() ? req.vmid() + "/" + name : name);
        if (storage.find(volid, req.node().name()) != null) {
            throw ApiError.died("disk image '" + Images.path(storage, volid) + "' already exists");
        }
        Storage.Volume volume = new Storage.Volume(
                volid,
                storage.shared() ? null : req.node().name(),
                "images",
                req.get("format", "raw"),
                bytes,
                req.vmid(),
                world.now());
        storage.add(volume);
        return volid;
    }

    private static Object download(Req req) {
        World world = req.world;
        Storage storage = world.storage(req.get("storage"), req.node());
        String content = req.get("content");
        String name = req.get("filename").replaceAll("[^a-zA-Z0-9_.-]", "_");
        String url = req.get("url");
        if (!storage.files()) {
            throw ApiError.died("can't upload to storage type '" + storage.type() + "', not a file based storage!");
        }
        if (!storage.holds(content)) {
            throw ApiError.died("storage '" + storage.id + "' is not configured for content-type '" + content + "'");
        }
        extension(content, name);
        String volid = storage.id + ":" + content + "/" + name;
        return req.task("download", name, task -> {
            task.log("downloading " + url + " to " + Images.path(storage, volid));
            RemoteFile file = RemoteFile.load(url);
            task.pauseMillis(300);
            task.log("HTTP request sent, awaiting response... " + file.status() + " " + file.reason());
            if (!file.found()) {
                throw ApiError.died("download failed: command '/usr/bin/wget' failed: exit code 8");
            }
            long size = file.size();
            for (int percent = 20; percent <= 100; percent += 20) {
                task.pauseMillis(400);
                task.log(String.format("%d%% of %s", percent, Sizes.human(size)));
            }
            if (req.has("checksum")) {
                String wanted = req.get("checksum").toLowerCase(java.util.Locale.ROOT);
                String got = file.checksum(req.get("checksum-algorithm", "sha256"), wanted);
                if (!got.equals(wanted)) {
                    task.log("calculating checksum...");
                    throw ApiError.died("checksum mismatch: got '" + got + "' != expect '" + wanted + "'");
                }
                task.log("calculating checksum...OK, checksum verified");
            }
            Storage.Volume volume = new Storage.Volume(
                    volid, storage.shared() ? null : req.node().name(), content, suffix(name), size, 0, world.now());
            volume.virtualSize = file.virtualSize();
            world.locked(() -> storage.add(volume));
            req.node().machine.volumeCreated(volid, size);
            task.log("download of '" + url + "' to '" + Images.path(storage, volid) + "' finished");
        });
    }

    private static void extension(String content, String name) {
        boolean fits = switch (content) {
            case "iso" -> name.matches("(?i).*\\.(iso|img)");
            case "vztmpl" -> name.matches(".*\\.tar\\.(gz|xz|zst|bz2)") || name.matches(".*\\.tar");
            default -> name.matches(".*\\.(ova|ovf|qcow2|raw|vmdk|img)");
        };
        if (!fits) {
            throw ApiError.parameter("filename", "wrong file extension");
        }
    }

    private static String suffix(String name) {
        int dot = name.endsWith(".tar.zst") || name.endsWith(".tar.gz") || name.endsWith(".tar.xz")
                ? name.lastIndexOf(".tar.") + 4
                : name.lastIndexOf('.');
        return dot < 0 ? "raw" : name.endsWith(".tar.zst") ? "tzst" : name.substring(dot + 1);
    }

    private static Object upload(Req req) {
        World world = req.world;
        Storage storage = world.storage(req.get("storage"), req.node());
        String content = req.get("content");
        String name = req.get("filename").replaceAll("[^a-zA-Z0-9_.-]", "_");
        extension(content, name);
        if (!storage.holds(content)) {
            throw ApiError.died("storage '" + storage.id + "' is not configured for content-type '" + content + "'");
        }
        String volid = storage.id + ":" + content + "/" + name;
        long size = req.upload == null ? 0 : req.upload.length;
        return req.task("imgcopy", "", task -> {
            String target = Images.path(storage, volid);
            task.log("starting file import from: /var/tmp/pveupload-"
                    + Guest.sha1(volid).substring(0, 32));
            task.log("target node: " + req.node().name());
            task.log("target file: " + target);
            task.log("file size is: " + Sizes.human(size));
            task.log("command: cp -- /var/tmp/pveupload " + target);
            task.pauseMillis(200);
            world.locked(() -> storage.add(new Storage.Volume(
                    volid, storage.shared() ? null : req.node().name(), content, suffix(name), size, 0, world.now())));
            req.node().machine.volumeCreated(volid, size);
            task.log("finished file import successfully");
        });
    }

    private static Object metadata(Req req) throws InterruptedException {
        String url = req.get("url");
        req.world.clock.pause(Duration.ofMillis(200));
        RemoteFile file = RemoteFile.head(url);
        if (!file.found()) {
            throw ApiError.died("invalid server response: '" + file.status() + " " + file.reason() + "'");
        }
        Map<String, Object> data = new LinkedHashMap<>();
        String name = url.replaceFirst("[?#].*", "");
        data.put("filename", name.substring(name.lastIndexOf('/') + 1));
        data.put("size", file.size());
        data.put("mimetype", file.type());
        return data;
    }
}
