package dev.rackhouse.simulator.pve;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Backups now, their defaults, what is inside them, and which of them stay. */
final class BackupCalls {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FILE =
            DateTimeFormatter.ofPattern("yyyy_MM_dd-HH_mm_ss").withZone(ZoneOffset.UTC);

    private BackupCalls() {}

    static void register(Calls calls) {
        calls.on("POST /nodes/{node}/vzdump", BackupCalls::dump);
        calls.on("GET /nodes/{node}/vzdump/defaults", BackupCalls::defaults);
        calls.on("GET /nodes/{node}/vzdump/extractconfig", BackupCalls::extract);
        calls.on("GET /nodes/{node}/storage/{storage}/prunebackups", BackupCalls::preview);
        calls.on("DELETE /nodes/{node}/storage/{storage}/prunebackups", BackupCalls::prune);
    }

    private static Object dump(Req req) {
        World world = req.world;
        if (req.has("stdout")) {
            throw ApiError.parameter("stdout", "option is only allowed on the command line interface.");
        }
        req.rootOnly("tmpdir", "dumpdir", "script", "job-id");
        if (!req.has("vmid") && !req.flag("all") && !req.has("pool") && !req.flag("stop")) {
            throw ApiError.parameter("vmid", "property is missing and it is not optional");
        }
        if (req.flag("all") && req.has("vmid")) {
            throw ApiError.parameter("vmid", "option 'all' conflicts with option 'vmid'");
        }
        for (String name : List.of("bwlimit", "ionice", "performance")) {
            if (req.has(name)) {
                req.need("/", "Sys.Modify");
            }
        }
        String storage = req.opt("storage");
        if (storage != null) {
            req.need("/storage/" + storage, "Datastore.AllocateSpace");
            if (req.has("prune-backups")) {
                req.need("/storage/" + storage, "Datastore.Allocate");
            }
        } else if (!req.caller.isRoot()) {
            req.need("/storage/local", "Datastore.AllocateSpace");
        }
        List<Integer> here = selection(req);
        if (here.isEmpty()) {
            return "OK";
        }
        String id = here.size() == 1 && req.has("vmid") ? Integer.toString(here.getFirst()) : "";
        return req.task("vzdump", id, task -> run(req, here, task));
    }

    /** Guests on this node; those that exist nowhere stay in, to fail. */
    private static List<Integer> selection(Req req) {
        World world = req.world;
        Set<Integer> wanted = new LinkedHashSet<>();
        if (req.has("vmid")) {
            Formats.split(req.get("vmid")).forEach(vmid -> wanted.add(Integer.valueOf(vmid)));
        } else if (req.has("pool")) {
            World.Pool pool = world.pools.get(req.get("pool"));
            if (pool != null) {
                wanted.addAll(pool.guests);
            }
        } else {
            wanted.addAll(world.guests.keySet());
            Formats.split(req.get("exclude", "")).forEach(vmid -> wanted.remove(Integer.valueOf(vmid)));
        }
        return wanted.stream()
                .filter(vmid -> {
                    Guest guest = world.guests.get(vmid);
                    return guest == null
                            ? req.has("vmid")
                            : guest.node.equals(req.node().name());
                })
                .sorted()
                .toList();
    }

    private static void run(Req req, List<Integer> guests, Task task) throws InterruptedException {
        World world = req.world;
        String id = req.get("storage", "local");
        Storage storage = world.locked(() -> {
            Storage found;
            try {
                found = world.storage(id, req.node());
            } catch (ApiError e) {
                throw ApiError.died("could not get storage information for '" + id + "': " + e.text());
            }
            if (!found.holds("backup")) {
                throw ApiError.died("could not get storage information for '" + id + "': can't use storage '" + id
                        + "' for backups - wrong content type");
            }
            return found;
        });
        world.locked(() -> guests.forEach(vmid -> req.need("/vms/" + vmid, "VM.Backup")));
        oneAtATime(req, task);
        task.log("INFO: starting new backup job: vzdump " + words(req));
        boolean failed = false;
        for (int vmid : guests) {
            try {
                new Backup(req, storage, task).guest(vmid);
            } catch (ApiError e) {
                failed = true;
                task.log("ERROR: Backup of VM " + vmid + " failed - " + e.text());
                task.log("INFO: Failed at " + STAMP.format(Instant.ofEpochSecond(world.now())));
            }
        }
        task.log("INFO: Backup job finished " + (failed ? "with errors" : "successfully"));
        if (failed) {
            throw ApiError.died("job errors");
        }
    }

    /** One vzdump per node: a second one waits. */
    private static void oneAtATime(Req req, Task task) throws InterruptedException {
        boolean told = false;
        while (true) {
            List<Task> active = req.world.tasks.active(req.node().name()).stream()
                    .filter(other -> other.type.equals("vzdump"))
                    .toList();
            if (active.isEmpty() || active.getLast() == task) {
                return;
            }
            if (!told) {
                told = true;
                task.log("INFO: trying to get global lock - waiting...");
            }
            task.pauseMillis(200);
        }
    }

    private static String words(Req req) {
        StringBuilder words =
                new StringBuilder(req.has("vmid") ? String.join(" ", Formats.split(req.get("vmid"))) : "");
        req.params.forEach((key, value) -> {
            if (!key.equals("vmid")) {
                String text = value.toString();
                words.append(words.isEmpty() ? "" : " ")
                        .append("--")
                        .append(key)
                        .append(' ')
                        .append(text.matches("[\\w./:@-]+") ? text : "'" + text + "'");
            }
        });
        return words.toString();
    }

    /** Backup of one guest, line by line. */
    private static final class Backup {
        private final Req req;
        private final World world;
        private final Storage storage;
        private final Task task;

        Backup(Req req, Storage storage, Task task) {
            this.req = req;
            this.world = req.world;
            this.storage = storage;
            this.task = task;
        }

        private void info(String text) {
            task.log("INFO: " + text);
        }

        void guest(int vmid) throws InterruptedException {
            Guest guest = world.locked(() -> world.guests.get(vmid));
            if (guest == null || !guest.node.equals(req.node().name())) {
                throw ApiError.died("unable to find VM '" + vmid + "'");
            }
            long start = world.now();
            long before = task.elapsed().toMillis();
            info("Starting Backup of VM " + vmid + " (" + guest.kind + ")");
            info("Backup started at " + STAMP.format(Instant.ofEpochSecond(start)));
            boolean running = guest.running;
            info("status = " + (running ? "running" : "stopped"));
            String mode = running ? req.get("mode", "snapshot") : "stop";
            String archive = name(guest, start);
            world.locked(() -> {
                GuestPower.checkLock(guest, false);
                guest.config.put("lock", "backup");
                world.written(guest);
            });
            long size;
            try {
                size = guest.vm() ? machine(guest, mode, archive, running) : container(guest, mode, archive);
            } finally {
                world.locked(() -> {
                    guest.config.remove("lock", "backup");
                    world.written(guest);
                });
            }
            keep(guest, archive, size, start);
            long seconds = (task.elapsed().toMillis() - before + 999) / 1000;
            info(String.format(
                    "Finished Backup of VM %d (%02d:%02d:%02d)",
                    vmid, seconds / 3600, seconds / 60 % 60, seconds % 60));
            info("Backup finished at " + STAMP.format(Instant.ofEpochSecond(start + seconds)));
        }

        private String name(Guest guest, long time) {
            String compress = switch (req.get("compress", "0")) {
                case "zstd" -> ".zst";
                case "gzip" -> ".gz";
                case "lzo", "1" -> ".lzo";
                default -> "";
            };
            return "vzdump-" + guest.kind + "-" + guest.vmid + "-" + FILE.format(Instant.ofEpochSecond(time))
                    + (guest.vm() ? ".vma" : ".tar") + compress;
        }

        private long machine(Guest guest, String mode, String archive, boolean running) throws InterruptedException {
            if (running) {
                info("VM Name: " + guest.name());
                disks(guest);
                info("backup mode: " + mode);
                info("ionice priority: 7");
            } else {
                info("backup mode: " + mode);
                info("ionice priority: 7");
                info("VM Name: " + guest.name());
                disks(guest);
            }
            long bytes = world.locked(() -> included(guest));
            if (mode.equals("stop") && running) {
                info("stopping virtual guest");
                if (!GuestPower.shutdown(world, req.node(), guest, task, java.time.Duration.ofMinutes(10))) {
                    throw ApiError.died("VM quit/powerdown failed - got timeout");
                }
            }
            if (!running) {
                busyDevices(guest);
            }
            info("creating vzdump archive '" + storage.path() + "/dump/" + archive + "'");
            if (!running) {
                info("starting kvm to execute backup task");
                task.pauseMillis(500);
                info("starting backup via QMP command");
            } else if (mode.equals("snapshot") && SnapshotCalls.agentUsable(req, guest)) {
                info("issuing guest-agent 'fs-freeze' command");
                info("issuing guest-agent 'fs-thaw' command");
            }
            info("started backup task '" + GuestConfig.uuid() + "'");
            if (running) {
                info("resuming VM again");
            }
            transfer(bytes, running);
            if (mode.equals("stop") && running) {
                info("restarting vm");
                GuestPower.start(world, req.node(), guest, task, true);
            }
            if (!running) {
                info("stopping kvm after backup task");
            }
            long size = Math.max(72_700, bytes / 3);
            info("archive file size: " + Sizes.archive(running ? size : 72_704));
            return running ? size : 72_704;
        }

        /** A stopped guest is started without its devices, yet the reservation is checked as for a real start. */
        private void busyDevices(Guest guest) {
            world.locked(() -> {
                PciPlan plan = new PciPlan(world, req.node());
                List<String> addresses;
                try {
                    addresses = plan.choose(guest, guest.config).values().stream()
                            .flatMap(List::stream)
                            .toList();
                } catch (ApiError e) {
                    return;
                }
                for (String address : addresses) {
                    Integer holder = req.node().reservations.get(address);
                    if (holder != null && holder != guest.vmid) {
                        throw ApiError.died("PCI device '" + address + "' already in use by VMID '" + holder + "'");
                    }
                }
            });
        }

        private void disks(Guest guest) {
            new TreeMap<>(guest.config).forEach((key, value) -> {
                String volid = GuestConfig.volume(key, value);
                if (GuestConfig.isDrive(key) && !GuestConfig.cdrom(key, value) && !volid.isEmpty()) {
                    Map<String, String> parts = GuestConfig.drive(key, value);
                    if ("0".equals(parts.get("backup"))) {
                        info("exclude disk '" + key + "' '" + volid + "' (backup=no)");
                    } else {
                        info("include disk '" + key + "' '" + volid + "' " + parts.getOrDefault("size", "0"));
                    }
                }
            });
            guest.config.forEach((key, value) -> {
                if (GuestConfig.isUnused(key)) {
                    info("skip unused drive '" + value + "' (not included into backup)");
                }
            });
        }

        private long included(Guest guest) {
            long bytes = 0;
            for (Map.Entry<String, String> entry : guest.config.entrySet()) {
                if (GuestConfig.isVolume(guest, entry.getKey())
                        && !(guest.vm() && GuestConfig.cdrom(entry.getKey(), entry.getValue()))) {
                    Map<String, String> parts = GuestConfig.drive(entry.getKey(), entry.getValue());
                    if (!"0".equals(parts.get("backup"))
                            && !GuestConfig.volume(entry.getKey(), entry.getValue())
                                    .isEmpty()) {
                        bytes += Sizes.parse(parts.getOrDefault("size", "0"));
                    }
                }
            }
            return bytes;
        }

        private void transfer(long bytes, boolean running) throws InterruptedException {
            long gib = bytes >> 30;
            int seconds = (int) Math.max(2, gib / 3);
            String whole = Sizes.human(bytes);
            if (gib >= 8) {
                for (int percent = 3; percent < 100; percent += 24) {
                    task.pause(java.time.Duration.ofMillis(seconds * 1000L / 5));
                    info(String.format(
                            Locale.ROOT,
                            "%3d%% (%s of %s) in %ds, read: 310.2 MiB/s, write: 102.1 MiB/s",
                            percent,
                            Sizes.human(bytes * percent / 100.0),
                            whole,
                            seconds * percent / 100));
                }
            } else {
                task.pauseMillis(2000);
            }
            info("100% (" + whole + " of " + whole + ") in " + seconds + "s, read: 1.0 GiB/s, write: 0 B/s");
            double share = running ? 0.41 : 1;
            info(String.format(
                    Locale.ROOT, "backup is sparse: %.2f GiB (%d%%) total zero data", bytes * share / (1L << 30), (int)
                            (share * 100)));
            info(String.format(
                    Locale.ROOT,
                    "transferred %.2f GiB in %d seconds (%.1f GiB/s)",
                    bytes / (double) (1L << 30),
                    seconds,
                    bytes / (double) (1L << 30) / seconds));
        }

        private long container(Guest guest, String mode, String archive) throws InterruptedException {
            boolean snapshots = world.locked(() -> Snapshots.possible(world, guest));
            String used = guest.running && mode.equals("snapshot") && !snapshots ? "suspend" : mode;
            if (!used.equals(mode)) {
                info("mode failure - some volumes do not support snapshots");
                info("trying 'suspend' mode instead");
            }
            info("backup mode: " + used);
            info("ionice priority: 7");
            info("CT Name: " + guest.name());
            guest.config.forEach((key, value) -> {
                if (GuestConfig.isMount(key)) {
                    Map<String, String> parts = GuestConfig.drive(key, value);
                    boolean bind = GuestConfig.volume(key, value).isEmpty();
                    String point = key.equals("rootfs") ? "/" : parts.getOrDefault("mp", "");
                    info((bind ? "excluding bind mount point " + key : "including mount point " + key) + " ('" + point
                            + "')" + (bind ? " from backup (not a volume)" : " in backup"));
                }
            });
            info("creating vzdump archive '" + storage.path() + "/dump/" + archive + "'");
            task.pauseMillis(3000);
            long bytes = world.locked(() -> included(guest)) / 4;
            info("Total bytes written: " + bytes + " (" + Sizes.human(bytes) + ", 210MiB/s)");
            info("archive file size: " + Sizes.archive(Math.max(4096, bytes / 2)));
            return Math.max(4096, bytes / 2);
        }

        private void keep(Guest guest, String archive, long size, long start) {
            world.locked(() -> {
                String format = archive.substring(archive.indexOf('.') + 1);
                Storage.Volume volume = new Storage.Volume(
                        storage.id + ":backup/" + archive,
                        storage.shared() ? null : req.node().name(),
                        "backup",
                        format,
                        size,
                        guest.vmid,
                        start);
                volume.subtype = guest.kind;
                volume.guestConfig = new TreeMap<>(guest.config);
                String notes = req.opt("notes-template");
                if (notes != null) {
                    info("adding notes to backup");
                    volume.notes = notes.replace("{{guestname}}", guest.name())
                            .replace("{{vmid}}", Integer.toString(guest.vmid))
                            .replace("{{node}}", guest.node)
                            .replace(
                                    "{{cluster}}",
                                    world.seed.cluster() == null ? "standalone node" : world.seed.cluster())
                            .replace("\\n", "\n");
                }
                volume.isProtected = req.flag("protected");
                storage.add(volume);
                String keep = req.has("prune-backups") ? req.get("prune-backups") : null;
                if (keep != null && !"0".equals(req.get("remove", "1")) && !keep.contains("keep-all")) {
                    info("prune older backups with retention: " + String.join(", ", keep.split(",")));
                    int removed = 0;
                    for (Map.Entry<Storage.Volume, String> mark : Retention.marks(
                                    storage.on(guest.node), Retention.parse(keep), guest.vmid, guest.kind)
                            .entrySet()) {
                        if (mark.getValue().equals("remove")) {
                            storage.remove(mark.getKey());
                            info("removing backup '" + mark.getKey().volid + "'");
                            removed++;
                        }
                    }
                    info("pruned " + removed + " backup(s) not covered by keep-retention policy");
                }
            });
            req.node().machine.volumeCreated(storage.id + ":backup/" + archive, size);
        }
    }

    private static Object defaults(Req req) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("all", 0);
        all.put("bwlimit", 0);
        all.put("compress", "0");
        all.put("fleecing", Map.of("enabled", 0));
        all.put("ionice", 7);
        all.put("lockwait", 180);
        all.put("mailnotification", "always");
        all.put("mode", "snapshot");
        all.put("notification-mode", "auto");
        all.put("pbs-change-detection-mode", "legacy");
        all.put("performance", Map.of("max-workers", 16));
        all.put("pigz", 0);
        all.put("prune-backups", "keep-all=1");
        all.put("quiet", 0);
        all.put("remove", 1);
        all.put("stdexcludes", 1);
        all.put("stop", 0);
        all.put("stopwait", 10);
        all.put("storage", req.get("storage", "local"));
        all.put("zstd", 1);
        return all;
    }

    private static Object extract(Req req) {
        String volid = req.get("volume");
        Storage.Volume volume = req.world.volume(volid, req.node().name());
        if (volume == null) {
            throw ApiError.died("volume '" + volid + "' does not exist");
        }
        DriveChecks.read(req, volume.vmid, volid);
        return Restore.text(volume.guestConfig);
    }

    private static Map<Storage.Volume, String> marks(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        String keep = req.has("prune-backups") ? req.opt("prune-backups") : null;
        if (keep == null) {
            Object own = storage.config.get("prune-backups");
            keep = own == null ? "keep-all=1" : own.toString();
        }
        return Retention.marks(
                storage.on(req.node().name()), Retention.parse(keep), req.number("vmid", 0), req.opt("type"));
    }

    private static Object preview(Req req) {
        List<Object> rows = new ArrayList<>();
        marks(req).forEach((volume, mark) -> {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("volid", volume.volid);
            row.put("ctime", volume.ctime);
            row.put("type", volume.subtype == null ? "qemu" : volume.subtype);
            row.put("vmid", volume.vmid);
            row.put("mark", mark);
            rows.add(row);
        });
        return rows;
    }

    private static Object prune(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        String path = "/storage/" + storage.id;
        if (!req.may(path, "Datastore.Allocate")) {
            req.need(path, "Datastore.AllocateSpace");
            if (req.has("vmid")) {
                req.need("/vms/" + req.get("vmid"), "VM.Backup");
            } else {
                throw ApiError.forbidden(path + ", Datastore.Allocate");
            }
        }
        return req.task("prunebackups", req.get("vmid", "") + "@" + storage.id, task -> {
            Map<Storage.Volume, String> marks = req.world.locked(() -> marks(req));
            marks.forEach((volume, mark) -> {
                if (mark.equals("remove")) {
                    task.log("removing '" + volume.volid + "'");
                    req.world.locked(() -> storage.remove(volume));
                    req.node().machine.volumeRemoved(volume.volid);
                }
            });
        });
    }
}
