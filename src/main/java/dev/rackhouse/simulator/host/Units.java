package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * As much of systemd as a console meets: services that run or not, units on disk with their timers, and transient units
 * made by {@code systemd-run}, which outlive the SSH connection that asked for them and keep their exit status. All of it
 * that is not on disk is gone with the power.
 */
final class Units {
    private final Box box;
    private final UnitFiles files;
    private final UnitTimers timers;
    private final Map<String, UnitRun> runs = new ConcurrentHashMap<>();
    private final Map<String, Boolean> services = new ConcurrentHashMap<>();
    private volatile int boot;
    private Daemons daemons = new Daemons() {};

    /** What programs do when a unit starts them that are no programs here. */
    interface Daemons {
        /** Whether this is one of them. */
        default boolean knows(UnitFile unit) {
            return false;
        }

        /** Why it does not run; empty: it runs. */
        default String start(UnitFile unit) {
            return "";
        }

        default void stopped(String name) {}
    }

    Units(Box box, List<String> services, Pace pace) {
        this.box = box;
        this.files = new UnitFiles(box);
        this.timers = new UnitTimers(pace);
        services.forEach(service -> this.services.put(service, true));
    }

    void daemons(Daemons known) {
        daemons = known;
    }

    UnitFiles files() {
        return files;
    }

    UnitTimers timers() {
        return timers;
    }

    /** Whether a service runs. */
    boolean serviceRuns(String name) {
        return services.getOrDefault(name, false);
    }

    /** Adds a service, or switches it. */
    void service(String name, boolean running) {
        services.put(name, running);
    }

    /** The services that need no file, and whether they run. */
    Map<String, Boolean> services() {
        return services;
    }

    /** What was started, by name. */
    Map<String, UnitRun> runs() {
        return new TreeMap<>(runs);
    }

    Optional<UnitRun> run(String name) {
        return Optional.ofNullable(runs.get(name));
    }

    /** All processes end: the box is switched off. */
    void forget() {
        boot++;
        timers.forget();
        runs.clear();
    }

    /** The system is up: what is enabled on its disk starts, one after the other. */
    void booted() {
        Thread.ofPlatform().daemon().name("units " + box.name()).start(this::startEnabled);
    }

    /** Returns when all that is enabled has started. */
    void startEnabled() {
        timers.booted();
        int now = boot;
        for (UnitFile unit : files.atBoot()) {
            if (boot == now) {
                start(unit, true);
            }
        }
    }

    /**
     * Starts a unit that lies on disk; one that runs already goes on.
     *
     * @param wait whether to wait for the end of a oneshot
     */
    Answer start(UnitFile unit, boolean wait) {
        UnitRun known = runs.get(unit.name());
        if (known != null && known.active().equals("active")) {
            return Answer.ok("");
        }
        if (!unit.unmet(box.tree()).isEmpty()) {
            return Answer.ok("");
        }
        if (unit.timer()) {
            timers.start(unit, () -> startByName(unit.activates()));
            return Answer.ok("");
        }
        unit.names("Unit.Wants").stream()
                .filter(name -> !name.equals(unit.name()))
                .forEach(this::startByName);
        UnitRun run = new UnitRun(false, unit.remains(), true);
        runs.put(unit.name(), run);
        if (daemons.knows(unit)) {
            return startDaemon(unit, run);
        }
        int now = boot;
        Thread work = Thread.ofPlatform().daemon().name("unit " + unit.name()).start(() -> {
            int code = 0;
            for (RunRequest command : unit.commands("ExecStartPre", "ExecStart", "ExecStartPost")) {
                code = boot == now && !run.stopped ? execute(command, run) : 143;
                if (code != 0 && !command.mayFail()) {
                    break;
                }
                code = 0;
            }
            run.status = code;
            if (run.failed() && boot == now) {
                unit.names("Unit.OnFailure").forEach(this::startByName);
            }
        });
        if (!wait || !unit.oneshot()) {
            return Answer.ok("");
        }
        try {
            work.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return run.failed()
                ? Answer.failed(
                        1,
                        "Job for " + unit.name()
                                + " failed because the control process exited with error code.\nSee \"systemctl status "
                                + unit.name() + "\" and \"journalctl -xeu " + unit.name() + "\" for details.\n")
                : Answer.ok("");
    }

    private Answer startDaemon(UnitFile unit, UnitRun run) {
        String why = daemons.start(unit);
        if (why.isEmpty()) {
            return Answer.ok("");
        }
        run.status = 1;
        return Answer.failed(
                1,
                "Job for " + unit.name() + " failed because " + why + "\nSee \"systemctl status " + unit.name()
                        + "\" and \"journalctl -xeu " + unit.name() + "\" for details.\n");
    }

    private void startByName(String name) {
        files.find(name).ifPresent(unit -> start(unit, false));
    }

    private int execute(RunRequest command, UnitRun run) {
        try {
            Process process = box.start(line(command), command.environment());
            run.process = process;
            process.getOutputStream().close();
            Thread output = Thread.ofVirtual().start(() -> collect(process.getInputStream(), new StringBuffer()));
            collect(process.getErrorStream(), new StringBuffer());
            int code = process.waitFor();
            output.join();
            box.ended();
            return code;
        } catch (IOException refused) {
            return 203;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 143;
        }
    }

    /** Where a box has no root of its own, files of the tree are meant where they are named. */
    private String line(RunRequest command) {
        if (box.strict()) {
            return command.shellLine("");
        }
        HostTree tree = box.tree();
        return command.with(command.command().stream()
                        .map(word -> word.matches("/(usr/)?s?bin/[^/]+")
                                        && tree.exists("/usr/sbin" + word.substring(word.lastIndexOf('/')))
                                ? word.substring(word.lastIndexOf('/') + 1)
                                : word)
                        .map(word -> word.startsWith("/") && !word.matches("/(usr/)?s?bin/.*") && tree.exists(word)
                                ? tree.at(word).toString()
                                : word)
                        .toList())
                .shellLine(tree.root().toString());
    }

    /** Stops a unit. @return false when it was not known */
    boolean stop(String name) {
        boolean timer = timers.stop(name);
        UnitRun run = runs.get(name);
        if (run == null) {
            return timer || files.find(name).isPresent();
        }
        boolean stayed = !run.running();
        run.kill();
        if (run.process == null && run.running()) {
            run.status = 0;
            daemons.stopped(name);
        }
        if (!run.fromDisk) {
            runs.remove(name, run);
        } else if (stayed && run.remain) {
            files.find(name).ifPresent(unit -> unit.commands("ExecStop").forEach(command -> execute(command, run)));
        }
        return true;
    }

    /** Forgets how a unit ended. */
    void resetFailed(String name) {
        runs.computeIfPresent(name, (key, run) -> run.running() ? run : null);
    }

    Answer systemdRun(List<String> words, Map<String, String> environment) {
        RunRequest request = RunRequest.parse(words);
        if (request.command().isEmpty()) {
            return Answer.failed(1, "Command line to execute required.\n");
        }
        String name = request.unit().isEmpty()
                ? "run-r" + UUID.randomUUID().toString().replace("-", "") + ".service"
                : UnitFiles.full(request.unit());
        UnitRun known = runs.get(name);
        boolean taken = known != null && (known.running() || known.failed() || known.remain);
        String timer = name.replaceFirst("\\.service$", ".timer");
        if (taken || files.find(name).isPresent() || timers.active(timer)) {
            return Answer.failed(
                    1,
                    "Failed to start transient service unit: Unit " + name
                            + " was already loaded or has a fragment file.\n");
        }
        if (request.onActiveSeconds() >= 0) {
            timers.start(timer, name, request.onActiveSeconds(), () -> startTransient(name, request, environment));
            return new Answer(
                    0,
                    "",
                    request.quiet()
                            ? ""
                            : "Running timer as unit: " + timer + "\nWill run service as unit: " + name + "\n");
        }
        return startTransient(name, request, environment);
    }

    private Answer startTransient(String name, RunRequest request, Map<String, String> environment) {
        UnitRun unit = new UnitRun(request.collect(), request.remain(), false);
        runs.put(name, unit);
        Process process;
        try {
            process = box.start(request.shellLine(environment.getOrDefault("R", "")), request.environment());
            if (!request.pipe()) {
                process.getOutputStream().close();
            }
        } catch (IOException refused) {
            runs.remove(name);
            return Answer.failed(1, "Failed to start transient service unit: " + refused.getMessage() + "\n");
        }
        unit.process = process;
        StringBuffer out = new StringBuffer();
        StringBuffer err = new StringBuffer();
        Thread output = Thread.ofVirtual().start(() -> collect(process.getInputStream(), out));
        Thread errors = Thread.ofVirtual().start(() -> collect(process.getErrorStream(), err));
        Thread watch = Thread.ofVirtual().start(() -> ended(name, unit, process, request.limitSeconds()));
        String said = request.quiet() ? "" : "Running as unit: " + name + "; invocation ID: " + unit.invocation + "\n";
        if (!request.await()) {
            return new Answer(0, "", said);
        }
        try {
            watch.join();
            output.join();
            errors.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        Integer code = unit.status;
        return new Answer(
                code == null ? 1 : code, request.pipe() ? out.toString() : "", said + (request.pipe() ? err : ""));
    }

    private void ended(String name, UnitRun unit, Process process, long limitSeconds) {
        try {
            if (limitSeconds > 0 && !process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            int code = process.waitFor();
            box.ended();
            unit.status = code;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (!unit.remain && (!unit.failed() || unit.collect)) {
            runs.remove(name, unit);
        }
    }

    private static void collect(java.io.InputStream stream, StringBuffer into) {
        try (stream) {
            byte[] buffer = new byte[8192];
            for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                if (into.length() < 1_000_000) {
                    into.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException gone) {
            // the process is gone
        }
    }

    /** What {@code systemctl show} tells of a unit. */
    Map<String, String> properties(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        @Nullable UnitRun run = runs.get(name);
        Boolean service = services.get(name.replaceFirst("\\.service$", ""));
        boolean timer = timers.active(name);
        boolean loaded =
                run != null || service != null || timer || files.find(name).isPresent();
        boolean running = Boolean.TRUE.equals(service);
        all.put("Id", name);
        all.put("LoadState", loaded ? "loaded" : "not-found");
        all.put("ActiveState", run != null ? run.active() : running || timer ? "active" : "inactive");
        all.put("SubState", run != null ? run.sub() : timer ? "waiting" : running ? "running" : "dead");
        all.put("UnitFileState", files.state(name).orElse(service != null ? "enabled" : ""));
        Process process = run == null ? null : run.process;
        Integer status = run == null ? null : run.status;
        boolean killed = run != null && run.killed();
        all.put("MainPID", run != null && run.running() && process != null ? "" + process.pid() : "0");
        all.put("ExecMainCode", status == null ? "0" : killed ? "2" : "1");
        all.put("ExecMainStatus", status == null ? "0" : "" + (killed ? status - 128 : status));
        all.put("Result", status == null || status == 0 ? "success" : killed ? "signal" : "exit-code");
        all.put("InvocationID", run == null ? "" : run.invocation);
        return all;
    }
}
