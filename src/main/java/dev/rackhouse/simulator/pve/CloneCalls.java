package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Clones and templates. */
final class CloneCalls {
    private CloneCalls() {}

    static void register(Calls calls) {
        for (String kind : new String[] {"qemu", "lxc"}) {
            calls.on("POST /nodes/{node}/" + kind + "/{vmid}/clone", CloneCalls::make);
            calls.on("POST /nodes/{node}/" + kind + "/{vmid}/template", CloneCalls::template);
        }
    }

    private static Object make(Req req) {
        World world = req.world;
        Guest source = req.guest();
        int newid = req.number("newid", 0);
        String pool = req.opt("pool");
        if (pool != null && !world.pools.containsKey(pool)) {
            throw ApiError.died("pool '" + pool + "' does not exist");
        }
        boolean full = req.has("full") ? req.flag("full") : !source.template();
        if (!full && !source.template()) {
            throw ApiError.died("Linked clone feature is not supported for a non-template guest");
        }
        String storage = req.opt("storage");
        if (storage != null) {
            req.need("/storage/" + storage, "Datastore.AllocateSpace");
            world.storage(storage, req.node());
        }
        String target = req.get("target", req.node().name());
        Node to = world.node(target);
        GuestPower.checkLock(source, false);
        if (world.guests.containsKey(newid)) {
            throw ApiError.died("unable to create VM " + newid + ": config file already exists");
        }
        Map<String, String> base = from(source, req.opt("snapname"));
        Guest clone = Guest.made(source.kind, newid, to.name());
        clone.config.put("lock", "clone");
        world.guests.put(newid, clone);
        world.written(clone);
        CreateCalls.addToPool(world, pool, newid);
        return req.task(source.vm() ? "qmclone" : "vzclone", Integer.toString(source.vmid), task -> {
            List<String> made = new ArrayList<>();
            try {
                copy(req, source, base, clone, full, task, made);
            } catch (ApiError | InterruptedException | TaskInterrupted e) {
                CreateCalls.undo(world, req.node(), clone, made);
                if (e instanceof ApiError error) {
                    throw ApiError.died("clone failed: " + error.text());
                }
                throw e;
            }
        });
    }

    private static Map<String, String> from(Guest source, @Nullable String snapshot) {
        if (snapshot == null || snapshot.equals("current")) {
            return new TreeMap<>(source.config);
        }
        Guest.Snapshot found = source.snapshots.get(snapshot);
        if (found == null) {
            throw ApiError.died("snapshot '" + snapshot + "' does not exist");
        }
        return new TreeMap<>(found.config);
    }

    private static void copy(
            Req req, Guest source, Map<String, String> base, Guest clone, boolean full, Task task, List<String> made)
            throws InterruptedException {
        World world = req.world;
        if (source.vm()) {
            task.log("creating a clone of VM " + source.vmid + " with ID " + clone.vmid);
        }
        Map<String, String> config = new TreeMap<>();
        for (Map.Entry<String, String> entry : base.entrySet()) {
            String key = entry.getKey();
            String value = entry.getValue();
            String volid = GuestConfig.isVolume(source, key) ? GuestConfig.volume(key, value) : "";
            if (GuestConfig.isUnused(key)
                    || List.of("lock", "parent", "snaptime", "vmstate", "template")
                            .contains(key)) {
                continue;
            }
            if (GuestConfig.base(key).equals("net")) {
                Map<String, String> net = GuestConfig.net(source.kind, value);
                net.put(source.vm() ? "macaddr" : "hwaddr", GuestConfig.mac(world));
                config.put(
                        key,
                        source.vm()
                                ? PropertyString.print("qemu-net", net)
                                : GuestConfig.storedNet(world, "lxc", value.replaceFirst("hwaddr=[^,]*,?", "")));
            } else if (!volid.isEmpty()
                    && (!source.vm() || !GuestConfig.cdrom(key, value) || volid.contains("cloudinit"))) {
                config.put(key, drive(req, source, clone, key, value, volid, full, task, made));
            } else {
                config.put(key, value);
            }
        }
        config.computeIfPresent(
                "smbios1", (key, value) -> value.replaceFirst("uuid=[^,]*", "uuid=" + GuestConfig.uuid()));
        config.computeIfPresent("vmgenid", (key, value) -> GuestConfig.uuid());
        String name = req.opt(source.vm() ? "name" : "hostname");
        config.put(
                source.vm() ? "name" : "hostname",
                name != null ? name : "Copy-of-" + (source.vm() ? "VM" : "CT") + "-" + source.name());
        if (req.has("description")) {
            config.put("description", req.get("description"));
        }
        world.locked(() -> {
            clone.config.clear();
            clone.config.putAll(config);
            world.written(clone);
        });
    }

    private static String drive(
            Req req,
            Guest source,
            Guest clone,
            String key,
            String value,
            String volid,
            boolean full,
            Task task,
            List<String> made)
            throws InterruptedException {
        World world = req.world;
        Storage.Volume volume = world.locked(() -> world.volume(volid, source.node));
        if (volume == null) {
            throw ApiError.died("volume '" + volid + "' does not exist");
        }
        String wanted = req.get("storage", volid.substring(0, volid.indexOf(':')));
        Storage storage = world.locked(() -> world.storage(wanted, req.node()));
        String format = req.get("format", volume.format);
        if (full && source.vm()) {
            task.log("create full clone of drive " + key + " (" + volid + ")");
        } else if (source.vm()) {
            task.log("create linked clone of drive " + key + " (" + volid + ")");
        }
        String name = volid.contains("cloudinit") ? "vm-" + clone.vmid + "-cloudinit" : null;
        Storage.Volume copy =
                new Images(world, req.node()).allocate(task, storage, clone.vmid, format, volume.size, name);
        made.add(copy.volid);
        if (full && source.vm()) {
            task.log("allocated target volume '" + copy.volid + "'");
            long gib = volume.size >> 30;
            task.log("transferred 0.0 B of " + Sizes.human(volume.size) + " (0.00%)");
            task.pauseMillis(300 + Math.min(gib, 200) * 60);
            task.log("transferred " + Sizes.human(volume.size) + " of " + Sizes.human(volume.size) + " (100.00%)");
        } else if (!full) {
            copy.parent = volid;
        }
        Map<String, String> parts = GuestConfig.drive(key, value);
        parts.put("file", copy.volid);
        parts.remove("format");
        return GuestConfig.printDrive(key, parts);
    }

    private static Object template(Req req) {
        Guest guest = req.guest();
        if (guest.template() && !req.has("disk")) {
            throw ApiError.died("you can't convert a template to a template");
        }
        if (guest.running) {
            throw ApiError.died("you can't convert a VM to template if VM is running");
        }
        if (!guest.snapshots.isEmpty()) {
            throw ApiError.died("unable to create template, because VM contains snapshots");
        }
        return req.task(
                guest.vm() ? "qmtemplate" : "vztemplate",
                Integer.toString(guest.vmid),
                task -> req.world.locked(() -> {
                    GuestPower.checkLock(guest, false);
                    guest.config.put("template", "1");
                    req.world.written(guest);
                }));
    }
}
