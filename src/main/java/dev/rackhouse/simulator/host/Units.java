package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * As much of systemd as a console meets: services that run or not, and transient units made by {@code systemd-run}, which
 * outlive the SSH connection that asked for them and keep their exit status.
 */
final class Units {
    private final Box box;
    private final Map<String, Unit> transientUnits = new ConcurrentHashMap<>();
    private final Map<String, Boolean> services = new ConcurrentHashMap<>();
    private @Nullable DiskServices disk;

    private static final class Unit {
        final String invocation = UUID.randomUUID().toString().replace("-", "");
        final boolean collect;
        final boolean remain;
        volatile @Nullable Process process;
        volatile @Nullable Integer status;
        volatile boolean stopped;

        Unit(boolean collect, boolean remain) {
            this.collect = collect;
            this.remain = remain;
        }

        boolean running() {
            return status == null;
        }

        boolean failed() {
            Integer code = status;
            return code != null && code != 0 && !stopped;
        }

        String active() {
            return running() || (remain && !failed()) ? "active" : failed() ? "failed" : "inactive";
        }

        String sub() {
            return running() ? "running" : failed() ? "failed" : remain ? "exited" : "dead";
        }

        boolean killed() {
            Integer code = status;
            return code != null && code > 128;
        }
    }

    Units(Box box, List<String> services) {
        this.box = box;
        services.forEach(service -> this.services.put(service, true));
    }

    /** From now on units on the disk count too. */
    void onDisk(DiskServices disk) {
        this.disk = disk;
    }

    private @Nullable DiskServices disk(String unit) {
        DiskServices there = disk;
        return there != null && there.knows(unit) ? there : null;
    }

    /** Whether a service runs. */
    boolean serviceRuns(String name) {
        return services.getOrDefault(name, false);
    }

    /** Adds a service, or switches it. */
    void service(String name, boolean running) {
        services.put(name, running);
    }

    /** All processes are gone: the box was switched off. */
    void forget() {
        transientUnits.clear();
        if (disk != null) {
            disk.forget();
        }
    }

    /** The system is up: what is enabled on its disk starts. */
    void booted() {
        if (disk != null) {
            disk.boot();
        }
    }

    Answer systemdRun(List<String> words, Map<String, String> environment) {
        RunRequest request = RunRequest.parse(words);
        if (request.command().isEmpty()) {
            return Answer.failed(1, "Command line to execute required.\n");
        }
        String name = request.unit().isEmpty()
                ? "run-r" + UUID.randomUUID().toString().replace("-", "") + ".service"
                : service(request.unit());
        Unit unit = new Unit(request.collect(), request.remain());
        Unit known = transientUnits.get(name);
        if (known != null && (known.running() || known.failed() || known.remain)) {
            return Answer.failed(
                    1,
                    "Failed to start transient service unit: Unit " + name
                            + " was already loaded or has a fragment file.\n");
        }
        transientUnits.put(name, unit);
        Process process;
        try {
            process = box.start(request.shellLine(prefix(environment)), request.environment());
            if (!request.pipe()) {
                process.getOutputStream().close();
            }
        } catch (IOException refused) {
            transientUnits.remove(name);
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

    private static String prefix(Map<String, String> environment) {
        return environment.getOrDefault("R", "");
    }

    private void ended(String name, Unit unit, Process process, long limitSeconds) {
        try {
            if (limitSeconds > 0 && !process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                kill(process);
            }
            unit.status = process.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (!unit.remain && (!unit.failed() || unit.collect)) {
            transientUnits.remove(name, unit);
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

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    Answer systemctl(List<String> words) {
        List<String> names = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        boolean valueOnly = false;
        boolean quiet = false;
        boolean now = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-p") && i + 1 < words.size()) {
                properties.addAll(List.of(words.get(++i).split(",")));
            } else if (word.startsWith("--property=")) {
                properties.addAll(List.of(word.substring(11).split(",")));
            } else if (word.equals("--value")) {
                valueOnly = true;
            } else if (word.equals("-q") || word.equals("--quiet")) {
                quiet = true;
            } else if (word.equals("--now")) {
                now = true;
            } else if (!word.startsWith("-")) {
                names.add(word);
            }
        }
        String verb = names.isEmpty() ? "list-units" : names.removeFirst();
        return switch (verb) {
            case "daemon-reload" -> {
                if (disk != null) {
                    disk.reload();
                }
                yield Answer.ok("");
            }
            case "mask", "unmask", "set-property" -> Answer.ok("");
            case "reset-failed" -> {
                names.forEach(name ->
                        transientUnits.computeIfPresent(service(name), (key, unit) -> unit.running() ? unit : null));
                yield Answer.ok("");
            }
            case "show" -> show(names, properties, valueOnly);
            case "is-active" -> state(names, quiet, true);
            case "is-failed" -> state(names, quiet, false);
            case "is-enabled" ->
                names.size() == 1 && disk(service(names.getFirst())) instanceof DiskServices there
                        ? there.enabled(service(names.getFirst()))
                        : names.stream().allMatch(name -> services.containsKey(bare(name)))
                        ? Answer.ok("enabled\n")
                        : Answer.failed(
                                1, "Failed to get unit file state for " + names + ": No such file or directory\n");
            case "status" -> status(names);
            case "start", "restart", "reload", "stop", "kill", "enable", "disable" -> change(verb, names, now);
            case "list-units" -> Answer.ok(list());
            case "is-system-running" -> Answer.ok("running\n");
            default -> Answer.failed(1, "Unknown command verb '" + verb + "'.\n");
        };
    }

    private Answer show(List<String> names, List<String> properties, boolean valueOnly) {
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            Map<String, String> all = properties(service(name));
            List<String> wanted = properties.isEmpty() ? List.copyOf(all.keySet()) : properties;
            for (String property : wanted) {
                String value = all.get(property);
                if (value != null) {
                    out.append(valueOnly ? "" : property + "=").append(value).append('\n');
                }
            }
        }
        return Answer.ok(out.toString());
    }

    private Map<String, String> properties(String name) {
        if (!transientUnits.containsKey(name) && disk(name) instanceof DiskServices there) {
            return there.properties(name);
        }
        Map<String, String> all = new LinkedHashMap<>();
        Unit unit = transientUnits.get(name);
        Boolean service = services.get(bare(name));
        boolean loaded = unit != null || service != null;
        all.put("Id", name);
        all.put("LoadState", loaded ? "loaded" : "not-found");
        all.put("ActiveState", unit != null ? unit.active() : Boolean.TRUE.equals(service) ? "active" : "inactive");
        all.put("SubState", unit != null ? unit.sub() : Boolean.TRUE.equals(service) ? "running" : "dead");
        Process process = unit == null ? null : unit.process;
        Integer status = unit == null ? null : unit.status;
        boolean killed = unit != null && unit.killed();
        all.put("MainPID", unit != null && unit.running() && process != null ? "" + process.pid() : "0");
        all.put("ExecMainCode", status == null ? "0" : killed ? "2" : "1");
        all.put("ExecMainStatus", status == null ? "0" : "" + (killed ? status - 128 : status));
        all.put("Result", status == null || status == 0 ? "success" : killed ? "signal" : "exit-code");
        all.put("InvocationID", unit == null ? "" : unit.invocation);
        return all;
    }

    private Answer state(List<String> names, boolean quiet, boolean active) {
        StringBuilder out = new StringBuilder();
        boolean any = false;
        for (String name : names) {
            String state = properties(service(name)).getOrDefault("ActiveState", "inactive");
            out.append(state).append('\n');
            any |= state.equals(active ? "active" : "failed");
        }
        return new Answer(any ? 0 : active ? 3 : 1, quiet ? "" : out.toString(), "");
    }

    private Answer status(List<String> names) {
        StringBuilder out = new StringBuilder();
        int code = 0;
        for (String name : names) {
            Map<String, String> all = properties(service(name));
            if ("not-found".equals(all.get("LoadState"))) {
                return Answer.failed(4, "Unit " + service(name) + " could not be found.\n");
            }
            out.append("● ")
                    .append(service(name))
                    .append("\n     Active: ")
                    .append(all.get("ActiveState"))
                    .append(" (")
                    .append(all.get("SubState"))
                    .append(")\n");
            code = "active".equals(all.get("ActiveState")) ? code : 3;
        }
        return new Answer(code, out.toString(), "");
    }

    private Answer change(String verb, List<String> names, boolean now) {
        for (String name : names) {
            Unit unit = transientUnits.get(service(name));
            if (unit != null && (verb.equals("stop") || verb.equals("kill"))) {
                unit.stopped = true;
                Process process = unit.process;
                if (process != null) {
                    kill(process);
                }
                transientUnits.remove(service(name), unit);
            } else if (disk(service(name)) instanceof DiskServices there) {
                Answer failed = there.change(verb, service(name), now);
                if (failed != null) {
                    return failed;
                }
            } else if (services.containsKey(bare(name))) {
                switch (verb) {
                    case "start", "restart" -> services.put(bare(name), true);
                    case "stop", "kill" -> services.put(bare(name), false);
                    case "enable" -> services.compute(bare(name), (key, runs) -> now || Boolean.TRUE.equals(runs));
                    default -> {}
                }
            } else {
                String what = verb.equals("enable") || verb.equals("disable")
                        ? "Failed to " + verb + " unit: Unit file " + service(name) + " does not exist.\n"
                        : "Failed to " + verb + " " + service(name) + ": Unit " + service(name)
                                + (verb.equals("stop") ? " not loaded.\n" : " not found.\n");
                return Answer.failed(verb.equals("enable") || verb.equals("disable") ? 1 : 5, what);
            }
        }
        return Answer.ok("");
    }

    private String list() {
        StringBuilder out = new StringBuilder();
        transientUnits.forEach((name, unit) -> out.append(name)
                .append(" loaded ")
                .append(unit.active())
                .append(' ')
                .append(unit.sub())
                .append('\n'));
        services.forEach((name, runs) -> {
            if (runs) {
                out.append(name).append(".service loaded active running\n");
            }
        });
        return out.toString();
    }

    private static String service(String name) {
        return name.matches(".*\\.(service|timer|scope|socket|target|mount)") ? name : name + ".service";
    }

    private static String bare(String name) {
        return name.endsWith(".service") ? name.substring(0, name.length() - 8) : name;
    }
}
