package dev.rackhouse.runbook;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.runbook.Command.ApiCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One small node that remembers what it was asked: mappings (at once), VMs (by tasks that take a few seconds), files and scripts
 * (really run by {@code sh} below a root of its own). Effects are counted; failures are told in advance.
 */
final class PretendNode implements Machines {

    static final String TOKEN = "rackhouse@pve!console";

    final Map<String, String> mappings = new TreeMap<>();
    final Map<String, Map<String, String>> vms = new TreeMap<>();
    final Map<String, Integer> effects = new TreeMap<>();
    final List<String> calls = new ArrayList<>();
    final Path root;

    record Task(String upid, String type, String id, long start, long end, String exit) {}

    final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, List<Supplier<RemoteFailure>>> before = new HashMap<>();
    private final Map<String, List<Supplier<RemoteFailure>>> after = new HashMap<>();
    private final Map<String, String> exits = new HashMap<>();
    private final JsonMapper json = JsonMapper.builder().build();
    private final Clock clock;
    Duration taskTime = Duration.ofSeconds(4);

    PretendNode(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    /** The next call that starts with this text fails; nothing happens. */
    void failBefore(String call, Supplier<RemoteFailure> failure) {
        before.computeIfAbsent(call, _ -> new ArrayList<>()).add(failure);
    }

    /** The next call that starts with this text is done, but the answer is lost. */
    void failAfter(String call, Supplier<RemoteFailure> failure) {
        after.computeIfAbsent(call, _ -> new ArrayList<>()).add(failure);
    }

    /** The next task of this type ends with this text, without effect. */
    void nextTaskEnds(String type, String exit) {
        exits.put(type, exit);
    }

    static RemoteFailure unreachable() {
        return new RemoteFailure.Unreachable("send it", "caraxes", "Connection refused", "Look at the node.", null);
    }

    static RemoteFailure timedOut() {
        return new RemoteFailure.TimedOut("send it", "caraxes", "no answer within 35 s", "Look at the node.", null);
    }

    static RemoteFailure refused(int status, String text) {
        return new RemoteFailure.Refused("send it", "caraxes", text, "Change it.", status, false);
    }

    /** What the node looks like; equal digests mean: as it was before. */
    String digest() {
        return "mappings " + mappings + " vms " + vms + " files " + files();
    }

    private String files() {
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .filter(p -> !root.relativize(p).startsWith("var/lib/rackhouse"))
                    .sorted()
                    .map(p -> root.relativize(p) + "=" + slurp(p))
                    .toList()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Answer call(ApiCall call) {
        String line = call.method() + " " + call.path();
        calls.add(line);
        trip(before, line);
        settle();
        Answer answer = answer(call);
        if (call.changes()) {
            trip(after, line);
        }
        return answer;
    }

    private static void trip(Map<String, List<Supplier<RemoteFailure>>> told, String line) {
        for (var entry : told.entrySet()) {
            if (line.startsWith(entry.getKey()) && !entry.getValue().isEmpty()) {
                throw entry.getValue().removeFirst().get();
            }
        }
    }

    private Answer answer(ApiCall call) {
        String path = call.path();
        String[] parts = path.substring(1).split("/");
        if (path.startsWith("/cluster/mapping/pci")) {
            return mapping(call, parts);
        }
        if (path.contains("/tasks")) {
            return tasks(parts);
        }
        if (path.equals("/nodes/caraxes/qemu") && call.method() == PveMethod.POST) {
            String vmid = value(call, "vmid");
            if (vms.containsKey(vmid)) {
                throw refused(
                        500, "unable to create VM " + vmid + " - VM " + vmid + " already exists on node 'caraxes'");
            }
            return start("qmcreate", vmid, () -> {
                Map<String, String> config = new TreeMap<>();
                call.form().forEach((key, values) -> config.put(key, values.getFirst()));
                vms.put(vmid, config);
            });
        }
        String vmid = parts[3];
        Map<String, String> config = vms.get(vmid);
        if (config == null) {
            throw refused(500, "Configuration file 'nodes/caraxes/qemu-server/" + vmid + ".conf' does not exist");
        }
        return switch (call.method() + " " + (parts.length > 4 ? parts[4] : "")) {
            case "GET config" -> Answer.api(200, json.writeValueAsString(config));
            case "PUT config" -> {
                count("PUT config " + vmid);
                call.form().forEach((key, values) -> config.put(key, values.getFirst()));
                yield Answer.api(200, "null");
            }
            case "DELETE " -> start("qmdestroy", vmid, () -> vms.remove(vmid));
            case "GET status" ->
                Answer.api(200, json.writeValueAsString(Map.of("status", config.getOrDefault("power", "stopped"))));
            case "POST status" ->
                start(
                        "qm" + parts[5],
                        vmid,
                        () -> config.put("power", parts[5].equals("start") ? "running" : "stopped"));
            default -> throw new AssertionError(call);
        };
    }

    private Answer mapping(ApiCall call, String[] parts) {
        return switch (call.method()) {
            case GET -> {
                if (!mappings.containsKey(parts[3])) {
                    throw refused(500, "mapping '" + parts[3] + "' not found");
                }
                yield Answer.api(
                        200, json.writeValueAsString(Map.of("id", parts[3], "description", mappings.get(parts[3]))));
            }
            case POST -> {
                String id = value(call, "id");
                if (mappings.containsKey(id)) {
                    throw refused(500, "mapping '" + id + "' already exists");
                }
                count("create mapping");
                mappings.put(id, value(call, "description"));
                yield Answer.api(200, "null");
            }
            case DELETE -> {
                count("delete mapping");
                mappings.remove(parts[3]);
                yield Answer.api(200, "null");
            }
            case PUT -> throw new AssertionError(call);
        };
    }

    private Answer start(String type, String id, Runnable effect) {
        count(type);
        long now = clock.instant().getEpochSecond();
        String upid = "UPID:caraxes:%08X:%08X:%08X:%s:%s:%s:".formatted(tasks.size() + 1, 1, now, type, id, TOKEN);
        String exit = exits.getOrDefault(type, "OK");
        exits.remove(type);
        tasks.put(upid, new Task(upid, type, id, now, now + taskTime.toSeconds(), exit));
        if (exit.equals("OK") || exit.startsWith("WARNINGS")) {
            effect.run();
        }
        return Answer.api(200, json.writeValueAsString(upid));
    }

    private Answer tasks(String[] parts) {
        if (parts.length == 3) {
            return Answer.api(
                    200,
                    json.writeValueAsString(tasks.values().stream()
                            .map(t -> Map.of("upid", t.upid(), "type", t.type(), "id", t.id(), "starttime", t.start()))
                            .toList()));
        }
        Task task = tasks.get(parts[3]);
        boolean running = clock.instant().getEpochSecond() < task.end();
        if (parts[4].equals("log")) {
            return Answer.api(200, json.writeValueAsString(List.of(Map.of("n", 1, "t", "working on " + task.id()))));
        }
        return Answer.api(
                200,
                json.writeValueAsString(
                        running
                                ? Map.of("status", "running", "upid", task.upid())
                                : Map.of("status", "stopped", "exitstatus", task.exit())));
    }

    private void settle() {}

    private static String value(ApiCall call, String key) {
        return call.form().getOrDefault(key, List.of("")).getFirst();
    }

    private void count(String effect) {
        effects.merge(effect, 1, Integer::sum);
    }

    @Override
    public Answer call(Command.ServiceCall call, GuestKeys keys) {
        throw unreachable();
    }

    @Override
    public Answer run(Host host, String commandLine, String stdin, Duration timeout, GuestKeys keys) {
        calls.add("ssh " + host.label());
        boolean starts = commandLine.contains("$d/run");
        trip(before, starts ? "ssh start" : "ssh");
        if (host instanceof Host.GuestVia guest && keys.known(guest.address()).isEmpty()) {
            keys.learned(guest.address(), "SHA256:pretend");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", commandLine);
            builder.environment().put("R", root.toString());
            Path out = Files.createTempFile("out", "");
            Path err = Files.createTempFile("err", "");
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closedAlready) {
                // a script that reads nothing
            }
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("hangs: " + commandLine);
            }
            Answer answer = Answer.shell(process.exitValue(), slurp(out), slurp(err));
            Files.delete(out);
            Files.delete(err);
            if (starts) {
                trip(after, "ssh start");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public @Nullable String read(Host host, String path, GuestKeys keys) {
        Path file = root.resolve(path.substring(1));
        return Files.exists(file) ? slurp(file) : null;
    }

    @Override
    public void write(Host host, String path, String content, String owner, String mode, GuestKeys keys) {
        count("write " + path);
        try {
            Path file = root.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        trip(after, "write " + path);
    }

    @Override
    public void writeInPlace(Host host, String path, String line, GuestKeys keys) {
        trip(before, "WRITE " + path);
        count("write " + path);
        try {
            Files.writeString(root.resolve(path.substring(1)), line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        trip(after, "WRITE " + path);
    }

    @Override
    public void delete(Host host, String path, GuestKeys keys) {
        count("delete " + path);
        try {
            Files.deleteIfExists(root.resolve(path.substring(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String tokenUser(LabId lab) {
        return TOKEN;
    }

    @Override
    public String name(LabId lab) {
        return "Targaryen";
    }

    private static String slurp(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
