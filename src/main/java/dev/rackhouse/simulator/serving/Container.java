package dev.rackhouse.simulator.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One container: what it was made of, and how it is. Guarded by its daemon. */
public final class Container {
    /** How a container is, in Docker's words. */
    enum State {
        CREATED,
        RUNNING,
        RESTARTING,
        EXITED
    }

    final String id;
    final JsonNode body;
    final Instant created;
    final LogLines log = new LogLines();
    String name;
    State state = State.CREATED;
    int pid;
    int exitCode;
    int restarts;
    String error = "";

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    @Nullable
    Program program;

    @Nullable
    Thread thread;

    boolean stopAsked;
    boolean removed;
    /** Counts starts, so that a late end of an earlier one is recognised. */
    int generation;

    Container(String id, String name, JsonNode body, Instant created) {
        this.id = id;
        this.name = name;
        this.body = body;
        this.created = created;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String image() {
        return body.path("Image").asString("");
    }

    /** The last lines that it printed to standard output (1) or error (2), most of them at most. */
    public String printed(int stream, int most) {
        StringBuilder text = new StringBuilder();
        log.tail(most).stream()
                .filter(line -> line.stream() == stream)
                .forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    boolean alive() {
        return state == State.RUNNING || state == State.RESTARTING;
    }

    public boolean running() {
        return state == State.RUNNING;
    }

    JsonNode hostConfig() {
        return body.path("HostConfig");
    }

    String restartPolicy() {
        String policy = hostConfig().path("RestartPolicy").path("Name").asString("no");
        return policy.isEmpty() ? "no" : policy;
    }

    List<String> command() {
        List<String> words = new ArrayList<>();
        body.path("Cmd").valueStream().forEach(word -> words.add(word.asString("")));
        return words;
    }

    Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>();
        body.path("Env").valueStream().map(one -> one.asString("")).forEach(one -> {
            int at = one.indexOf('=');
            if (at > 0) {
                all.put(one.substring(0, at), one.substring(at + 1));
            }
        });
        return all;
    }

    /** Port in the container to port of the computer; those that are not published are missing. */
    Map<Integer, Integer> ports() {
        Map<Integer, Integer> all = new LinkedHashMap<>();
        hostConfig().path("PortBindings").propertyStream().forEach(one -> {
            String inside = one.getKey().replaceFirst("/tcp$", "");
            String outside = one.getValue().path(0).path("HostPort").asString("");
            if (inside.matches("\\d{1,5}") && outside.matches("\\d{1,5}")) {
                all.put(Integer.parseInt(inside), Integer.parseInt(outside));
            }
        });
        return all;
    }

    /** Folder in the container to folder on the computer. */
    Map<String, String> mounts() {
        Map<String, String> all = new LinkedHashMap<>();
        hostConfig().path("Binds").valueStream().map(one -> one.asString("")).forEach(one -> {
            String[] parts = one.split(":");
            if (parts.length >= 2) {
                all.put(parts[1], parts[0]);
            }
        });
        hostConfig()
                .path("Mounts")
                .valueStream()
                .forEach(one -> all.put(
                        one.path("Target").asString(""), one.path("Source").asString("")));
        return all;
    }

    long sharedMemoryMiB(Computer computer) {
        String ipc = hostConfig().path("IpcMode").asString("");
        long given = hostConfig().path("ShmSize").asLong(0);
        return ipc.equals("host") ? computer.memoryBytes() >> 21 : (given == 0 ? 64L << 20 : given) >> 20;
    }
}
