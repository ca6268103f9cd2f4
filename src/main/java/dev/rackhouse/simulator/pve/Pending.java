package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes that wait, and which of them a running guest takes at once. Works under the world's lock. */
final class Pending {
    private static final Set<String> AT_ONCE = Set.of(
            "description",
            "hookscript",
            "lock",
            "migrate_downtime",
            "migrate_speed",
            "name",
            "onboot",
            "protection",
            "shares",
            "startup",
            "tags",
            "vmstatestorage",
            "affinity",
            "cpulimit",
            "cpuunits",
            "hotplug",
            "tablet",
            "balloon",
            "ciuser",
            "cipassword",
            "sshkeys",
            "nameserver",
            "searchdomain",
            "cicustom",
            "citype",
            "ciupgrade");
    private static final Set<String> CONTAINER_AT_ONCE = Set.of(
            "description",
            "onboot",
            "protection",
            "startup",
            "tags",
            "lock",
            "hookscript",
            "memory",
            "swap",
            "cpulimit",
            "cpuunits",
            "cores",
            "template");

    private Pending() {}

    /** A stopped guest takes all that waits. */
    static void apply(World world, Guest guest) {
        for (String key : new ArrayList<>(guest.deletions.keySet())) {
            remove(guest, key);
        }
        new LinkedHashMap<>(guest.pending).forEach((key, value) -> set(guest, key, value));
        guest.deletions.clear();
        guest.pending.clear();
        world.written(guest);
    }

    /** A running guest takes what can be plugged. */
    static void hotplug(World world, Guest guest) {
        for (String key : new ArrayList<>(guest.deletions.keySet())) {
            if (pluggable(guest, key, guest.config.get(key))) {
                remove(guest, key);
                guest.deletions.remove(key);
            }
        }
        new LinkedHashMap<>(guest.pending).forEach((key, value) -> {
            if (pluggable(guest, key, value)) {
                set(guest, key, value);
                guest.pending.remove(key);
            }
        });
        world.written(guest);
    }

    private static boolean pluggable(Guest guest, String key, @Nullable String value) {
        if (value != null && value.equals(guest.config.get(key)) && guest.pending.containsKey(key)) {
            return true;
        }
        String base = GuestConfig.base(key);
        if (!guest.vm()) {
            return CONTAINER_AT_ONCE.contains(key)
                    || base.equals("net")
                    || key.equals("hostname") && false
                    || base.equals("mp") && !guest.config.containsKey(key)
                    || base.equals("unused");
        }
        if (AT_ONCE.contains(key) || base.equals("ipconfig") || base.equals("unused")) {
            return true;
        }
        String hotplug = guest.config.getOrDefault("hotplug", "network,disk,usb");
        String plugs = hotplug.equals("1") ? "network,disk,usb,memory,cpu" : hotplug;
        return switch (base) {
            case "net" -> plugs.contains("network");
            case "scsi", "virtio" -> plugs.contains("disk");
            case "ide", "sata" -> value != null && GuestConfig.cdrom(key, value) && guest.config.containsKey(key);
            case "usb" -> plugs.contains("usb");
            case "vcpus" -> plugs.contains("cpu");
            case "memory" -> plugs.contains("memory") && "1".equals(guest.config.get("numa"));
            default -> false;
        };
    }

    private static void remove(Guest guest, String key) {
        String value = guest.config.remove(key);
        if (value != null && GuestConfig.isVolume(guest, key)) {
            Disks.keepUnused(guest, key, value);
        }
    }

    private static void set(Guest guest, String key, String value) {
        String before = guest.config.put(key, value);
        if (before != null
                && GuestConfig.isVolume(guest, key)
                && !GuestConfig.volume(key, before).equals(GuestConfig.volume(key, value))) {
            Disks.keepUnused(guest, key, before);
        }
    }

    /** Rows of GET pending. */
    static List<Map<String, @Nullable Object>> rows(Guest guest) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        Set<String> keys = new TreeSet<>(guest.config.keySet());
        keys.addAll(guest.pending.keySet());
        for (String key : keys) {
            if (key.startsWith("lxc.")) {
                continue;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("key", key);
            String value = guest.config.get(key);
            if (value != null) {
                row.put("value", GuestConfig.typed(guest.kind, key, value));
            }
            String pending = guest.pending.get(key);
            if (pending != null) {
                row.put("pending", GuestConfig.typed(guest.kind, key, pending));
            }
            Boolean deletion = guest.deletions.get(key);
            if (deletion != null) {
                row.put("delete", deletion ? 2 : 1);
            }
            rows.add(row);
        }
        Map<String, @Nullable Object> digest = new LinkedHashMap<>();
        digest.put("key", "digest");
        digest.put("value", guest.digest());
        rows.add(digest);
        return rows;
    }
}
