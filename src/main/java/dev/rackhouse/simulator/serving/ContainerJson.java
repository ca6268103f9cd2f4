package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.Container.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Containers as the Engine API shows them. */
public final class ContainerJson {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private ContainerJson() {}

    /** {@code running}, {@code exited}... */
    static String word(Container one) {
        return one.state.name().toLowerCase(Locale.ROOT);
    }

    /** {@code Up 2 minutes}, {@code Exited (1) 3 seconds ago}. */
    static String status(Container one) {
        return switch (one.state) {
            case CREATED -> "Created";
            case RUNNING -> "Up " + ago(one.startedAt);
            case RESTARTING -> "Restarting (" + one.exitCode + ") " + ago(one.finishedAt) + " ago";
            case EXITED -> "Exited (" + one.exitCode + ") " + ago(one.finishedAt) + " ago";
        };
    }

    private static String ago(@Nullable Instant moment) {
        long seconds = moment == null
                ? 0
                : Math.max(0, Duration.between(moment, Instant.now()).toSeconds());
        return seconds < 60
                ? seconds + " seconds"
                : seconds < 3600
                        ? seconds / 60 + " minutes"
                        : seconds < 86400 ? seconds / 3600 + " hours" : seconds / 86400 + " days";
    }

    /** One row of {@code GET /containers/json}. */
    static Map<String, Object> row(Container one) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Id", one.id);
        row.put("Names", List.of("/" + one.name));
        row.put("Image", one.image());
        row.put("ImageID", "sha256:" + Images.hash(Images.tagged(one.image())));
        row.put("Command", String.join(" ", one.command()));
        row.put("Created", one.created.getEpochSecond());
        row.put("Ports", published(one));
        row.put("Labels", labels(one));
        row.put("State", word(one));
        row.put("Status", status(one));
        row.put("HostConfig", Map.of("NetworkMode", "bridge"));
        row.put("Mounts", mounts(one));
        return row;
    }

    /** What {@code docker ps} shows, by the names of its format. */
    public static Map<String, String> columns(Container one) {
        List<String> ports = new ArrayList<>();
        one.ports().forEach((inside, outside) -> ports.add("0.0.0.0:" + outside + "->" + inside + "/tcp"));
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("ID", one.id.substring(0, 12));
        columns.put("Image", one.image());
        columns.put("Command", "\"" + String.join(" ", one.command()) + "\"");
        columns.put("CreatedAt", one.created.toString());
        columns.put("Status", status(one));
        columns.put("Ports", one.alive() ? String.join(", ", ports) : "");
        columns.put("Names", one.name);
        columns.put("State", word(one));
        return columns;
    }

    /** One line of {@code docker ps --format json}. */
    public static String line(Container one) {
        Map<String, Object> all = new LinkedHashMap<>(columns(one));
        List<String> labels = new ArrayList<>();
        labels(one).forEach((key, value) -> labels.add(key + "=" + value));
        all.put("Labels", String.join(",", labels));
        return tools.jackson.databind.json.JsonMapper.shared().writeValueAsString(all);
    }

    private static List<Object> published(Container one) {
        List<Object> ports = new ArrayList<>();
        one.ports().forEach((inside, outside) -> {
            Map<String, Object> port = new LinkedHashMap<>();
            if (one.alive()) {
                port.put("IP", "0.0.0.0");
            }
            port.put("PrivatePort", inside);
            if (one.alive()) {
                port.put("PublicPort", outside);
            }
            port.put("Type", "tcp");
            ports.add(port);
        });
        return ports;
    }

    private static Map<String, Object> labels(Container one) {
        Map<String, Object> labels = new LinkedHashMap<>();
        one.body
                .path("Labels")
                .propertyStream()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return labels;
    }

    private static List<Object> mounts(Container one) {
        List<Object> mounts = new ArrayList<>();
        one.mounts().forEach((target, source) -> {
            Map<String, Object> mount = new LinkedHashMap<>();
            mount.put("Type", "bind");
            mount.put("Source", source);
            mount.put("Destination", target);
            mount.put("Mode", "");
            mount.put("RW", true);
            mount.put("Propagation", "rprivate");
            mounts.add(mount);
        });
        return mounts;
    }

    /** {@code GET /containers/NAME/json}. */
    public static Map<String, Object> inspect(DockerDaemon daemon, Container one) {
        synchronized (daemon) {
            Map<String, Object> all = new LinkedHashMap<>();
            List<String> entry = Images.entrypoint(one.image());
            List<String> words = new ArrayList<>(entry);
            words.addAll(one.command());
            all.put("Id", one.id);
            all.put("Created", one.created.toString());
            all.put("Path", words.isEmpty() ? "" : words.getFirst());
            all.put("Args", words.isEmpty() ? List.of() : words.subList(1, words.size()));
            all.put("State", state(one));
            all.put("Image", "sha256:" + Images.hash(Images.tagged(one.image())));
            all.put("Name", "/" + one.name);
            all.put("RestartCount", one.restarts);
            all.put("Driver", "overlay2");
            all.put("HostConfig", hostConfig(one));
            all.put("Mounts", mounts(one));
            all.put("Config", config(one, entry));
            Map<String, Object> network = new LinkedHashMap<>();
            Map<String, Object> ports = new LinkedHashMap<>();
            if (one.alive()) {
                one.ports()
                        .forEach((inside, outside) -> ports.put(
                                inside + "/tcp", List.of(Map.of("HostIp", "0.0.0.0", "HostPort", "" + outside))));
            }
            network.put("Ports", ports);
            network.put("Networks", Map.of("bridge", Map.of("IPAddress", one.running() ? "172.17.0.2" : "")));
            all.put("NetworkSettings", network);
            return all;
        }
    }

    private static Map<String, Object> state(Container one) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("Status", word(one));
        state.put("Running", one.alive());
        state.put("Paused", false);
        state.put("Restarting", one.state == State.RESTARTING);
        state.put("OOMKilled", false);
        state.put("Dead", false);
        state.put("Pid", one.pid);
        state.put("ExitCode", one.exitCode);
        state.put("Error", one.error);
        state.put("StartedAt", one.startedAt == null ? NEVER : one.startedAt.toString());
        state.put("FinishedAt", one.finishedAt == null ? NEVER : one.finishedAt.toString());
        return state;
    }

    private static Map<String, Object> hostConfig(Container one) {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("NetworkMode", "bridge");
        host.put("IpcMode", "private");
        host.put("ShmSize", 67108864);
        host.put("RestartPolicy", Map.of("Name", "no", "MaximumRetryCount", 0));
        host.put("LogConfig", Map.of("Type", "json-file", "Config", Map.of()));
        host.put("DeviceRequests", null);
        one.hostConfig().propertyStream().forEach(given -> host.put(given.getKey(), given.getValue()));
        return host;
    }

    private static Map<String, Object> config(Container one, List<String> entry) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("Hostname", one.id.substring(0, 12));
        config.put("Tty", false);
        config.put("Env", List.of());
        config.put("Cmd", null);
        config.put("Image", one.image());
        config.put("Entrypoint", entry.isEmpty() ? null : entry);
        config.put("Labels", labels(one));
        for (String given : List.of("Env", "Cmd", "Entrypoint", "ExposedPorts", "WorkingDir", "User")) {
            JsonNode value = one.body.path(given);
            if (!value.isMissingNode() && !value.isNull()) {
                config.put(given, value);
            }
        }
        return config;
    }

    /** {@code GET /containers/NAME/top}, as {@code ps -ef} prints it. */
    static Map<String, Object> top(Container one) throws DockerRefusal {
        Program program = one.program;
        if (!one.running() || program == null) {
            throw new DockerRefusal(409, "container " + one.id + " is not running");
        }
        List<List<String>> rows = new ArrayList<>();
        program.processes()
                .forEach((pid, line) -> rows.add(List.of(
                        "root", "" + pid, "" + (one.pid == pid ? 1 : one.pid), "0", "08:00", "?", "00:00:10", line)));
        return Map.of("Titles", List.of("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"), "Processes", rows);
    }
}
