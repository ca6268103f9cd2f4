package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A hash of what the lab consists of: guests, volumes, mappings, access, pools, jobs, network; not of its history. */
final class WorldDigest {
    private WorldDigest() {}

    static String of(World world) {
        Map<String, Object> parts = world.locked(() -> parts(world));
        parts.putAll(disks(world));
        return Guest.sha1(Json.canonical(parts));
    }

    /** The parts by name, to see which of two worlds differ. */
    static Map<String, String> each(World world) {
        Map<String, String> hashes = new TreeMap<>();
        world.locked(() -> parts(world)).forEach((name, part) -> hashes.put(name, Guest.sha1(Json.canonical(part))));
        disks(world).forEach((name, hash) -> hashes.put(name, hash.toString()));
        return hashes;
    }

    /** Files of the guests that run; read without holding the world up. */
    private static Map<String, Object> disks(World world) {
        Map<String, Object> disks = new TreeMap<>();
        for (Node node : world.locked(() -> List.copyOf(world.nodes.values()))) {
            node.machine.disks().forEach((file, hash) -> disks.put("disk " + file, hash));
        }
        return disks;
    }

    private static Map<String, Object> parts(World world) {
        Map<String, Object> parts = new LinkedHashMap<>();
        Map<String, Object> guests = new TreeMap<>();
        Set<Integer> seeded =
                world.seed.guests().stream().map(LabSeed.GuestSeed::vmid).collect(Collectors.toSet());
        world.guests
                .values()
                .forEach(guest -> guests.put(
                        guest.kind + "/" + guest.vmid,
                        guest.node + "\n" + (seeded.contains(guest.vmid) ? guest.text() : withoutBorn(guest.text()))
                                + guest.running + guest.paused));
        parts.put("guests", guests);
        List<String> volumes = new ArrayList<>();
        world.storages
                .values()
                .forEach(storage -> storage.volumes
                        .values()
                        .forEach(volume -> volumes.add(volume.volid + " " + volume.node + " " + volume.size + " "
                                + volume.vmid + " " + volume.isProtected + " " + volume.notes)));
        volumes.sort(String::compareTo);
        parts.put("volumes", volumes);
        parts.put("mappings", world.mappings);
        List<String> access = new ArrayList<>();
        world.access.entries.forEach(entry -> access.add(entry.toString()));
        world.access.tokens.forEach((id, token) -> access.add(id + token.separated + token.expire));
        world.access.users.values().forEach(user -> access.add(user.id + user.enabled + user.expire + user.groups));
        world.access.roles.forEach((name, privileges) -> access.add(name + new java.util.TreeSet<>(privileges)));
        access.sort(String::compareTo);
        parts.put("access", access);
        Map<String, Object> pools = new TreeMap<>();
        world.pools.forEach((id, pool) -> pools.put(id, List.of(pool.comment, pool.guests, pool.storages)));
        parts.put("pools", pools);
        parts.put("jobs", world.jobs);
        parts.put("options", world.options);
        Map<String, Object> network = new TreeMap<>();
        world.nodes.values().forEach(node -> {
            if (node.network.inFiles()) {
                return; // the machine tells about its files itself
            }
            network.put(node.name(), node.network.live());
            List<Map<String, Object>> staged = node.network.staged();
            if (staged != null) {
                network.put(node.name() + " staged", staged);
            }
        });
        parts.put("network", network);
        world.nodes.values().forEach(node -> parts.put("machine " + node.name(), node.machine.digest()));
        return parts;
    }

    /** The server rolls dice for a new guest (MAC, vmgenid, time of creation): two equal guests differ there only. */
    private static String withoutBorn(String text) {
        return text.replaceAll("(?i)=([0-9a-f]{2}:){5}[0-9a-f]{2}", "=(mac)")
                .replaceAll("vmgenid: \\S+", "vmgenid: (born)")
                .replaceAll("ctime=\\d+", "ctime=(born)");
    }
}
