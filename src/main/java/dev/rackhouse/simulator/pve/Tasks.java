package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All tasks of all nodes, newest first. Thread-safe. */
final class Tasks {
    private static final int KEPT = 20_000;

    private final World world;
    private final Map<String, Task> byId = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<Task> newestFirst = new ConcurrentLinkedDeque<>();
    private final AtomicInteger pids = new AtomicInteger(1000);
    private final Map<String, Integer> effects = new ConcurrentHashMap<>();

    Tasks(World world) {
        this.world = world;
    }

    /** Starts a worker and answers its id at once. */
    String start(Node node, String type, String id, Caller owner, Task.Work work) {
        long now = world.now();
        long pstart = Math.max(1, node.machine.uptimeSeconds() * 100 + now % 100);
        int pid = pids.addAndGet(7 + (int) (now % 13));
        Task task = new Task(world, node.name(), pid, pstart, now, type, id, owner);
        byId.put(task.upid, task);
        newestFirst.addFirst(task);
        if (newestFirst.size() > KEPT) {
            Task oldest = newestFirst.pollLast();
            if (oldest != null) {
                byId.remove(oldest.upid);
            }
        }
        effects.merge("task " + type, 1, Integer::sum);
        task.begin(work);
        return task.upid;
    }

    /** How many tasks of each type were started. */
    Map<String, Integer> effects() {
        return effects;
    }

    void ended(Task task) {
        effects.merge((task.succeeded() ? "done " : "failed ") + task.type, 1, Integer::sum);
    }

    @Nullable
    Task find(String upid) {
        return byId.get(upid);
    }

    List<Task> newestFirst() {
        return new ArrayList<>(newestFirst);
    }

    List<Task> active(String node) {
        return newestFirst.stream()
                .filter(task -> task.node.equals(node) && task.running())
                .toList();
    }

    /** Everything stops at once when a node goes down. */
    void abandon(String node) {
        active(node).forEach(Task::stop);
    }

    /** Row of a task list. */
    static Map<String, @Nullable Object> row(Task task) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("upid", task.upid);
        row.put("node", task.node);
        row.put("pid", task.pid);
        row.put("pstart", task.pstart);
        row.put("starttime", task.start);
        row.put("type", task.type);
        row.put("id", task.id);
        return row;
    }

    /** A task belongs to a user, or to one token of a user. */
    static void owner(Map<String, @Nullable Object> row, Task task) {
        row.put("user", task.owner.user());
        if (task.owner.token() != null) {
            row.put("tokenid", task.owner.token());
        }
    }
}
