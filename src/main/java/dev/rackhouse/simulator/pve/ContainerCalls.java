package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Making and changing containers. */
final class ContainerCalls {
    private static final Set<String> CONTROL = Set.of(
            "node",
            "vmid",
            "ostemplate",
            "storage",
            "pool",
            "start",
            "bwlimit",
            "force",
            "unique",
            "restore",
            "password",
            "ssh-public-keys",
            "ignore-unpack-errors",
            "ha-managed",
            "delete",
            "revert",
            "digest");

    private ContainerCalls() {}

    static void register(Calls calls) {
        calls.on("POST /nodes/{node}/lxc", ContainerCalls::create);
        calls.waiting("PUT /nodes/{node}/lxc/{vmid}/config", ContainerCalls::change);
    }

    private static Map<String, String> options(Req req) {
        Map<String, String> set = new TreeMap<>();
        req.params.forEach((key, value) -> {
            if (!CONTROL.contains(key)) {
                set.put(key, value.toString());
            }
        });
        return set;
    }

    private static Object create(Req req) {
        World world = req.world;
        int vmid = req.vmid();
        String pool = req.opt("pool");
        world.requireQuorum();
        CreateCalls.enter(req, vmid, pool, req.flag("restore") && req.flag("force"));
        Map<String, String> set = options(req);
        boolean unprivileged = !req.has("unprivileged") || req.flag("unprivileged");
        if (!unprivileged && !req.caller.isRoot()) {
            req.need("/", "Sys.Modify");
        }
        paths(req, set);
        new OptionRights(req, vmid, pool).checkContainer(set, List.of(), Map.of(), unprivileged);
        String storage = req.get("storage", "local");
        set.putIfAbsent("rootfs", storage + ":4");
        set.forEach((key, value) -> {
            var fresh = Disks.NEW.matcher(
                    GuestConfig.isMount(key) ? GuestConfig.drive(key, value).getOrDefault("file", "") : "");
            if (fresh.matches()) {
                req.need("/storage/" + fresh.group(1), "Datastore.AllocateSpace");
                if (!world.storage(fresh.group(1)).holds("rootdir")) {
                    throw ApiError.died("storage '" + fresh.group(1) + "' does not support container directories");
                }
            }
        });
        Guest old = world.guests.get(vmid);
        if (old != null && !(req.flag("force") && req.flag("restore") && !old.vm())) {
            throw ApiError.died("unable to " + (req.flag("restore") ? "restore" : "create") + " CT " + vmid + " - "
                    + (old.vm() ? "VM " : "CT ") + vmid + " already exists on node '" + old.node + "'");
        }
        String template = req.get("ostemplate");
        DriveChecks.read(req, vmid, template);
        Storage.Volume source = world.volume(template, req.node().name());
        Guest guest = Guest.made("lxc", vmid, req.node().name());
        guest.config.put("lock", "create");
        world.guests.put(vmid, guest);
        world.written(guest);
        CreateCalls.addToPool(world, pool, vmid);
        return req.task(
                req.flag("restore") ? "vzrestore" : "vzcreate",
                Integer.toString(vmid),
                task -> make(req, guest, set, source, template, unprivileged, task));
    }

    private static void paths(Req req, Map<String, String> set) {
        set.forEach((key, value) -> {
            if (GuestConfig.isMount(key) && value.startsWith("/") && !req.caller.isRoot()) {
                throw ApiError.died("Only root can pass arbitrary filesystem paths.");
            }
        });
    }

    private static void make(
            Req req,
            Guest guest,
            Map<String, String> set,
            Storage.@Nullable Volume source,
            String template,
            boolean unprivileged,
            Task task)
            throws InterruptedException {
        World world = req.world;
        List<String> made = new ArrayList<>();
        try {
            if (source == null) {
                throw ApiError.died("volume '" + template + "' does not exist");
            }
            Map<String, String> config = new TreeMap<>(set);
            for (Map.Entry<String, String> entry : set.entrySet()) {
                if (GuestConfig.isMount(entry.getKey())) {
                    config.put(entry.getKey(), volume(req, guest, entry.getKey(), entry.getValue(), task, made));
                }
            }
            task.log("extracting archive '"
                    + Images.path(
                            world.locked(() -> world.storage(template.substring(0, template.indexOf(':')))), template)
                    + "'");
            task.pauseMillis(1500);
            task.log("Total bytes read: 548925440 (524MiB, 249MiB/s)");
            task.log("Detected container architecture: amd64");
            task.log("Creating SSH host key 'ssh_host_ed25519_key' - this may take some time ...");
            task.log("done: SHA256:" + Guest.sha1(GuestConfig.uuid()) + " root@"
                    + config.getOrDefault("hostname", "CT" + guest.vmid));
            if (source.guestConfig != null) {
                source.guestConfig.forEach((key, value) -> {
                    if (!GuestConfig.isMount(key)) {
                        config.putIfAbsent(key, value);
                    }
                });
            }
            world.locked(() -> {
                ConfigCalls.normalise(world, "lxc", config);
                config.putIfAbsent("arch", "amd64");
                config.putIfAbsent("hostname", "CT" + guest.vmid);
                config.putIfAbsent("memory", "512");
                config.putIfAbsent("swap", "512");
                config.putIfAbsent(
                        "ostype",
                        template.contains("ubuntu") ? "ubuntu" : template.contains("alpine") ? "alpine" : "debian");
                if (unprivileged) {
                    config.put("unprivileged", "1");
                }
                guest.config.clear();
                guest.config.putAll(config);
                world.written(guest);
            });
        } catch (ApiError e) {
            CreateCalls.undo(world, req.node(), guest, made);
            throw ApiError.died("unable to create CT " + guest.vmid + " - " + e.text());
        } catch (InterruptedException | TaskInterrupted e) {
            CreateCalls.undo(world, req.node(), guest, made);
            throw e;
        }
        if (req.flag("start")) {
            CreateCalls.startAfter(req, guest, task);
        }
    }

    private static String volume(Req req, Guest guest, String key, String value, Task task, List<String> made) {
        World world = req.world;
        Map<String, String> parts = GuestConfig.drive(key, value);
        var fresh = Disks.NEW.matcher(parts.getOrDefault("file", ""));
        if (!fresh.matches()) {
            return value;
        }
        Storage storage = world.locked(() -> world.storage(fresh.group(1), req.node()));
        long bytes = (long) (Double.parseDouble(fresh.group(2)) * (1L << 30));
        boolean zfs = storage.type().equals("zfspool");
        String name = null;
        if (zfs) {
            name = world.locked(() -> {
                int i = 0;
                while (storage.find(
                                storage.id + ":subvol-" + guest.vmid + "-disk-" + i,
                                req.node().name())
                        != null) {
                    i++;
                }
                return "subvol-" + guest.vmid + "-disk-" + i;
            });
        }
        Storage.Volume volume = new Images(world, req.node()).allocate(task, storage, guest.vmid, null, bytes, name);
        made.add(volume.volid);
        Map<String, String> out = new LinkedHashMap<>(parts);
        out.put("file", volume.volid);
        out.put("size", Sizes.print(bytes));
        return GuestConfig.printDrive(key, out);
    }

    private static @Nullable Object change(Req req) throws InterruptedException {
        World world = req.world;
        Map<String, String> set = options(req);
        List<String> delete = new ArrayList<>(Formats.split(req.get("delete", "")));
        List<String> revert = Formats.split(req.get("revert", ""));
        if (set.isEmpty() && delete.isEmpty() && revert.isEmpty()) {
            throw ApiError.died("no options specified");
        }
        for (String key : delete) {
            if (set.containsKey(key)) {
                throw ApiError.parameter("delete", "unable to set and delete '" + key + "' at the same time");
            }
            if (!GuestConfig.known("lxc", key)) {
                throw ApiError.parameter("delete", "unknown option '" + key + "'");
            }
            if (key.equals("rootfs")) {
                throw ApiError.parameter("delete", "unable to delete required option '" + key + "'");
            }
        }
        Guest guest = world.locked(() -> {
            Guest found = req.guest();
            world.requireQuorum();
            new OptionRights(req, found.vmid, null)
                    .checkContainer(set, delete, found.config, "1".equals(found.config.get("unprivileged")));
            return found;
        });
        ConfigCalls.acquire(world, guest);
        try {
            String digest = req.opt("digest");
            world.locked(() -> {
                GuestPower.checkLock(guest, false);
                if (digest != null && !digest.equals(guest.digest())) {
                    throw ApiError.died("detected modified configuration - file changed by other user? Try again.");
                }
            });
            Task quiet = new Task(world, req.node().name(), 0, 0, world.now(), "vzconfig", "", req.caller);
            List<String> made = new ArrayList<>();
            Map<String, String> stored = new TreeMap<>(set);
            for (Map.Entry<String, String> entry : set.entrySet()) {
                if (GuestConfig.isMount(entry.getKey())) {
                    stored.put(entry.getKey(), volume(req, guest, entry.getKey(), entry.getValue(), quiet, made));
                }
            }
            world.locked(() -> {
                revert.forEach(key -> {
                    guest.pending.remove(key);
                    guest.deletions.remove(key);
                });
                delete.forEach(key -> drop(req, guest, key));
                ConfigCalls.normalise(world, "lxc", stored);
                stored.forEach((key, value) -> {
                    guest.deletions.remove(key);
                    guest.pending.put(key, value);
                });
                if (guest.running) {
                    Pending.hotplug(world, guest);
                } else {
                    Pending.apply(world, guest);
                }
            });
            return null;
        } finally {
            guest.fileLock.release();
        }
    }

    private static void drop(Req req, Guest guest, String key) {
        guest.pending.remove(key);
        if (GuestConfig.isUnused(key)) {
            String value = guest.config.remove(key);
            if (value != null) {
                new Images(req.world, req.node()).remove(GuestConfig.volume(key, value));
            }
        } else if (guest.config.containsKey(key)) {
            guest.deletions.put(key, false);
        }
    }
}
