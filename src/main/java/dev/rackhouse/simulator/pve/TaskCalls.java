package dev.rackhouse.simulator.pve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tasks: lists, state, log, stop. */
final class TaskCalls {
    private static final Pattern UPID = Pattern.compile("UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-F]{8}):"
            + "([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\\s]+):([^:\\s]*):([^:\\s]+):");

    private TaskCalls() {}

    static void register(Calls calls) {
        calls.on("GET /nodes/{node}/tasks", TaskCalls::list);
        calls.on("GET /nodes/{node}/tasks/{upid}", req -> List.of(Map.of("name", "log"), Map.of("name", "status")));
        calls.on("GET /nodes/{node}/tasks/{upid}/status", TaskCalls::status);
        calls.on("GET /nodes/{node}/tasks/{upid}/log", TaskCalls::log);
        calls.waiting("DELETE /nodes/{node}/tasks/{upid}", TaskCalls::stop);
        calls.on("GET /cluster/tasks", TaskCalls::cluster);
        calls.on("GET /cluster/log", TaskCalls::events);
    }

    private static boolean mine(Req req, Task task) {
        return task.owner.id().equals(req.caller.id()) || task.owner.id().equals(req.caller.user());
    }

    private static Task find(Req req) {
        String upid = req.get("upid");
        if (!UPID.matcher(upid).matches()) {
            throw ApiError.parameter("upid", "unable to parse worker upid");
        }
        Task task = req.world.tasks.find(upid);
        if (task == null) {
            throw ApiError.parameter("upid", "no such task");
        }
        return task;
    }

    private static Task readable(Req req) {
        Task task = find(req);
        if (!mine(req, task) && !req.may("/nodes/" + req.node().name(), "Sys.Audit")) {
            throw ApiError.forbidden("");
        }
        return task;
    }

    private static Object status(Req req) {
        Task task = readable(req);
        Map<String, @Nullable Object> row = Tasks.row(task);
        Tasks.owner(row, task);
        String exit = task.exit();
        row.put("status", exit == null ? "running" : "stopped");
        if (exit != null) {
            row.put("exitstatus", exit);
        }
        return row;
    }

    private static Object log(Req req) {
        Task task = readable(req);
        List<String> lines = task.lines();
        int start = req.number("start", 0);
        int limit = req.number("limit", 50);
        List<Object> rows = new ArrayList<>();
        for (int i = start; i < lines.size() && (limit == 0 || i < start + limit); i++) {
            rows.add(Map.of("n", i + 1, "t", lines.get(i)));
        }
        int total = lines.size();
        if (lines.isEmpty()) {
            rows.add(Map.of("n", 1, "t", "no content"));
            total = 1;
        }
        return new Handler.Extra(rows, Map.of("total", total));
    }

    private static @Nullable Object stop(Req req) throws InterruptedException {
        Task task = req.world.locked(() -> {
            Task found = find(req);
            if (!mine(req, found) && !req.may("/nodes/" + req.node().name(), "Sys.Modify")) {
                throw ApiError.forbidden("");
            }
            return found;
        });
        task.stop();
        for (int i = 0; i < 10 && task.running(); i++) {
            req.world.clock.pause(Duration.ofMillis(100));
        }
        return null;
    }

    private static boolean status(Task task, List<String> wanted) {
        String exit = task.exit();
        String kind = exit == null || exit.equals("unexpected status")
                ? "unknown"
                : exit.equals("OK") ? "ok" : exit.startsWith("WARNINGS: ") ? "warning" : "error";
        return wanted.stream().anyMatch(kind::equalsIgnoreCase);
    }

    private static boolean wanted(Req req, Task task) {
        String exit = task.exit();
        String source = req.get("source", "archive");
        boolean active = exit == null;
        boolean inSource = source.equals("all") || (source.equals("active")) == active;
        return inSource
                && task.node.equals(req.node().name())
                && (!req.flag("errors") || exit != null && !exit.equals("OK"))
                && (!req.has("vmid") || task.id.equals(req.get("vmid")))
                && (!req.has("userfilter")
                        || task.owner
                                .id()
                                .toLowerCase(java.util.Locale.ROOT)
                                .contains(req.get("userfilter").toLowerCase(java.util.Locale.ROOT)))
                && (!req.has("typefilter")
                        || task.type.equals(req.get("typefilter"))
                        || task.type.startsWith(req.get("typefilter")))
                && (!req.has("since") || task.start >= req.number("since", 0L))
                && (!req.has("until") || task.start <= req.number("until", 0L))
                && (!req.has("statusfilter") || !active && status(task, Formats.split(req.get("statusfilter"))));
    }

    private static Object list(Req req) {
        boolean audit = req.may("/nodes/" + req.node().name(), "Sys.Audit");
        int start = req.number("start", 0);
        int limit = req.number("limit", 50);
        int count = 0;
        List<Object> rows = new ArrayList<>();
        for (Task task : req.world.tasks.newestFirst()) {
            if (!audit && !mine(req, task) || !wanted(req, task)) {
                continue;
            }
            if (count >= start && (limit == 0 || count < start + limit)) {
                rows.add(listed(task));
            }
            count++;
        }
        return count == 0 ? rows : new Handler.Extra(rows, Map.of("total", count));
    }

    private static Object listed(Task task) {
        Map<String, @Nullable Object> row = Tasks.row(task);
        String exit = task.exit();
        if (exit == null) {
            row.put("status", "RUNNING");
            row.put("saved", "0");
            row.put("user", task.owner.id());
        } else {
            Tasks.owner(row, task);
            row.put("status", exit);
            row.put("endtime", task.end());
        }
        return row;
    }

    private static Object cluster(Req req) {
        Map<String, Integer> perNode = new LinkedHashMap<>();
        List<Object> rows = new ArrayList<>();
        for (Task task : req.world.tasks.newestFirst()) {
            if (!mine(req, task) && !req.may("/nodes/" + task.node, "Sys.Audit")
                    || perNode.merge(task.node, 1, Integer::sum) > 25) {
                continue;
            }
            Map<String, @Nullable Object> row = Tasks.row(task);
            Tasks.owner(row, task);
            String exit = task.exit();
            if (exit != null) {
                row.remove("pid");
                row.remove("pstart");
                row.put("status", exit);
                row.put("endtime", task.end());
                row.put("saved", exit.equals("OK") ? (Object) 1 : "1");
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object events(Req req) {
        List<Object> rows = new ArrayList<>();
        int max = req.number("max", 50);
        int uid = 1;
        for (Task task : req.world.tasks.newestFirst()) {
            if (rows.size() >= max || !mine(req, task) && !req.may("/", "Sys.Syslog")) {
                break;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            String exit = task.exit();
            row.put("uid", uid);
            row.put("id", uid++ + ":" + task.node);
            row.put("node", task.node);
            row.put("pid", task.pid);
            row.put("pri", exit == null || task.succeeded() ? 6 : 3);
            row.put("tag", "pvedaemon");
            row.put("time", exit == null ? task.start : task.end());
            row.put("user", task.owner.id());
            row.put("msg", exit == null ? "starting task " + task.upid : "end task " + task.upid + " " + exit);
            rows.add(row);
        }
        return rows;
    }
}
