package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Making VMs, new or out of a backup, and deleting guests of both kinds. */
final class CreateCalls {
    private static final Set<String> CONTROL = Set.of(
            "node",
            "vmid",
            "archive",
            "force",
            "unique",
            "storage",
            "pool",
            "start",
            "bwlimit",
            "live-restore",
            "ha-managed",
            "import-working-storage");

    private CreateCalls() {}

    static void register(Calls calls) {
        calls.on("POST /nodes/{node}/qemu", CreateCalls::create);
        calls.on("DELETE /nodes/{node}/qemu/{vmid}", CreateCalls::destroy);
        calls.on("DELETE /nodes/{node}/lxc/{vmid}", CreateCalls::destroy);
    }

    private static Object create(Req req) {
        World world = req.world;
        int vmid = req.vmid();
        String pool = req.opt("pool");
        String archive = req.opt("archive");
        String storage = req.opt("storage");
        world.requireQuorum();
        if (storage != null) {
            req.need("/storage/" + storage, "Datastore.AllocateSpace");
        }
        enter(req, vmid, pool, archive != null && req.flag("force"));
        Map<String, String> set = options(req);
        if (archive != null) {
            for (String key : set.keySet()) {
                if (GuestConfig.isDrive(key)) {
                    throw ApiError.parameter(key, "option conflicts with option 'archive'");
                }
            }
            if (archive.equals("-")) {
                throw ApiError.died("pipe requires cli environment");
            }
            DriveChecks.read(req, vmid, archive);
        }
        DriveChecks.access(req, vmid, set, storage);
        new OptionRights(req, vmid, pool).check(set, List.of(), Map.of());
        if (req.flag("start")
                && !req.may("/vms/" + vmid, "VM.PowerMgmt")
                && (pool == null || !req.may("/pool/" + pool, "VM.PowerMgmt"))) {
            throw ApiError.forbidden("/vms/" + vmid + ", VM.PowerMgmt");
        }
        if (req.flag("ha-managed")) {
            req.need("/", "Sys.Console");
        }
        Guest old = world.guests.get(vmid);
        if (old != null) {
            boolean may = archive != null
                    && req.flag("force")
                    && old.vm()
                    && old.node.equals(req.node().name());
            if (!may) {
                throw ApiError.died((archive == null ? "unable to create VM " : "unable to restore VM ") + vmid + " - "
                        + (old.vm() ? "VM " : "CT ") + vmid + " already exists on node '" + old.node + "'");
            }
            GuestPower.checkLock(old, false);
            if (old.running) {
                throw ApiError.died("unable to restore VM " + vmid + " - VM is running");
            }
        }
        Guest guest = Guest.made("qemu", vmid, req.node().name());
        guest.config.put("lock", "create");
        if (old == null) {
            world.guests.put(vmid, guest);
            world.written(guest);
            addToPool(world, pool, vmid);
        }
        if (archive != null) {
            Guest target = old == null ? guest : old;
            return req.task(
                    "qmrestore",
                    Integer.toString(vmid),
                    task -> Restore.run(req, target, old != null, archive, set, task));
        }
        return req.task("qmcreate", Integer.toString(vmid), task -> fresh(req, guest, set, task));
    }

    /** Pool must exist; the caller may make this guest, or overwrite it. */
    static void enter(Req req, int vmid, @Nullable String pool, boolean overwrite) {
        if (pool != null && !req.world.pools.containsKey(pool)) {
            throw ApiError.died("pool '" + pool + "' does not exist");
        }
        boolean may = req.may("/vms/" + vmid, "VM.Allocate")
                || pool != null && req.may("/pool/" + pool, "VM.Allocate")
                || overwrite && req.world.guests.containsKey(vmid) && req.may("/vms/" + vmid, "VM.Backup");
        if (!may) {
            throw ApiError.forbidden("");
        }
    }

    static void addToPool(World world, @Nullable String pool, int vmid) {
        if (pool != null) {
            World.Pool known = world.pools.get(pool);
            if (known != null) {
                known.guests.add(vmid);
                world.poolsChanged();
            }
        }
    }

    private static Map<String, String> options(Req req) {
        Map<String, String> set = new TreeMap<>();
        req.params.forEach((key, value) -> {
            if (!CONTROL.contains(key)) {
                set.put(key.equals("cdrom") ? "ide2" : key, value.toString());
            }
        });
        return set;
    }

    private static void fresh(Req req, Guest guest, Map<String, String> set, Task task) throws InterruptedException {
        World world = req.world;
        List<String> made = new ArrayList<>();
        try {
            ConfigCalls.acquire(world, guest);
            try {
                Map<String, String> stored = new TreeMap<>(set);
                task.pauseMillis(100);
                stored.putAll(Disks.create(world, req.node(), task, guest.vmid, Disks.among(set), made));
                world.locked(() -> finish(world, req.node(), guest, stored));
            } finally {
                guest.fileLock.release();
            }
        } catch (ApiError e) {
            undo(world, req.node(), guest, made);
            throw ApiError.died("unable to create VM " + guest.vmid + " - " + e.text());
        } catch (InterruptedException | TaskInterrupted e) {
            undo(world, req.node(), guest, made);
            throw e;
        }
        if (req.flag("start")) {
            startAfter(req, guest, task);
        }
    }

    static void startAfter(Req req, Guest guest, Task task) {
        if (guest.vm()) {
            task.log("Execute autostart");
        }
        req.world.tasks.start(
                req.node(),
                guest.vm() ? "qmstart" : "vzstart",
                Integer.toString(guest.vmid),
                req.caller,
                started -> PowerCalls.lockedStart(req.world, req.node(), guest, started, false));
    }

    static void undo(World world, Node node, Guest guest, List<String> made) {
        made.forEach(new Images(world, node)::remove);
        world.locked(() -> {
            world.guests.remove(guest.vmid, guest);
            world.pools.values().forEach(pool -> pool.guests.remove((Integer) guest.vmid));
            world.poolsChanged();
            world.written(guest);
        });
    }

    /** What the server adds to a new configuration. */
    private static void finish(World world, Node node, Guest guest, Map<String, String> stored) {
        ConfigCalls.normalise(world, "qemu", stored);
        stored.putIfAbsent("smbios1", "uuid=" + GuestConfig.uuid());
        if (!stored.containsKey("smbios1")
                || !stored.getOrDefault("smbios1", "").contains("uuid=")) {
            stored.merge("smbios1", "uuid=" + GuestConfig.uuid(), (own, uuid) -> own + "," + uuid);
        }
        stored.putIfAbsent("vmgenid", GuestConfig.uuid());
        stored.put("meta", "creation-qemu=" + qemu(node) + ",ctime=" + world.now());
        if (!stored.containsKey("boot")) {
            String order = bootOrder(stored);
            if (!order.isEmpty()) {
                stored.put("boot", "order=" + order);
            }
        }
        if (stored.getOrDefault("ostype", "").startsWith("w") && !stored.containsKey("machine")) {
            stored.put("machine", "pc-i440fx-" + machineVersion(node));
        } else if (stored.getOrDefault("ostype", "").startsWith("w") && "q35".equals(stored.get("machine"))) {
            stored.put("machine", "pc-q35-" + machineVersion(node));
        }
        guest.config.clear();
        guest.config.putAll(stored);
        world.written(guest);
    }

    static String qemu(Node node) {
        return node.major() < 9 ? "9.2.0" : "10.0.13";
    }

    private static String machineVersion(Node node) {
        return node.major() < 9 ? "9.2+pve1" : "10.0+pve1";
    }

    /** First disk, first CD drive, first network card. */
    static String bootOrder(Map<String, String> config) {
        List<String> order = new ArrayList<>();
        for (String kind : List.of("ide", "scsi", "virtio", "sata")) {
            if (order.isEmpty()) {
                first(config, kind, false).ifPresent(order::add);
            }
        }
        for (String kind : List.of("ide", "sata", "scsi")) {
            if (order.stream().noneMatch(key -> GuestConfig.cdrom(key, config.getOrDefault(key, "")))) {
                first(config, kind, true)
                        .filter(key -> !config.getOrDefault(key, "").contains("cloudinit"))
                        .ifPresent(order::add);
            }
        }
        for (int i = 0; i < 32; i++) {
            if (config.containsKey("net" + i)) {
                order.add("net" + i);
                break;
            }
        }
        return String.join(";", order);
    }

    private static java.util.Optional<String> first(Map<String, String> config, String kind, boolean cdrom) {
        for (int i = 0; i < 31; i++) {
            String value = config.get(kind + i);
            if (value != null && GuestConfig.cdrom(kind + i, value) == cdrom) {
                return java.util.Optional.of(kind + i);
            }
        }
        return java.util.Optional.empty();
    }

    private static Object destroy(Req req) {
        req.rootOnly("skiplock");
        Guest guest = req.guest();
        World world = req.world;
        world.requireQuorum();
        if ("1".equals(guest.config.get("protection"))) {
            throw ApiError.died(
                    "can't remove " + GuestPower.word(guest) + " " + guest.vmid + " - protection mode enabled");
        }
        boolean locked = guest.lock() != null;
        if (guest.running && !(req.flag("force") && !guest.vm()) && !locked) {
            throw ApiError.died(
                    guest.vm()
                            ? "VM " + guest.vmid + " is running - destroy failed"
                            : "CT " + guest.vmid
                                    + " is running - destroy failed (set 'force' parameter to stop first)");
        }
        return req.task(guest.vm() ? "qmdestroy" : "vzdestroy", Integer.toString(guest.vmid), task -> {
            ConfigCalls.acquire(world, guest);
            try {
                world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
                if (guest.running) {
                    if (guest.vm()) {
                        throw ApiError.died("VM " + guest.vmid + " is running - destroy failed");
                    }
                    GuestPower.stopped(world, req.node(), guest);
                }
                task.pauseMillis(200);
                remove(req, guest, task);
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static void remove(Req req, Guest guest, Task task) {
        World world = req.world;
        Images images = new Images(world, req.node());
        for (String volid : GuestConfig.volumes(guest).keySet()) {
            Storage.Volume volume = world.locked(() -> world.volume(volid, guest.node));
            if (volume != null
                    && (volume.content.equals("images") || volume.content.equals("rootdir"))
                    && volume.vmid == guest.vmid) {
                Storage storage = world.locked(() -> world.storage(volid.substring(0, volid.indexOf(':'))));
                if (storage.type().startsWith("lvm")) {
                    task.log("  Logical volume \"" + volume.name() + "\" successfully removed.");
                }
                images.remove(volid);
            }
        }
        if (req.flag("destroy-unreferenced-disks")) {
            world.locked(() -> world.storages.values().stream()
                            .flatMap(storage -> storage.on(guest.node).stream())
                            .filter(volume -> volume.vmid == guest.vmid && volume.content.equals("images"))
                            .map(volume -> volume.volid)
                            .toList())
                    .forEach(images::remove);
        }
        world.locked(() -> {
            world.guests.remove(guest.vmid);
            world.pools.values().forEach(pool -> pool.guests.remove((Integer) guest.vmid));
            world.poolsChanged();
            if (req.flag("purge")) {
                world.access.entries.removeIf(entry -> entry.path().equals("/vms/" + guest.vmid));
                world.jobs
                        .values()
                        .forEach(job -> job.computeIfPresent("vmid", (key, list) -> without(list, guest.vmid)));
                world.access.changed();
            }
            world.written(guest);
        });
    }

    private static @Nullable Object without(Object list, int vmid) {
        List<String> left = new ArrayList<>(Formats.split(list.toString()));
        left.remove(Integer.toString(vmid));
        return left.isEmpty() ? null : String.join(",", left);
    }
}
