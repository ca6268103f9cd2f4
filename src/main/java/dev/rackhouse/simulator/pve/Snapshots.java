package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which storages can do snapshots, and what happens to a guest's configuration. Works under the world's lock. */
final class Snapshots {
    private static final Set<String> ABLE = Set.of("lvmthin", "zfspool", "rbd", "btrfs", "cephfs");

    private Snapshots() {}

    /** Every volume must be able; a bind mount of a container is not. */
    static boolean possible(World world, Guest guest) {
        for (Map.Entry<String, String> entry : guest.config.entrySet()) {
            String key = entry.getKey();
            if (!GuestConfig.isVolume(guest, key)) {
                continue;
            }
            String volid = GuestConfig.volume(key, entry.getValue());
            if (volid.isEmpty()) {
                if (!guest.vm()
                        && GuestConfig.drive(key, entry.getValue())
                                .getOrDefault("file", "")
                                .startsWith("/")) {
                    return false;
                }
                continue;
            }
            if (guest.vm() && GuestConfig.cdrom(key, entry.getValue()) && !volid.contains("cloudinit")) {
                continue;
            }
            Storage.Volume volume = world.volume(volid, guest.node);
            Storage storage = world.storages.get(volid.substring(0, volid.indexOf(':')));
            boolean able =
                    storage != null && ABLE.contains(storage.type()) || volume != null && volume.format.equals("qcow2");
            if (!able) {
                return false;
            }
        }
        return true;
    }

    /** Drives that take part, in the order of their keys. */
    static Map<String, String> drives(Guest guest) {
        Map<String, String> drives = new LinkedHashMap<>();
        guest.config.forEach((key, value) -> {
            String volume = GuestConfig.volume(key, value);
            if (GuestConfig.isVolume(guest, key)
                    && !volume.isEmpty()
                    && (!guest.vm() || !GuestConfig.cdrom(key, value) || volume.contains("cloudinit"))) {
                drives.put(key, volume);
            }
        });
        return drives;
    }

    static void take(World world, Guest guest, String name, String description, boolean vmstate) {
        Guest.Snapshot made = new Guest.Snapshot();
        made.config.putAll(guest.config);
        for (String key : List.of("lock", "digest")) {
            made.config.remove(key);
        }
        made.config.keySet().removeIf(GuestConfig::isUnused);
        made.description = description;
        made.parent = guest.parent;
        made.time = world.now();
        made.vmstate = vmstate;
        guest.snapshots.put(name, made);
        guest.parent = name;
        world.written(guest);
    }

    /** Children of the snapshot move to its parent. */
    static void drop(World world, Guest guest, String name) {
        Guest.Snapshot gone = guest.snapshots.remove(name);
        if (gone == null) {
            return;
        }
        guest.snapshots.values().forEach(snapshot -> {
            if (name.equals(snapshot.parent)) {
                snapshot.parent = gone.parent;
            }
        });
        if (name.equals(guest.parent)) {
            guest.parent = gone.parent;
        }
        world.written(guest);
    }

    static void rollback(World world, Guest guest, String name) {
        Guest.Snapshot snapshot = guest.snapshots.get(name);
        if (snapshot == null) {
            return;
        }
        Map<String, String> unused = new LinkedHashMap<>();
        guest.config.forEach((key, value) -> {
            if (GuestConfig.isUnused(key)) {
                unused.put(key, value);
            }
        });
        guest.config.clear();
        guest.config.putAll(snapshot.config);
        guest.config.putAll(unused);
        guest.pending.clear();
        guest.deletions.clear();
        guest.parent = name;
        if (guest.config.containsKey("vmgenid")) {
            guest.config.put("vmgenid", GuestConfig.uuid());
        }
        world.written(guest);
    }
}
