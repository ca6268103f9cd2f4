package dev.rackhouse.simulator.pve;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a guest may go, and moving it there. */
final class MigrationCalls {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private MigrationCalls() {}

    static void register(Calls calls) {
        for (String kind : new String[] {"qemu", "lxc"}) {
            calls.on("GET /nodes/{node}/" + kind + "/{vmid}/migrate", MigrationCalls::preconditions);
            calls.on("POST /nodes/{node}/" + kind + "/{vmid}/migrate", MigrationCalls::migrate);
        }
    }

    /** Nodes on which all storages of the guest exist. */
    static List<String> nodesWithAllStorages(World world, Guest guest) {
        List<String> names = new ArrayList<>();
        for (Node node : world.nodes.values()) {
            if (missing(world, guest, node).isEmpty()) {
                names.add(node.name());
            }
        }
        return names;
    }

    private static List<String> missing(World world, Guest guest, Node node) {
        TreeSet<String> missing = new TreeSet<>();
        GuestConfig.volumes(guest).keySet().forEach(volid -> {
            String id = volid.substring(0, volid.indexOf(':'));
            Storage storage = world.storages.get(id);
            if (storage == null || !storage.onNode(node.name())) {
                missing.add(id);
            }
        });
        return new ArrayList<>(missing);
    }

    private static Map<String, String> mapped(Guest guest) {
        Map<String, String> mapped = new LinkedHashMap<>();
        guest.config.forEach((key, value) -> {
            if (GuestConfig.base(key).equals("hostpci")) {
                String mapping = PropertyString.parse("pve-qm-hostpci", value).get("mapping");
                if (mapping != null) {
                    mapped.put(key, mapping);
                }
            }
        });
        return mapped;
    }

    private static List<String> raw(Guest guest) {
        Map<String, String> mapped = mapped(guest);
        return guest.config.keySet().stream()
                .filter(key -> GuestConfig.base(key).equals("hostpci") && !mapped.containsKey(key))
                .toList();
    }

    private static List<String> unmapped(World world, Guest guest, Node node) {
        List<String> keys = new ArrayList<>();
        mapped(guest).forEach((key, mapping) -> {
            if (new PciPlan(world, node).entries(mapping).isEmpty()) {
                keys.add(key);
            }
        });
        return keys;
    }

    private static List<Object> localDisks(World world, Guest guest) {
        List<Object> disks = new ArrayList<>();
        GuestConfig.volumes(guest).forEach((volid, key) -> {
            Storage storage = world.storages.get(volid.substring(0, volid.indexOf(':')));
            Storage.Volume volume = world.volume(volid, guest.node);
            if (storage != null && !storage.shared() && volume != null) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("volid", volid);
                row.put("size", volume.size);
                row.put(
                        "cdrom",
                        guest.vm()
                                        && GuestConfig.isDrive(key)
                                        && GuestConfig.cdrom(key, guest.config.getOrDefault(key, ""))
                                ? 1
                                : 0);
                row.put("is_unused", GuestConfig.isUnused(key) ? 1 : 0);
                disks.add(row);
            }
        });
        return disks;
    }

    private static Object preconditions(Req req) {
        Guest guest = req.guest();
        World world = req.world;
        List<String> allowed = new ArrayList<>();
        Map<String, Object> not = new LinkedHashMap<>();
        for (Node node : world.nodes.values()) {
            if (node == req.node() || req.has("target") && !node.name().equals(req.get("target"))) {
                continue;
            }
            Map<String, Object> reasons = new LinkedHashMap<>();
            List<String> storages = missing(world, guest, node);
            if (!storages.isEmpty()) {
                reasons.put(guest.vm() ? "unavailable_storages" : "unavailable-storages", storages);
            }
            List<String> resources = unmapped(world, guest, node);
            if (!resources.isEmpty()) {
                reasons.put("unavailable-resources", resources);
            }
            if (reasons.isEmpty()) {
                allowed.add(node.name());
            }
            not.put(node.name(), reasons);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("running", guest.running ? 1 : 0);
        if (!guest.vm()) {
            not.values().removeIf(reasons -> ((Map<?, ?>) reasons).isEmpty());
            answer.put("allowed-nodes", allowed);
            answer.put("not-allowed-nodes", not);
            return answer;
        }
        List<String> local = new ArrayList<>(raw(guest));
        Map<String, String> mapped = mapped(guest);
        if (guest.running) {
            local.addAll(mapped.keySet());
        }
        answer.put("allowed_nodes", allowed);
        answer.put("not_allowed_nodes", not);
        answer.put("local_disks", localDisks(world, guest));
        answer.put("local_resources", local);
        answer.put("mapped-resources", new ArrayList<>(mapped.keySet()));
        Map<String, Object> info = new LinkedHashMap<>();
        mapped.forEach((key, mapping) -> info.put(key, Map.of("name", mapping)));
        answer.put("mapped-resource-info", info);
        answer.put("has-dbus-vmstate", 1);
        return answer;
    }

    private static Object migrate(Req req) {
        req.rootOnly("force", "migration_type", "migration_network");
        World world = req.world;
        Guest guest = req.guest();
        String target = req.get("target");
        if (target.equals(req.node().name())) {
            throw ApiError.parameter("target", "target is local node.");
        }
        Node to = world.nodes.get(target);
        if (to == null) {
            throw ApiError.died("no such cluster node '" + target + "'");
        }
        if (!to.online) {
            throw ApiError.died("node '" + target + "' is not online");
        }
        GuestPower.checkLock(guest, false);
        if (guest.running && guest.vm() && !req.flag("online")) {
            throw ApiError.died("can't migrate running VM without --online");
        }
        if (guest.running && !guest.vm() && !req.flag("online") && !req.flag("restart")) {
            throw ApiError.died("lxc live migration is currently not implemented");
        }
        return req.task(guest.vm() ? "qmigrate" : "vzmigrate", Integer.toString(guest.vmid), task -> {
            ConfigCalls.acquire(world, guest);
            try {
                move(req, guest, to, task);
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static String stamp(World world) {
        return TIME.format(Instant.ofEpochSecond(world.now()));
    }

    private static void move(Req req, Guest guest, Node to, Task task) throws InterruptedException {
        World world = req.world;
        task.log(stamp(world) + " starting migration of " + GuestPower.word(guest) + " " + guest.vmid + " to node '"
                + to.name() + "' (" + to.seed.ip() + ")");
        String refusal = world.locked(() -> refusal(req, guest, to));
        if (refusal != null) {
            task.log(stamp(world) + " ERROR: migration aborted (duration 00:00:00): " + refusal);
            throw ApiError.died("migration aborted");
        }
        boolean wasRunning = guest.running;
        for (Map.Entry<String, String> drive : Snapshots.drives(guest).entrySet()) {
            task.log(stamp(world) + " copying local disk images");
            task.pauseMillis(500);
        }
        if (wasRunning && !guest.vm()) {
            GuestPower.stopped(world, req.node(), guest);
        }
        task.pauseMillis(1500);
        world.locked(() -> transfer(req, guest, to));
        if (wasRunning) {
            if (guest.vm()) {
                req.node().machine.stopGuest(guest.vmid);
                guest.running = false;
            }
            GuestPower.start(world, to, guest, task, true);
        }
        task.log(stamp(world) + " migration finished successfully (duration 00:00:02)");
    }

    private static @Nullable String refusal(Req req, Guest guest, Node to) {
        World world = req.world;
        List<String> raw = raw(guest);
        if (!raw.isEmpty()) {
            return "can't migrate VM which uses local devices: " + String.join(", ", raw);
        }
        List<String> unmapped = unmapped(world, guest, to);
        if (!unmapped.isEmpty()) {
            return "can't migrate to '" + to.name() + "': missing mapped devices " + String.join(", ", unmapped);
        }
        if (guest.running && !guest.devices.isEmpty()) {
            List<String> names = new ArrayList<>();
            mapped(guest).forEach((key, mapping) -> names.add(key + ":" + mapping));
            return "can't live migrate running VM which uses following mapped devices: " + String.join(", ", names);
        }
        List<String> missing = missing(world, guest, to);
        if (!missing.isEmpty() && !req.has("targetstorage")) {
            return "storage '" + missing.getFirst() + "' is not available on node '" + to.name() + "'";
        }
        if (guest.running && guest.vm() && !localDisks(world, guest).isEmpty() && !req.flag("with-local-disks")) {
            return "can't live migrate attached local disks without with-local-disks option";
        }
        return null;
    }

    private static void transfer(Req req, Guest guest, Node to) {
        World world = req.world;
        String old = guest.file();
        GuestConfig.volumes(guest).keySet().forEach(volid -> {
            Storage storage = world.storages.get(volid.substring(0, volid.indexOf(':')));
            Storage.Volume volume = storage == null ? null : storage.find(volid, guest.node);
            if (storage != null && volume != null && volume.node != null) {
                storage.remove(volume);
                Storage.Volume moved = new Storage.Volume(
                        volid, to.name(), volume.content, volume.format, volume.size, volume.vmid, volume.ctime);
                storage.add(moved);
            }
        });
        req.node().machine.configWritten(old, null);
        PciPlan.release(req.node(), guest.vmid);
        guest.node = to.name();
        world.written(guest);
    }
}
