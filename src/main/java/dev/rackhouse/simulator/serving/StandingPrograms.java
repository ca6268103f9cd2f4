package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.SeededServing.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Engines that run on a computer without containers, as its own service manager keeps them. Safe for many threads. */
public final class StandingPrograms {
    private final Computer computer;
    private final EngineFaults faults;
    private final Effects effects;
    private final Map<String, Running> running = new LinkedHashMap<>();

    private record Running(Standing what, Program program, LogLines log, Thread thread) {}

    public StandingPrograms(Computer computer, EngineFaults faults, Effects effects) {
        this.computer = computer;
        this.faults = faults;
        this.effects = effects;
    }

    /** Starts a program that is not running; what runs since long ago is there at once. */
    public synchronized void start(Standing what, boolean longAgo) {
        if (running.containsKey(what.name())) {
            return;
        }
        LogLines log = new LogLines();
        int pid = 2200 + 17 * running.size();
        int port = port(what.words());
        Launch launch = new Launch(
                computer,
                longAgo ? new Tempo(1e9) : computer.tempo(),
                faults,
                effects,
                log,
                what.name(),
                what.name(),
                pid,
                what.words().subList(1, what.words().size()),
                Map.of(),
                List.of(),
                0,
                Map.of(),
                Map.of(port, port));
        LlamaServer program = new LlamaServer(launch);
        Thread thread = Thread.ofVirtual().name("program " + what.name()).start(() -> live(what.name(), program));
        running.put(what.name(), new Running(what, program, log, thread));
    }

    private static int port(List<String> words) {
        int at = words.indexOf("--port");
        String given = at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "8080";
        return given.matches("\\d{1,5}") ? Integer.parseInt(given) : 8080;
    }

    private void live(String name, Program program) {
        try {
            program.run();
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
        program.ended();
        synchronized (this) {
            running.remove(name);
        }
    }

    /** The power is gone. */
    public void stop() {
        List<Running> all;
        synchronized (this) {
            all = List.copyOf(running.values());
            running.clear();
        }
        all.forEach(one -> one.thread().interrupt());
    }

    /** What the control page shows. */
    public synchronized List<Map<String, Object>> shown() {
        List<Map<String, Object>> rows = new ArrayList<>();
        running.values().forEach(one -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("container", one.what().name());
            row.put("state", "running");
            row.putAll(one.program().state());
            rows.add(row);
        });
        return rows;
    }
}
