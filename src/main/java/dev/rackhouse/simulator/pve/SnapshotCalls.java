package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots of both kinds of guests. */
final class SnapshotCalls {
    private SnapshotCalls() {}

    static void register(Calls calls) {
        for (String kind : new String[] {"qemu", "lxc"}) {
            String path = "/nodes/{node}/" + kind + "/{vmid}/snapshot";
            calls.on("GET " + path, SnapshotCalls::list);
            calls.on("POST " + path, SnapshotCalls::take);
            calls.on("GET " + path + "/{snapname}", req -> List.of(Map.of("cmd", "rollback"), Map.of("cmd", "config")));
            calls.on("DELETE " + path + "/{snapname}", SnapshotCalls::delete);
            calls.on("POST " + path + "/{snapname}/rollback", SnapshotCalls::rollback);
            calls.on("GET " + path + "/{snapname}/config", SnapshotCalls::config);
            calls.on("PUT " + path + "/{snapname}/config", SnapshotCalls::describe);
        }
    }

    private static Object list(Req req) {
        Guest guest = req.guest();
        List<Object> rows = new ArrayList<>();
        guest.snapshots.forEach((name, snapshot) -> {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("snaptime", snapshot.time);
            row.put("description", snapshot.description);
            if (guest.vm()) {
                row.put("vmstate", snapshot.vmstate ? 1 : 0);
            }
            if (snapshot.parent != null) {
                row.put("parent", snapshot.parent);
            }
            rows.add(row);
        });
        Map<String, @Nullable Object> current = new LinkedHashMap<>();
        current.put("name", "current");
        current.put("description", "You are here!");
        current.put("digest", guest.digest());
        if (guest.vm()) {
            current.put("running", guest.running ? 1 : 0);
        }
        if (guest.parent != null) {
            current.put("parent", guest.parent);
        }
        rows.add(current);
        return rows;
    }

    private static Guest.Snapshot known(Guest guest, String name) {
        Guest.Snapshot snapshot = guest.snapshots.get(name);
        if (snapshot == null) {
            throw ApiError.died("snapshot '" + name + "' does not exist");
        }
        return snapshot;
    }

    private static Object take(Req req) {
        Guest guest = req.guest();
        String name = req.get("snapname");
        if (name.equals("current")) {
            throw ApiError.died("unable to use snapshot name 'current' (reserved name)");
        }
        if (name.equals("pending")) {
            throw ApiError.died("unable to use snapshot name 'pending' (reserved name)");
        }
        req.world.requireQuorum();
        return req.task(guest.vm() ? "qmsnapshot" : "vzsnapshot", Integer.toString(guest.vmid), task -> {
            World world = req.world;
            ConfigCalls.acquire(world, guest);
            try {
                world.locked(() -> {
                    GuestPower.checkLock(guest, false);
                    if (guest.snapshots.containsKey(name)) {
                        throw ApiError.died("snapshot name '" + name + "' already used");
                    }
                    if (!Snapshots.possible(world, guest)) {
                        throw ApiError.died("snapshot feature is not available");
                    }
                    guest.config.put("lock", "snapshot");
                });
            } finally {
                guest.fileLock.release();
            }
            try {
                work(req, guest, name, task);
            } finally {
                world.locked(() -> {
                    guest.config.remove("lock", "snapshot");
                    world.written(guest);
                });
            }
        });
    }

    private static void work(Req req, Guest guest, String name, Task task) throws InterruptedException {
        boolean state = guest.vm() && guest.running && req.flag("vmstate");
        if (state) {
            if (!guest.devices.isEmpty()) {
                throw ApiError.died("unable to save VM state and RAM - qemu savevm-start command failed: VFIO migration"
                        + " is not supported in kernel");
            }
            String storage = GuestConfig.drive(
                            "scsi0",
                            Snapshots.drives(guest).values().stream()
                                    .findFirst()
                                    .orElse("local:x"))
                    .getOrDefault("file", "local:x");
            task.log("saving VM state and RAM using storage '" + storage.substring(0, storage.indexOf(':')) + "'");
            task.pauseMillis(800);
            task.log(Sizes.human(6.5e6) + " in 0s");
            task.log("completed saving the VM state in 1s, saved " + Sizes.human(64 << 20));
        } else if (guest.vm() && guest.running) {
            freeze(req, guest, task, "fs-freeze");
        }
        for (Map.Entry<String, String> drive : Snapshots.drives(guest).entrySet()) {
            String volid = drive.getValue();
            task.pauseMillis(60);
            if (guest.vm()) {
                task.log("snapshotting 'drive-" + drive.getKey() + "' (" + volid + ")");
            }
            Storage storage = req.world.locked(() -> req.world.storage(volid.substring(0, volid.indexOf(':'))));
            if (storage.type().equals("lvmthin")) {
                String base = volid.substring(volid.indexOf(':') + 1);
                task.log("  Logical volume \"snap_" + base + "_" + name + "\" created.");
            } else if (guest.running && storage.files()) {
                task.log("internal qemu snapshot");
            }
        }
        if (!state && guest.vm() && guest.running && agentUsable(req, guest)) {
            freeze(req, guest, task, "fs-thaw");
        }
        req.world.locked(() -> {
            guest.config.remove("lock", "snapshot");
            Snapshots.take(req.world, guest, name, req.get("description", ""), state);
        });
    }

    static boolean agentUsable(Req req, Guest guest) {
        String agent = guest.config.get("agent");
        return agent != null
                && "1".equals(PropertyString.parse("qemu-agent", agent).get("enabled"))
                && req.node().machine.agentRunning(guest.vmid);
    }

    private static void freeze(Req req, Guest guest, Task task, String command) throws InterruptedException {
        String agent = guest.config.get("agent");
        if (agent == null
                || !"1".equals(PropertyString.parse("qemu-agent", agent).get("enabled"))) {
            return;
        }
        if (!agentUsable(req, guest)) {
            task.pauseMillis(3000);
            task.log("skipping guest filesystem freeze - agent configured but not running?");
        }
    }

    private static Object delete(Req req) {
        Guest guest = req.guest();
        String name = req.get("snapname");
        return req.task(guest.vm() ? "qmdelsnapshot" : "vzdelsnapshot", Integer.toString(guest.vmid), task -> {
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> {
                    GuestPower.checkLock(guest, req.flag("force"));
                    known(guest, name);
                });
                for (Map.Entry<String, String> drive : Snapshots.drives(guest).entrySet()) {
                    task.pauseMillis(60);
                    String volid = drive.getValue();
                    Storage storage = req.world.locked(() -> req.world.storage(volid.substring(0, volid.indexOf(':'))));
                    if (storage.type().equals("lvmthin")) {
                        task.log("  Logical volume \"snap_" + volid.substring(volid.indexOf(':') + 1) + "_" + name
                                + "\" successfully removed.");
                    }
                }
                req.world.locked(() -> Snapshots.drop(req.world, guest, name));
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static Object rollback(Req req) {
        Guest guest = req.guest();
        String name = req.get("snapname");
        return req.task(guest.vm() ? "qmrollback" : "vzrollback", Integer.toString(guest.vmid), task -> {
            World world = req.world;
            ConfigCalls.acquire(world, guest);
            try {
                Guest.Snapshot snapshot = world.locked(() -> {
                    Guest.Snapshot found = known(guest, name);
                    GuestPower.checkLock(guest, false);
                    newest(world, guest, name);
                    return found;
                });
                if (guest.running) {
                    GuestPower.stopped(world, req.node(), guest);
                }
                task.pauseMillis(150);
                world.locked(() -> Snapshots.rollback(world, guest, name));
                if (snapshot.vmstate || req.flag("start")) {
                    GuestPower.start(world, req.node(), guest, task, false);
                }
            } finally {
                guest.fileLock.release();
            }
        });
    }

    /** ZFS can only go back to the newest snapshot. */
    private static void newest(World world, Guest guest, String name) {
        String last = "";
        for (String other : guest.snapshots.keySet()) {
            last = other;
        }
        if (last.equals(name)) {
            return;
        }
        for (String volid : Snapshots.drives(guest).values()) {
            Storage storage = world.storages.get(volid.substring(0, volid.indexOf(':')));
            if (storage != null && storage.type().equals("zfspool")) {
                throw ApiError.died("can't rollback, '" + name + "' is not most recent snapshot on '" + volid + "'");
            }
        }
    }

    private static Object config(Req req) {
        Guest guest = req.guest();
        Guest.Snapshot snapshot = known(guest, req.get("snapname"));
        Map<String, @Nullable Object> view = GuestConfig.typed(guest, snapshot.config);
        view.put("snaptime", snapshot.time);
        if (!snapshot.description.isEmpty()) {
            view.put("description", snapshot.description);
        }
        if (snapshot.parent != null) {
            view.put("parent", snapshot.parent);
        }
        return view;
    }

    private static @Nullable Object describe(Req req) {
        Guest guest = req.guest();
        GuestPower.checkLock(guest, false);
        Guest.Snapshot snapshot = known(guest, req.get("snapname"));
        if (req.has("description")) {
            snapshot.description = req.get("description");
            req.world.written(guest);
        }
        return null;
    }
}
