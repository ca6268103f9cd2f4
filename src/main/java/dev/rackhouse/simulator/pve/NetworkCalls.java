package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.NetworkStanza;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Interfaces of a node: what is, what is staged, applying and dropping the stage. */
final class NetworkCalls {
    private static final Set<String> CONTROL = Set.of("node", "iface", "delete");
    private static final Set<String> BRIDGES = Set.of("bridge", "OVSBridge", "vnet");

    private NetworkCalls() {}

    static void register(Calls calls) {
        calls.on("GET /nodes/{node}/network", NetworkCalls::list);
        calls.on("POST /nodes/{node}/network", NetworkCalls::create);
        calls.on("PUT /nodes/{node}/network", NetworkCalls::apply);
        calls.on("DELETE /nodes/{node}/network", req -> {
            req.node().network.drop();
            return null;
        });
        calls.on("GET /nodes/{node}/network/{iface}", NetworkCalls::one);
        calls.on("PUT /nodes/{node}/network/{iface}", NetworkCalls::change);
        calls.on("DELETE /nodes/{node}/network/{iface}", NetworkCalls::delete);
    }

    private static List<Map<String, Object>> shown(Node node) {
        return node.network.shown();
    }

    private static Object list(Req req) {
        List<Object> rows = new ArrayList<>();
        String type = req.opt("type");
        for (Map<String, Object> row : shown(req.node())) {
            String kind = String.valueOf(row.get("type"));
            boolean bridge = BRIDGES.contains(kind);
            boolean wanted = type == null
                    || type.equals(kind)
                    || type.startsWith("any_") && bridge
                    || type.startsWith("include_sdn");
            String path = "/sdn/zones/localnetwork/" + row.get("iface");
            boolean may = !bridge || req.caller.isRoot() || req.may(path, "SDN.Audit", "SDN.Use") || tagged(req, path);
            if (wanted && may) {
                rows.add(row);
            }
        }
        String changes = InterfacesFile.diff(req.node());
        return changes.isEmpty() ? rows : new Handler.Extra(rows, Map.of("changes", changes));
    }

    /** A right on one VLAN of the bridge shows the bridge, too. */
    private static boolean tagged(Req req, String path) {
        return req.world.access.entries.stream()
                .anyMatch(
                        entry -> entry.path().startsWith(path + "/") && req.may(entry.path(), "SDN.Audit", "SDN.Use"));
    }

    private static @Nullable Map<String, Object> find(List<Map<String, Object>> rows, String iface) {
        return rows.stream()
                .filter(row -> iface.equals(row.get("iface")))
                .findFirst()
                .orElse(null);
    }

    private static Object one(Req req) {
        Map<String, Object> row = find(shown(req.node()), req.get("iface"));
        if (row == null) {
            throw ApiError.parameter("iface", "interface does not exist");
        }
        Map<String, Object> view = new LinkedHashMap<>(row);
        view.remove("iface");
        return view;
    }

    private static void stage(Req req, List<Map<String, Object>> rows) {
        req.node().network.write(rows, req.world.now());
    }

    private static @Nullable Object create(Req req) {
        String iface = req.get("iface");
        if (find(shown(req.node()), iface) != null) {
            throw ApiError.parameter("iface", "interface already exists");
        }
        Map<String, Object> row = new LinkedHashMap<>();
        int highest = shown(req.node()).stream()
                .mapToInt(known -> known.get("priority") instanceof Number number ? number.intValue() : 2)
                .max()
                .orElse(2);
        row.put("iface", iface);
        row.put("priority", highest + 1);
        fill(req, row);
        List<Map<String, Object>> staged = req.node().network.copy();
        staged.add(row);
        stage(req, staged);
        return null;
    }

    private static @Nullable Object change(Req req) {
        List<Map<String, Object>> staged = req.node().network.copy();
        Map<String, Object> row = find(staged, req.get("iface"));
        if (row == null) {
            throw ApiError.parameter("iface", "interface does not exist");
        }
        for (String key : Formats.split(req.get("delete", ""))) {
            row.remove(key);
        }
        for (String key : List.of("address", "netmask", "cidr", "address6", "netmask6", "cidr6")) {
            row.remove(key);
        }
        fill(req, row);
        stage(req, staged);
        return null;
    }

    private static @Nullable Object delete(Req req) {
        List<Map<String, Object>> staged = req.node().network.copy();
        Map<String, Object> row = find(staged, req.get("iface"));
        if (row == null) {
            throw ApiError.parameter("iface", "interface does not exist");
        }
        staged.remove(row);
        stage(req, staged);
        return null;
    }

    private static void fill(Req req, Map<String, Object> row) {
        req.params.forEach((key, value) -> {
            if (!CONTROL.contains(key)) {
                row.put(key, plain(key, value.toString()));
            }
        });
        Object cidr = row.get("cidr");
        if (cidr != null) {
            String[] parts = cidr.toString().split("/");
            row.put("address", parts[0]);
            row.put("netmask", parts[1]);
        } else if (row.get("address") != null && row.get("netmask") != null) {
            row.put(
                    "cidr",
                    row.get("address") + "/"
                            + NetworkStanza.prefix(row.get("netmask").toString()));
            row.put("netmask", NetworkStanza.prefix(row.get("netmask").toString()));
        }
        Object gateway = row.get("gateway");
        if (gateway != null && row.get("address") == null) {
            throw ApiError.parameter("gateway", "gateway configured, but no address");
        }
        String type = String.valueOf(row.get("type"));
        row.put("method", row.get("address") == null ? "manual" : "static");
        row.put("method6", row.get("cidr6") == null ? "manual" : "static");
        row.put("families", row.get("cidr6") == null ? List.of("inet") : List.of("inet", "inet6"));
        if (type.equals("bridge")) {
            row.putIfAbsent("bridge_ports", "");
            row.putIfAbsent("bridge_stp", "off");
            row.putIfAbsent("bridge_fd", "0");
            if (row.get("bridge_vlan_aware") != null) {
                row.putIfAbsent("bridge_vids", "2-4094");
            }
        }
        if (row.get("autostart") instanceof Long number && number == 0) {
            row.remove("autostart");
        }
    }

    private static Object plain(String key, String value) {
        return switch (key) {
            case "autostart", "bridge_vlan_aware" -> Long.valueOf(value);
            case "comments", "comments6" -> value.endsWith("\n") ? value : value + "\n";
            case "bridge_vids" -> String.join(" ", Formats.split(value));
            default -> value;
        };
    }

    private static Object apply(Req req) {
        Node node = req.node();
        return req.task("srvreload", "networking", task -> {
            task.pauseMillis(800);
            req.world.locked(() -> node.network.apply(req.world.now()));
        });
    }
}
