package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pools; a guest is in one at most. */
final class PoolCalls {
    private PoolCalls() {}

    static void register(Calls calls) {
        calls.on("GET /pools", PoolCalls::list);
        calls.on("POST /pools", PoolCalls::create);
        calls.on("PUT /pools", PoolCalls::change);
        calls.on("DELETE /pools", PoolCalls::delete);
        calls.on("GET /pools/{poolid}", req -> {
            Map<String, @Nullable Object> view = view(req, req.get("poolid"), true);
            view.remove("poolid");
            return view;
        });
        calls.on("PUT /pools/{poolid}", PoolCalls::change);
        calls.on("DELETE /pools/{poolid}", PoolCalls::delete);
    }

    private static World.Pool known(Req req) {
        World.Pool pool = req.world.pools.get(req.get("poolid"));
        if (pool == null) {
            throw ApiError.died("pool '" + req.get("poolid") + "' does not exist");
        }
        return pool;
    }

    private static Object list(Req req) {
        if (req.has("poolid")) {
            req.need("/pool/" + req.get("poolid"), "Pool.Audit");
            return List.of(view(req, req.get("poolid"), true));
        }
        List<Object> rows = new ArrayList<>();
        req.world.pools.keySet().forEach(id -> {
            if (req.may("/pool/" + id, "Pool.Audit")) {
                rows.add(view(req, id, false));
            }
        });
        return rows;
    }

    private static Map<String, @Nullable Object> view(Req req, String id, boolean members) {
        World.Pool pool = req.world.pools.get(id);
        if (pool == null) {
            throw ApiError.died("pool '" + id + "' does not exist");
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("poolid", id);
        if (!pool.comment.isEmpty()) {
            view.put("comment", pool.comment);
        }
        if (members) {
            List<Object> rows = new ArrayList<>();
            String type = req.opt("type");
            for (int vmid : pool.guests) {
                Guest guest = req.world.guests.get(vmid);
                if (guest != null && (type == null || type.equals(guest.kind))) {
                    Map<String, @Nullable Object> row = ClusterCalls.guest(req.world, guest);
                    row.remove("pool");
                    rows.add(row);
                }
            }
            for (String storage : pool.storages) {
                Storage known = req.world.storages.get(storage);
                if (known != null && (type == null || type.equals("storage"))) {
                    req.world.nodes.values().stream()
                            .filter(node -> known.onNode(node.name()))
                            .findFirst()
                            .ifPresent(node -> rows.add(ClusterCalls.storage(req.world, node, known)));
                }
            }
            view.put("members", rows);
        }
        return view;
    }

    private static @Nullable Object create(Req req) {
        String id = req.get("poolid");
        if (req.world.pools.containsKey(id)) {
            throw ApiError.parameter("poolid", "pool '" + id + "' already exists");
        }
        int slash = id.lastIndexOf('/');
        if (slash > 0 && !req.world.pools.containsKey(id.substring(0, slash))) {
            throw ApiError.died(
                    "create pool failed: parent '" + id.substring(0, slash) + "' of pool '" + id + "' does not exist");
        }
        World.Pool pool = new World.Pool();
        pool.comment = req.get("comment", "");
        req.world.pools.put(id, pool);
        req.world.poolsChanged();
        return null;
    }

    private static @Nullable Object change(Req req) {
        World.Pool pool = known(req);
        boolean delete = req.flag("delete");
        if (req.has("comment")) {
            pool.comment = req.get("comment");
        }
        for (String text : Formats.split(req.get("vms", ""))) {
            int vmid = Integer.parseInt(text);
            req.need("/vms/" + vmid, "VM.Allocate");
            if (delete) {
                if (!pool.guests.remove((Integer) vmid)) {
                    throw failed("VM " + vmid + " is not a pool member");
                }
                continue;
            }
            String other = req.world.poolOf.get(vmid);
            if (other != null) {
                if (other.equals(req.get("poolid")) || !req.flag("allow-move")) {
                    throw failed(
                            other.equals(req.get("poolid"))
                                    ? "VM " + vmid + " is already a pool member"
                                    : "VM " + vmid + " belongs already to pool '" + other + "'");
                }
                World.Pool before = req.world.pools.get(other);
                if (before != null) {
                    before.guests.remove((Integer) vmid);
                }
            }
            pool.guests.add(vmid);
        }
        for (String storage : Formats.split(req.get("storage", ""))) {
            req.need("/storage/" + storage, "Datastore.Allocate");
            if (delete ? !pool.storages.remove(storage) : pool.storages.contains(storage)) {
                throw failed("Storage '" + storage + "' is " + (delete ? "not" : "already") + " a pool member");
            }
            if (!delete) {
                pool.storages.add(storage);
            }
        }
        req.world.poolsChanged();
        return null;
    }

    private static ApiError failed(String text) {
        return ApiError.died("update pools failed: " + text);
    }

    private static @Nullable Object delete(Req req) {
        String id = req.get("poolid");
        World.Pool pool = req.world.pools.get(id);
        if (pool == null) {
            throw ApiError.died("delete pool failed: pool '" + id + "' does not exist");
        }
        if (!pool.guests.isEmpty() || !pool.storages.isEmpty()) {
            throw ApiError.parameter(
                    "poolid",
                    "pool '" + id + "' is not empty (contains "
                            + (pool.guests.isEmpty()
                                    ? "storage '" + pool.storages.getFirst() + "')"
                                    : "VM " + pool.guests.getFirst() + ")"));
        }
        req.world.pools.remove(id);
        req.world.access.entries.removeIf(entry -> entry.path().equals("/pool/" + id));
        req.world.poolsChanged();
        return null;
    }
}
