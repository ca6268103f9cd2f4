package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The cluster as a whole: status, resources, next id, options. */
final class ClusterCalls {
    private ClusterCalls() {}

    static void register(Calls calls) {
        calls.on("GET /cluster/status", ClusterCalls::status);
        calls.on("GET /cluster/resources", ClusterCalls::resources);
        calls.on("GET /cluster/nextid", ClusterCalls::nextId);
        calls.on("GET /cluster/options", ClusterCalls::options);
        calls.on("PUT /cluster/options", ClusterCalls::changeOptions);
    }

    private static Object status(Req req) {
        World world = req.world;
        List<Object> rows = new ArrayList<>();
        String cluster = world.seed.cluster();
        if (cluster != null) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("type", "cluster");
            row.put("id", "cluster");
            row.put("name", cluster);
            row.put("version", world.nodes.size() + 2);
            row.put("nodes", world.nodes.size());
            row.put("quorate", world.quorate() ? 1 : 0);
            rows.add(row);
        }
        for (Node node : world.nodes.values()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("type", "node");
            row.put("id", "node/" + node.name());
            row.put("name", node.name());
            row.put("nodeid", cluster == null ? 0 : node.index);
            row.put("ip", node.seed.ip());
            row.put("online", node.online ? 1 : 0);
            row.put("local", node == req.arrived ? 1 : 0);
            row.put("level", "");
            rows.add(row);
        }
        return rows;
    }

    private static Object resources(Req req) {
        World world = req.world;
        String type = req.opt("type");
        List<Object> rows = new ArrayList<>();
        if (type == null) {
            world.pools.keySet().forEach(id -> {
                if (req.may("/pool/" + id, "Pool.Audit")) {
                    rows.add(Map.of("id", "/pool/" + id, "type", "pool", "pool", id));
                }
            });
        }
        if (type == null || type.equals("vm")) {
            for (Guest guest : world.guests.values()) {
                if (req.may("/vms/" + guest.vmid, "VM.Audit")) {
                    rows.add(guest(world, guest));
                }
            }
        }
        if (type == null || type.equals("node")) {
            Map<String, NodeCalls.Load> loads = NodeCalls.loads(world);
            world.nodes
                    .values()
                    .forEach(node -> rows.add(node(req, node, loads.getOrDefault(node.name(), NodeCalls.Load.NONE))));
        }
        if (type == null || type.equals("storage")) {
            for (Node node : world.nodes.values()) {
                for (Storage storage : world.storages.values()) {
                    if (storage.onNode(node.name())
                            && !storage.disabled()
                            && req.may("/storage/" + storage.id, "Datastore.Audit", "Datastore.AllocateSpace")) {
                        rows.add(storage(world, node, storage));
                    }
                }
            }
        }
        if ((type == null || type.equals("sdn")) && req.may("/sdn/zones/localnetwork", "SDN.Audit", "SDN.Use")) {
            world.nodes.values().forEach(node -> rows.add(zone(node)));
        }
        return rows;
    }

    private static Object zone(Node node) {
        Map<String, Object> row = new LinkedHashMap<>();
        boolean network = node.major() >= 9;
        row.put("id", (network ? "network/" + node.name() + "/zone" : "sdn/" + node.name()) + "/localnetwork");
        row.put("node", node.name());
        row.put("type", network ? "network" : "sdn");
        row.put(network ? "network" : "sdn", "localnetwork");
        if (network) {
            row.put("network-type", "zone");
        }
        row.put("status", node.online ? "ok" : "unknown");
        return row;
    }

    private static Object node(Req req, Node node, NodeCalls.Load load) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        boolean blind = NodeCalls.blind(req.world, node);
        row.put("id", "node/" + node.name());
        row.put("node", node.name());
        row.put("type", "node");
        row.put("status", !node.online ? "offline" : blind ? "unknown" : "online");
        row.put("level", "");
        row.put("cgroup-mode", 2);
        if (node.online && !blind && req.may("/nodes/" + node.name(), "Sys.Audit")) {
            NodeCalls.numbers(req.world, node, load, row);
        }
        return row;
    }

    /** Row of a guest; on a node that is down only what the configuration's place tells. */
    static Map<String, @Nullable Object> guest(World world, Guest guest) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", guest.kind + "/" + guest.vmid);
        row.put("type", guest.kind);
        row.put("vmid", guest.vmid);
        row.put("node", guest.node);
        Node node = world.nodes.get(guest.node);
        String pool = world.poolOf.get(guest.vmid);
        if (pool != null) {
            row.put("pool", pool);
        }
        if (node == null || !node.online || NodeCalls.blind(world, node)) {
            row.put("status", "unknown");
            return row;
        }
        GuestNumbers numbers = new GuestNumbers(world, node, guest);
        row.put("name", guest.name());
        row.put("status", guest.running ? "running" : "stopped");
        row.put("template", guest.template() ? 1 : 0);
        row.put("maxcpu", numbers.cpus());
        row.put("cpu", numbers.cpu());
        row.put("maxmem", numbers.maxMemory());
        row.put("mem", numbers.memory());
        row.put("maxdisk", numbers.maxDisk());
        row.put("disk", numbers.disk());
        row.put("uptime", numbers.uptime());
        row.put("netin", numbers.netIn());
        row.put("netout", numbers.netOut());
        row.put("diskread", numbers.diskRead());
        row.put("diskwrite", numbers.diskWrite());
        if (guest.vm() && node.major() >= 9) {
            row.put("memhost", numbers.memoryOnHost());
        }
        String tags = guest.config.get("tags");
        if (tags != null) {
            row.put("tags", tags);
        }
        if (guest.lock() != null) {
            row.put("lock", guest.lock());
        }
        return row;
    }

    static Map<String, @Nullable Object> storage(World world, Node node, Storage storage) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", "storage/" + node.name() + "/" + storage.id);
        row.put("type", "storage");
        row.put("storage", storage.id);
        row.put("node", node.name());
        row.put("plugintype", storage.type());
        row.put("content", String.join(",", storage.content()));
        row.put("shared", storage.shared() ? 1 : 0);
        boolean up = node.online && !storage.offline && !storage.hanging && !NodeCalls.blind(world, node);
        row.put("status", up ? "available" : "unknown");
        if (up) {
            row.put("maxdisk", storage.spaceOn(node.name()).total());
            row.put("disk", storage.used(node.name(), world.seeded));
        }
        return row;
    }

    private static Object nextId(Req req) {
        if (req.has("vmid")) {
            int vmid = req.vmid();
            if (req.world.guests.containsKey(vmid)) {
                throw ApiError.parameter("vmid", "VM " + vmid + " already exists");
            }
            return Integer.toString(vmid);
        }
        int lower = 100;
        int upper = 999_999;
        if (req.world.options.get("next-id") instanceof Map<?, ?> range) {
            lower = range.get("lower") == null ? lower : Integer.parseInt(String.valueOf(range.get("lower")));
            upper = range.get("upper") == null ? upper : Integer.parseInt(String.valueOf(range.get("upper")));
        }
        for (int vmid = lower; vmid < upper; vmid++) {
            if (!req.world.guests.containsKey(vmid)) {
                return Integer.toString(vmid);
            }
        }
        throw ApiError.died("unable to get any free VMID in range [" + lower + ", " + upper + "]");
    }

    private static Object options(Req req) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        boolean all = req.may("/", "Sys.Audit");
        req.world.options.forEach((key, value) -> {
            if (all
                    || List.of("tag-style", "user-tag-access", "registered-tags")
                            .contains(key)) {
                options.put(key, value);
            }
        });
        TreeSet<String> tags = new TreeSet<>();
        req.world.guests.values().forEach(guest -> tags.addAll(Formats.split(guest.config.getOrDefault("tags", ""))));
        options.put("allowed-tags", new ArrayList<>(tags));
        if (all) {
            options.put("digest", Guest.sha1(Json.canonical(req.world.options)));
        }
        return options;
    }

    private static @Nullable Object changeOptions(Req req) {
        req.params.forEach((key, value) -> {
            if (key.equals("delete")) {
                Formats.split(value.toString()).forEach(req.world.options::remove);
            } else {
                Param param = req.call.parameters().get(key);
                String format = param == null ? null : param.format();
                Object stored = key.equals("registered-tags") ? Formats.split(value.toString()) : value;
                if (format != null && CallTable.packed().propertyStrings().containsKey(format)) {
                    stored = PropertyString.parse(format, value.toString());
                }
                req.world.options.put(key, stored);
            }
        });
        return null;
    }
}
