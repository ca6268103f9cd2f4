package dev.rackhouse.simulator.pve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a node: id at once, lines over time, and an exit status at the end.
 *
 * <p>running -> stopped with OK | WARNINGS: n | error text. Lines may be read at any time; only the worker writes them.
 */
final class Task {
    final String upid;
    final String node;
    final int pid;
    final long pstart;
    final long start;
    final String type;
    final String id;
    final Caller owner;
    private final World world;
    private final List<String> lines = new ArrayList<>();
    private @Nullable String exit;
    private long end;
    private int warnings;
    private Duration elapsed = Duration.ZERO;
    private @Nullable Thread worker;
    private boolean stopAsked;

    Task(World world, String node, int pid, long pstart, long start, String type, String id, Caller owner) {
        this.world = world;
        this.node = node;
        this.pid = pid;
        this.pstart = pstart;
        this.start = start;
        this.type = type;
        this.id = id;
        this.owner = owner;
        this.upid = String.format("UPID:%s:%08X:%08X:%08X:%s:%s:%s:", node, pid, pstart, start, type, id, owner.id());
    }

    /** What a worker does; an {@link ApiError} or {@link TaskInterrupted} becomes its exit status. */
    interface Work {
        void run(Task task) throws InterruptedException;
    }

    synchronized void log(String line) {
        lines.add(line);
    }

    synchronized void warn(String line) {
        lines.add("WARN: " + line);
        warnings++;
    }

    /** Lets time pass in the lab. */
    void pause(Duration wait) throws InterruptedException {
        world.clock.pause(wait);
        synchronized (this) {
            elapsed = elapsed.plus(wait);
        }
    }

    /** Time in the lab that the worker has let pass; the speed does not matter. */
    synchronized Duration elapsed() {
        return elapsed;
    }

    /** A step of a long job; about as long as in reality. */
    void pauseMillis(long millis) throws InterruptedException {
        pause(Duration.ofMillis(millis));
    }

    void begin(Work work) {
        Thread thread = Thread.ofVirtual().name(upid).unstarted(() -> execute(work));
        synchronized (this) {
            worker = thread;
        }
        thread.start();
    }

    private void execute(Work work) {
        String status;
        try {
            work.run(this);
            status = warnings() > 0 ? "WARNINGS: " + warnings() : "OK";
        } catch (ApiError e) {
            String text = e.text();
            status = (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).replace('\n', ' ');
        } catch (InterruptedException | TaskInterrupted e) {
            status = "received interrupt";
        } catch (RuntimeException e) {
            status = "simulator fault: " + e;
        }
        finish(status);
    }

    private synchronized int warnings() {
        return warnings;
    }

    private void finish(String status) {
        synchronized (this) {
            String word = status.equals("OK") || status.startsWith("WARNINGS: ") ? "TASK " : "TASK ERROR: ";
            lines.add(word + status);
            end = Math.max(start, world.now());
            exit = status;
        }
        world.tasks.ended(this);
    }

    synchronized boolean running() {
        return exit == null;
    }

    synchronized @Nullable String exit() {
        return exit;
    }

    synchronized long end() {
        return end;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Asks the worker to stop. */
    void stop() {
        Thread thread;
        synchronized (this) {
            if (exit != null || stopAsked) {
                return;
            }
            stopAsked = true;
            thread = worker;
        }
        if (thread != null) {
            thread.interrupt();
        }
    }

    boolean succeeded() {
        String status = exit();
        return status != null && (status.equals("OK") || status.startsWith("WARNINGS: "));
    }
}
