package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Long operations of Proxmox: a call answers at once with a {@link Upid}, the rest is here. */
public final class PveTasks {

    /** Lines of log that a failure keeps. */
    static final int TAIL = 30;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern WARNINGS = Pattern.compile("WARNINGS: (\\d{1,6})");

    /**
     * @param exit null while running
     */
    public record Status(boolean running, @Nullable String exit) {}

    /** One line of a task's log; the first has number 1. */
    public record Line(long number, String text) {}

    /**
     * One row of a list of tasks.
     *
     * @param endedAt null while running
     * @param exit null while running
     */
    public record Row(
            Upid upid,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String exit) {

        public boolean running() {
            return exit == null;
        }
    }

    /** How time passes between two looks; tests put their own here. */
    @FunctionalInterface
    interface Pauses {
        void pause(Duration time) throws InterruptedException;
    }

    private final PveClient client;
    private final Pauses pauses;

    PveTasks(PveClient client) {
        this(client, Thread::sleep);
    }

    PveTasks(PveClient client, Pauses pauses) {
        this.client = client;
        this.pauses = pauses;
    }

    public Status status(Upid upid) {
        PveFields fields = client.get("read the state of task " + upid.type(), path(upid, "status"))
                .fields();
        boolean stopped = "stopped".equals(fields.text("status"));
        return new Status(!stopped, stopped ? fields.text("exitstatus", "unexpected status") : null);
    }

    /**
     * Lines of the log.
     *
     * @param after number of the last line already known; 0 for all
     * @param limit at most so many lines
     */
    public List<Line> log(Upid upid, long after, int limit) {
        PveAnswer answer = client.call(
                "read the log of task " + upid.type(),
                PveMethod.GET,
                path(upid, "log"),
                Map.of("start", List.of(Long.toString(after)), "limit", List.of(Integer.toString(limit))));
        List<Line> lines = new ArrayList<>();
        for (PveFields row : answer.rows()) {
            long number = row.whole("n", 0);
            String text = row.text("t", "");
            boolean placeholder = text.equals("no content") && answer.rows().size() == 1;
            if (number > after && !placeholder) {
                lines.add(new Line(number, text));
            }
        }
        lines.sort(java.util.Comparator.comparingLong(Line::number));
        return lines;
    }

    /** The last lines of the log. */
    public List<String> tail(Upid upid) {
        return log(upid, 0, 0).reversed().stream().limit(TAIL).toList().reversed().stream()
                .map(Line::text)
                .toList();
    }

    /**
     * Tasks of a node since a moment, running ones included, newest first. Used to find a task whose UPID was never stored.
     *
     * @param type {@code qmcreate} and the like; null for all
     * @param vmid null for all
     */
    public List<Row> list(String node, Instant since, @Nullable String type, @Nullable Integer vmid) {
        Map<String, List<String>> parameters = new TreeMap<>();
        parameters.put("source", List.of("all"));
        parameters.put("since", List.of(Long.toString(since.getEpochSecond())));
        parameters.put("limit", List.of("500"));
        if (type != null) {
            parameters.put("typefilter", List.of(type));
        }
        if (vmid != null) {
            parameters.put("vmid", List.of(vmid.toString()));
        }
        return rows(client.call(
                "list the tasks of " + node, PveMethod.GET, PvePath.of("nodes", node, "tasks"), parameters));
    }

    /** The last tasks of all nodes that the token may see, at most 25 per node. */
    public List<Row> recent() {
        return rows(client.get("list the cluster's tasks", "/cluster/tasks"));
    }

    private static List<Row> rows(PveAnswer answer) {
        List<Row> rows = new ArrayList<>();
        for (PveFields row : answer.rows()) {
            Upid.find(row.text("upid", "")).ifPresent(upid -> {
                String status = row.text("status");
                boolean running = status == null || status.equals("RUNNING");
                var ended = row.whole("endtime");
                rows.add(new Row(
                        upid,
                        upid.startedAt(),
                        ended.isPresent() ? Instant.ofEpochSecond(ended.getAsLong()) : null,
                        running ? null : status));
            });
        }
        return List.copyOf(rows);
    }

    /** Asks the task to stop; it then ends with "received interrupt". */
    public void stop(Upid upid) {
        client.call(
                "stop task " + upid.type(),
                PveMethod.DELETE,
                PvePath.of("nodes", upid.node(), "tasks", upid),
                Map.of());
    }

    /**
     * Waits for the end, looking every second at first, every five later; follows the log by line number. A node that cannot be
     * reached for a while is forgiven for two minutes. Interrupting the thread ends the waiting, not the task.
     *
     * @param log gets each line once, in order, on the calling thread
     */
    public TaskOutcome await(Upid upid, Consumer<Line> log) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        Duration unreachable = Duration.ZERO;
        long[] last = {0};
        while (true) {
            try {
                Status status = status(upid);
                follow(upid, last, log);
                unreachable = Duration.ZERO;
                String exit = status.exit();
                if (exit != null) {
                    return outcome(upid, exit);
                }
            } catch (RemoteFailure.Refused e) {
                if (e.status() == 400 && e.cameBack().contains("no such task")) {
                    return new TaskOutcome.Lost(e.cameBack());
                }
                throw e;
            } catch (RemoteFailure e) {
                if (!e.worthRetrying() || unreachable.compareTo(PATIENCE) >= 0) {
                    throw e;
                }
                unreachable = unreachable.plus(pause);
            }
            pauses.pause(pause);
            Duration longer = pause.multipliedBy(5).dividedBy(4);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        }
    }

    private void follow(Upid upid, long[] last, Consumer<Line> log) {
        for (Line line : log(upid, last[0], 500)) {
            last[0] = line.number();
            log.accept(line);
        }
    }

    /** What an exit text means; the tail of the log is fetched where it tells the reason. */
    public TaskOutcome outcome(Upid upid, String exit) {
        if (exit.equals("OK")) {
            return new TaskOutcome.Succeeded();
        }
        Matcher warnings = WARNINGS.matcher(exit);
        if (warnings.matches()) {
            return new TaskOutcome.Warned(Integer.parseInt(warnings.group(1)), tail(upid));
        }
        if (exit.equals("unexpected status") || exit.startsWith("unable to get last line from task log")) {
            return new TaskOutcome.Lost(exit);
        }
        return new TaskOutcome.Failed(exit, tail(upid));
    }

    private static String path(Upid upid, String what) {
        return PvePath.of("nodes", upid.node(), "tasks", upid, what);
    }
}
