package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Scheduled backups and which guests they cover. */
final class JobCalls {
    private static final Set<String> OBJECTS = Set.of("prune-backups", "fleecing", "performance");
    private static final Set<String> NUMBERS = Set.of(
            "enabled",
            "all",
            "bwlimit",
            "ionice",
            "lockwait",
            "pigz",
            "quiet",
            "remove",
            "repeat-missed",
            "stdexcludes",
            "stop",
            "stopwait",
            "zstd",
            "protected");

    private JobCalls() {}

    static void register(Calls calls) {
        calls.on("GET /cluster/backup", req -> {
            List<Object> rows = new ArrayList<>();
            req.world.jobs.forEach((id, job) -> rows.add(view(req.world, id, job)));
            return rows;
        });
        calls.on("GET /cluster/backup/{id}", req -> view(req.world, req.get("id"), known(req)));
        calls.on("POST /cluster/backup", JobCalls::create);
        calls.on("PUT /cluster/backup/{id}", JobCalls::change);
        calls.on("DELETE /cluster/backup/{id}", JobCalls::delete);
        calls.on("GET /cluster/backup/{id}/included_volumes", JobCalls::volumes);
        calls.on("GET /cluster/backup-info", req -> List.of(Map.of("subdir", "not-backed-up")));
        calls.on("GET /cluster/backup-info/not-backed-up", JobCalls::uncovered);
        calls.on("GET /cluster/jobs/schedule-analyze", JobCalls::analyse);
    }

    private static Map<String, Object> known(Req req) {
        Map<String, Object> job = req.world.jobs.get(req.get("id"));
        if (job == null) {
            throw ApiError.parameter("id", "No such job '" + req.get("id") + "'");
        }
        return job;
    }

    private static Map<String, @Nullable Object> view(World world, String id, Map<String, Object> job) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        job.forEach((key, value) -> {
            if (OBJECTS.contains(key) && value instanceof String text) {
                String format = key.equals("prune-backups") ? "prune-backups" : "backup-" + key;
                view.put(key, PropertyString.parse(format, text));
            } else if (NUMBERS.contains(key)) {
                view.put(key, Long.valueOf(value.toString()));
            } else {
                view.put(key, value);
            }
        });
        view.put("id", id);
        view.put("type", "vzdump");
        view.putIfAbsent("enabled", 1L);
        if ("1".equals(String.valueOf(view.get("enabled"))) && job.get("schedule") != null) {
            try {
                view.put(
                        "next-run",
                        CalendarEvent.parse(job.get("schedule").toString()).next(world.now()));
            } catch (FormatError e) {
                // a schedule that was fine when it was stored
            }
        }
        return view;
    }

    private static Map<String, Object> given(Req req) {
        Map<String, Object> job = new LinkedHashMap<>();
        req.params.forEach((key, value) -> {
            if (!Set.of("id", "delete", "digest").contains(key)) {
                job.put(key, value);
            }
        });
        Object start = job.remove("starttime");
        Object days = job.remove("dow");
        if (start != null) {
            job.put("schedule", (days == null ? "" : days + " ") + start);
        }
        return job;
    }

    private static void check(Req req, Map<String, Object> job) {
        req.rootOnly("tmpdir", "dumpdir", "script");
        String storage = req.opt("storage");
        if (storage != null) {
            req.need("/storage/" + storage, "Datastore.Allocate");
        }
        boolean selected = job.containsKey("vmid") || "1".equals(job.get("all")) || job.containsKey("pool");
        if (!selected) {
            throw ApiError.parameter("vmid", "property is missing and it is not optional");
        }
        if (job.containsKey("vmid") && "1".equals(job.get("all"))) {
            throw ApiError.parameter("vmid", "option 'all' conflicts with option 'vmid'");
        }
        if (job.containsKey("pool") && !req.world.pools.containsKey(String.valueOf(job.get("pool")))) {
            throw ApiError.died("pool '" + job.get("pool") + "' does not exist");
        }
    }

    private static @Nullable Object create(Req req) {
        req.world.requireQuorum();
        Map<String, Object> job = given(req);
        if (!job.containsKey("schedule")) {
            throw ApiError.parameter("schedule", "Missing schedule");
        }
        check(req, job);
        String id = req.get("id", "backup-" + GuestConfig.uuid().substring(0, 13));
        if (req.world.jobs.containsKey(id)) {
            throw ApiError.died("Job '" + id + "' already exists");
        }
        req.world.jobs.put(id, job);
        return null;
    }

    private static @Nullable Object change(Req req) {
        req.world.requireQuorum();
        Map<String, Object> job = known(req);
        Map<String, Object> changed = new LinkedHashMap<>(job);
        Formats.split(req.get("delete", "")).forEach(changed::remove);
        Map<String, Object> given = given(req);
        if (given.containsKey("vmid")) {
            changed.remove("all");
            changed.remove("pool");
            changed.remove("exclude");
        } else if ("1".equals(given.get("all"))) {
            changed.remove("vmid");
            changed.remove("pool");
        }
        changed.putAll(given);
        check(req, changed);
        job.clear();
        job.putAll(changed);
        return null;
    }

    private static @Nullable Object delete(Req req) {
        if (req.world.jobs.remove(req.get("id")) == null) {
            throw ApiError.died("Job '" + req.get("id") + "' does not exist");
        }
        return null;
    }

    static Set<Integer> covered(World world, Map<String, Object> job) {
        Set<Integer> guests = new TreeSet<>();
        if (job.get("vmid") != null) {
            Formats.split(String.valueOf(job.get("vmid"))).forEach(vmid -> guests.add(Integer.valueOf(vmid)));
        } else if (job.get("pool") != null) {
            World.Pool pool = world.pools.get(String.valueOf(job.get("pool")));
            if (pool != null) {
                guests.addAll(pool.guests);
            }
        } else {
            guests.addAll(world.guests.keySet());
            Formats.split(String.valueOf(job.getOrDefault("exclude", "")))
                    .forEach(vmid -> guests.remove(Integer.valueOf(vmid)));
        }
        Object node = job.get("node");
        guests.removeIf(vmid -> {
            Guest guest = world.guests.get(vmid);
            return guest == null || node != null && !guest.node.equals(node);
        });
        return guests;
    }

    private static Object volumes(Req req) {
        List<Object> children = new ArrayList<>();
        for (int vmid : covered(req.world, known(req))) {
            Guest guest = req.world.guests.get(vmid);
            if (guest == null) {
                continue;
            }
            List<Object> drives = new ArrayList<>();
            guest.config.forEach((key, value) -> {
                if (GuestConfig.isVolume(guest, key)) {
                    drives.add(volume(guest, key, value));
                }
            });
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", vmid);
            row.put("name", guest.name());
            row.put("type", guest.kind);
            row.put("leaf", 0);
            row.put("children", drives);
            children.add(row);
        }
        return Map.of("children", children);
    }

    private static Map<String, Object> volume(Guest guest, String key, String value) {
        Map<String, String> parts = GuestConfig.drive(key, value);
        boolean bind = GuestConfig.volume(key, value).isEmpty();
        boolean cdrom = guest.vm() && GuestConfig.cdrom(key, value);
        String reason;
        boolean included;
        if (guest.vm()) {
            included = !cdrom && !"0".equals(parts.get("backup"));
            reason = cdrom ? "no" : "0".equals(parts.get("backup")) ? "disabled" : "enabled";
        } else {
            included = key.equals("rootfs") || !bind && "1".equals(parts.get("backup"));
            reason = key.equals("rootfs") ? "rootfs" : bind ? "not a volume" : included ? "enabled" : "disabled";
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", guest.vmid + ":" + key);
        row.put("name", parts.getOrDefault("file", ""));
        row.put("included", included ? 1 : 0);
        row.put("reason", reason);
        row.put("leaf", 1);
        return row;
    }

    private static Object uncovered(Req req) {
        Set<Integer> covered = new TreeSet<>();
        req.world.jobs.values().forEach(job -> covered.addAll(covered(req.world, job)));
        List<Object> rows = new ArrayList<>();
        for (Guest guest : req.world.guests.values()) {
            if (!covered.contains(guest.vmid) && req.may("/vms/" + guest.vmid, "VM.Audit")) {
                rows.add(Map.of("vmid", guest.vmid, "name", guest.name(), "type", guest.kind));
            }
        }
        return rows;
    }

    private static Object analyse(Req req) {
        List<Object> rows = new ArrayList<>();
        try {
            CalendarEvent event = CalendarEvent.parse(req.get("schedule"));
            long at = req.number("starttime", req.world.now());
            for (int i = 0; i < req.number("iterations", 10); i++) {
                at = event.next(at);
                if (at == 0) {
                    break;
                }
                rows.add(Map.of(
                        "timestamp",
                        at,
                        "utc",
                        java.time.Instant.ofEpochSecond(at).toString()));
            }
        } catch (FormatError e) {
            throw ApiError.parameter("schedule", "invalid format - " + e.text());
        }
        return rows;
    }
}
