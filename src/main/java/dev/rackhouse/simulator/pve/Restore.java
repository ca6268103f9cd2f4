package dev.rackhouse.simulator.pve;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The worker that makes a VM out of a backup. */
final class Restore {
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Restore() {}

    static void run(Req req, Guest guest, boolean overwrite, String archive, Map<String, String> set, Task task)
            throws InterruptedException {
        World world = req.world;
        List<String> made = new ArrayList<>();
        try {
            ConfigCalls.acquire(world, guest);
            try {
                restore(req, guest, overwrite, archive, set, task, made);
            } finally {
                guest.fileLock.release();
            }
        } catch (ApiError | InterruptedException | TaskInterrupted e) {
            made.forEach(new Images(world, req.node())::remove);
            if (!overwrite) {
                CreateCalls.undo(world, req.node(), guest, List.of());
            }
            if (e instanceof ApiError error) {
                throw ApiError.died("unable to restore VM " + guest.vmid + " - " + error.text());
            }
            throw e;
        }
        if (req.flag("start")) {
            CreateCalls.startAfter(req, guest, task);
        }
    }

    private static void restore(
            Req req,
            Guest guest,
            boolean overwrite,
            String archive,
            Map<String, String> set,
            Task task,
            List<String> made)
            throws InterruptedException {
        World world = req.world;
        Node node = req.node();
        Storage.Volume source = world.locked(() -> world.volume(archive, node.name()));
        if (source == null) {
            throw ApiError.died("volume '" + archive + "' does not exist");
        }
        Storage from = world.locked(() -> world.storage(archive.substring(0, archive.indexOf(':')), node));
        Map<String, String> config = new TreeMap<>(source.guestConfig == null ? Map.of() : source.guestConfig);
        String path = Images.path(from, archive);
        String fifo = "/var/tmp/vzdumptmp" + task.pid;
        task.log("restore vma archive: zstd -q -d -c " + path + " | vma extract -v -r " + fifo + ".fifo - " + fifo);
        task.log("CFG: size: " + text(config).length() + " name: qemu-server.conf");
        Map<String, Long> sizes = new LinkedHashMap<>();
        config.forEach((key, value) -> {
            if (GuestConfig.isDrive(key)
                    && !GuestConfig.cdrom(key, value)
                    && !GuestConfig.volume(key, value).isEmpty()
                    && !"0".equals(GuestConfig.drive(key, value).get("backup"))) {
                sizes.put(key, Sizes.parse(GuestConfig.drive(key, value).getOrDefault("size", "1G")));
            }
        });
        int device = 1;
        long total = 0;
        for (Map.Entry<String, Long> drive : sizes.entrySet()) {
            task.log("DEV: dev_id=" + device++ + " size: " + drive.getValue() + " devname: drive-" + drive.getKey());
            total += drive.getValue();
        }
        task.log("CTIME: " + CTIME.format(Instant.ofEpochSecond(source.ctime + 1)));
        if (overwrite) {
            Images images = new Images(world, node);
            GuestConfig.volumes(guest).keySet().forEach(images::remove);
        }
        Map<String, String> drives = volumes(req, guest, config, sizes, task, made);
        progress(task, total);
        world.locked(() -> finish(req, guest, config, drives, set));
    }

    private static Map<String, String> volumes(
            Req req, Guest guest, Map<String, String> config, Map<String, Long> sizes, Task task, List<String> made) {
        World world = req.world;
        Map<String, String> drives = new TreeMap<>();
        Map<String, String> paths = new LinkedHashMap<>();
        for (Map.Entry<String, Long> drive : sizes.entrySet()) {
            String value = config.getOrDefault(drive.getKey(), "");
            String old = GuestConfig.volume(drive.getKey(), value);
            String wanted = req.get("storage", old.substring(0, old.indexOf(':')));
            Storage storage = world.locked(() -> world.storage(wanted, req.node()));
            String format = old.endsWith(".qcow2") ? "qcow2" : null;
            Storage.Volume volume =
                    new Images(world, req.node()).allocate(task, storage, guest.vmid, format, drive.getValue(), null);
            made.add(volume.volid);
            task.log("new volume ID is '" + volume.volid + "'");
            paths.put(drive.getKey(), Images.path(storage, volume.volid));
            Map<String, String> parts = GuestConfig.drive(drive.getKey(), value);
            parts.put("file", volume.volid);
            parts.remove("format");
            drives.put(drive.getKey(), GuestConfig.printDrive(drive.getKey(), parts));
        }
        paths.forEach((key, path) -> task.log("map 'drive-" + key + "' to '" + path + "' (write zeros = 0)"));
        return drives;
    }

    private static void progress(Task task, long total) throws InterruptedException {
        long gib = Math.max(1, total >> 30);
        for (int percent = 1; percent <= 100; percent++) {
            if (percent % 5 == 0) {
                task.pauseMillis(20 + Math.min(gib, 500) * 8);
            }
            long read = (total * percent + 6_553_599) / 100 / 65_536 * 65_536;
            task.log("progress " + percent + "% (read " + Math.min(total, read) + " bytes, duration "
                    + gib * percent / 300 + " sec)");
        }
        task.log("total bytes read " + total + ", sparse bytes " + total + " (100%)");
        task.log("rescan volumes...");
    }

    private static void finish(
            Req req, Guest guest, Map<String, String> archived, Map<String, String> drives, Map<String, String> set) {
        World world = req.world;
        Map<String, String> config = new TreeMap<>(archived);
        config.keySet()
                .removeIf(key -> GuestConfig.isUnused(key)
                        || key.equals("lock")
                        || key.equals("parent")
                        || key.equals("snaptime")
                        || key.equals("vmstate"));
        config.putAll(drives);
        if (req.flag("unique")) {
            config.replaceAll((key, value) -> {
                if (!GuestConfig.base(key).equals("net")) {
                    return value;
                }
                Map<String, String> net = GuestConfig.net("qemu", value);
                net.put("macaddr", GuestConfig.mac(world));
                return PropertyString.print("qemu-net", net);
            });
            config.put("smbios1", "uuid=" + GuestConfig.uuid());
        }
        config.computeIfPresent("vmgenid", (key, value) -> GuestConfig.uuid());
        Map<String, String> over = new TreeMap<>(set);
        ConfigCalls.normalise(world, "qemu", over);
        config.putAll(over);
        guest.config.clear();
        guest.config.putAll(config);
        guest.pending.clear();
        guest.deletions.clear();
        guest.snapshots.clear();
        guest.parent = null;
        world.written(guest);
    }

    static String text(@Nullable Map<String, String> config) {
        StringBuilder out = new StringBuilder();
        if (config != null) {
            new TreeMap<>(config).forEach((key, value) -> {
                if (key.equals("description")) {
                    value.lines().forEach(line -> out.append('#').append(line).append('\n'));
                } else {
                    out.append(key).append(": ").append(value).append('\n');
                }
            });
        }
        return out.toString();
    }
}
