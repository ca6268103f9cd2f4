package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Mappings of PCI devices, USB devices and directories. Entries are not checked when they are made. */
final class MappingCalls {
    private MappingCalls() {}

    static void register(Calls calls) {
        for (String kind : new String[] {"pci", "usb", "dir"}) {
            String path = "/cluster/mapping/" + kind;
            calls.on("GET " + path, req -> list(req, kind));
            calls.on("POST " + path, req -> create(req, kind));
            calls.on("GET " + path + "/{id}", req -> view(req, kind, known(req, kind)));
            calls.on("PUT " + path + "/{id}", req -> change(req, kind));
            calls.on("DELETE " + path + "/{id}", req -> delete(req, kind));
        }
    }

    private static Map<String, Map<String, Object>> all(Req req, String kind) {
        return req.world.mappings.computeIfAbsent(kind, k -> new TreeMap<>());
    }

    private static Map<String, Object> known(Req req, String kind) {
        Map<String, Object> mapping = all(req, kind).get(req.get("id"));
        if (mapping == null) {
            throw ApiError.died("mapping '" + req.get("id") + "' not found");
        }
        return mapping;
    }

    private static String digest(Req req, String kind) {
        return Guest.sha1(Json.canonical(all(req, kind)));
    }

    private static Map<String, @Nullable Object> view(Req req, String kind, Map<String, Object> mapping) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>(mapping);
        view.put("type", kind);
        view.put("digest", digest(req, kind));
        return view;
    }

    private static Object list(Req req, String kind) {
        List<Object> rows = new ArrayList<>();
        String check = req.opt("check-node");
        all(req, kind).forEach((id, mapping) -> {
            if (!req.may("/mapping/" + kind + "/" + id, "Mapping.Modify", "Mapping.Use", "Mapping.Audit")) {
                return;
            }
            Map<String, @Nullable Object> row = view(req, kind, mapping);
            row.put("id", id);
            if (check != null) {
                row.put("checks", checks(req, kind, id, mapping, req.world.node(check)));
            }
            rows.add(row);
        });
        return rows;
    }

    private static List<Object> checks(Req req, String kind, String id, Map<String, Object> mapping, Node node) {
        List<Object> checks = new ArrayList<>();
        boolean any = false;
        for (String entry : Validator.strings(mapping.get("map"))) {
            Map<String, String> parts = PropertyString.parse(kind + "-map", entry);
            if (!node.name().equals(parts.get("node"))) {
                continue;
            }
            any = true;
            String problem = kind.equals("pci") ? new PciPlan(req.world, node).problem(id, parts) : null;
            if (problem != null) {
                checks.add(finding("error", "Invalid configuration: " + problem + "\n"));
            }
        }
        if (!any) {
            checks.add(finding("warning", "No mapping for node " + node.name() + "."));
        }
        return checks;
    }

    private static Map<String, Object> finding(String severity, String message) {
        Map<String, Object> finding = new LinkedHashMap<>();
        finding.put("severity", severity);
        finding.put("message", message);
        return finding;
    }

    private static @Nullable Object create(Req req, String kind) {
        if (!req.world.quorate()) {
            throw ApiError.died(
                    "create hardware mapping failed: cfs-lock 'file-mapping_" + kind + "_cfg' error: no quorum!");
        }
        String id = req.get("id");
        if (all(req, kind).containsKey(id)) {
            throw ApiError.died("create " + (kind.equals("dir") ? "directory" : "hardware") + " mapping failed: " + kind
                    + " ID '" + id + "' already defined");
        }
        Map<String, Object> mapping = new LinkedHashMap<>();
        store(req, mapping);
        all(req, kind).put(id, mapping);
        req.world.mappingsWritten(kind);
        return null;
    }

    private static void store(Req req, Map<String, Object> mapping) {
        if (req.has("map")) {
            mapping.put("map", new ArrayList<>(req.list("map")));
        }
        if (req.has("description")) {
            mapping.put("description", req.get("description"));
        }
        for (String flag : List.of("mdev", "live-migration-capable")) {
            if (req.has(flag)) {
                mapping.put(flag, Long.valueOf(req.get(flag)));
            }
        }
    }

    private static @Nullable Object change(Req req, String kind) {
        String digest = req.opt("digest");
        if (digest != null && !digest.equals(digest(req, kind))) {
            throw ApiError.died("detected modified configuration - file changed by other user? Try again.");
        }
        Map<String, Object> mapping = all(req, kind).get(req.get("id"));
        if (mapping == null) {
            throw ApiError.died("update hardware mapping failed: mapping '" + req.get("id") + "' does not exist");
        }
        Formats.split(req.get("delete", "")).forEach(mapping::remove);
        store(req, mapping);
        req.world.mappingsWritten(kind);
        return null;
    }

    private static @Nullable Object delete(Req req, String kind) {
        all(req, kind).remove(req.get("id"));
        req.world.mappingsWritten(kind);
        return null;
    }
}
