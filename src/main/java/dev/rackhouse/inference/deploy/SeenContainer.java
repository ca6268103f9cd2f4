package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.LaunchSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A container as Docker's inspection tells it. Values of its environment are not kept: they may be secrets. Those by which Ollama is
 * tuned are none, and stand with their names.
 *
 * @param status Docker's word: {@code running}, {@code exited}, {@code created}
 * @param gpus UUIDs or indexes; {@code all} alone: every card
 * @param hostPorts published TCP ports, of the host
 * @param mounts source to target
 * @param variables names only, but {@code OLLAMA_CONTEXT_LENGTH=8192}
 */
public record SeenContainer(
        String name,
        String image,
        String status,
        Map<String, String> labels,
        List<String> gpus,
        List<Integer> hostPorts,
        List<String> entrypoint,
        List<String> command,
        Map<String, String> mounts,
        List<String> variables) {

    static final String ALL = "all";

    private static final List<String> SETTINGS =
            List.of("OLLAMA_CONTEXT_LENGTH", "OLLAMA_NUM_PARALLEL", "OLLAMA_KEEP_ALIVE");

    public SeenContainer {
        labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
        gpus = List.copyOf(gpus);
        hostPorts = List.copyOf(hostPorts);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        mounts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(mounts));
        variables = List.copyOf(variables);
    }

    /** Empty when it is no inspection of a container. */
    static Optional<SeenContainer> parse(String inspection) {
        try {
            JsonNode root = JsonMapper.shared().readTree(inspection);
            JsonNode node = root.isArray() && !root.isEmpty() ? root.get(0) : root;
            String name = node.path("Name").asString("").replaceFirst("^/", "");
            return name.isEmpty() ? Optional.empty() : Optional.of(of(name, node));
        } catch (JacksonException noJson) {
            return Optional.empty();
        }
    }

    private static SeenContainer of(String name, JsonNode node) {
        JsonNode config = node.path("Config");
        JsonNode host = node.path("HostConfig");
        Map<String, String> labels = new TreeMap<>();
        config.path("Labels")
                .propertyStream()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        Map<String, String> mounts = new LinkedHashMap<>();
        node.path("Mounts")
                .forEach(mount -> mounts.put(
                        mount.path("Source").asString(""),
                        mount.path("Destination").asString("")));
        host.path("Binds").forEach(bind -> {
            String[] parts = bind.asString("").split(":", 3);
            if (parts.length > 1) {
                mounts.putIfAbsent(parts[0], parts[1]);
            }
        });
        List<String> variables = texts(config.path("Env")).stream()
                .map(v -> setting(v) ? v : v.replaceFirst("(?s)=.*", ""))
                .toList();
        return new SeenContainer(
                name,
                config.path("Image").asString(""),
                node.path("State").path("Status").asString(""),
                labels,
                gpus(host),
                ports(host),
                texts(config.path("Entrypoint")),
                texts(config.path("Cmd")),
                mounts,
                variables);
    }

    private static List<String> gpus(JsonNode host) {
        TreeSet<String> gpus = new TreeSet<>();
        host.path("DeviceRequests").forEach(request -> {
            List<String> ids = texts(request.path("DeviceIDs"));
            ids.forEach(id -> gpus.add(id.replaceFirst("^nvidia\\.com/gpu=", "")));
            if (ids.isEmpty() && request.path("Count").asInt(0) != 0) {
                gpus.add(ALL);
            }
        });
        return gpus.contains(ALL) ? List.of(ALL) : List.copyOf(gpus);
    }

    private static List<Integer> ports(JsonNode host) {
        TreeSet<Integer> ports = new TreeSet<>();
        host.path("PortBindings")
                .propertyStream()
                .forEach(binding -> binding.getValue().forEach(to -> {
                    String port = to.path("HostPort").asString("");
                    if (binding.getKey().endsWith("/tcp") && port.matches("\\d{1,5}")) {
                        ports.add(Integer.valueOf(port));
                    }
                }));
        return List.copyOf(ports);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(text -> texts.add(text.asString("")));
        } else if (list.isString()) {
            texts.add(list.stringValue());
        }
        return texts;
    }

    public boolean running() {
        return status.equals("running") || status.equals("restarting") || status.equals("paused");
    }

    /** The deployment that it says it is of; empty: none of ours. */
    public String deployment() {
        return labels.getOrDefault(LaunchSpec.DEPLOYMENT_LABEL, "");
    }

    boolean holds(String uuid) {
        return gpus.contains(uuid) || gpus.contains(ALL);
    }

    /** Whether a variable is part of how an engine is tuned, as Ollama has no arguments for that; it holds no secret. */
    static boolean setting(String variable) {
        return SETTINGS.stream().anyMatch(name -> variable.startsWith(name + "="));
    }

    private boolean tunedAs(LaunchSpec.Container launch) {
        return launch.environment().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .filter(SeenContainer::setting)
                .allMatch(variables::contains);
    }

    /** Whether it was made as the deployment is launched: image, arguments, tuning, GPUs, port. */
    boolean isAs(LaunchSpec.Container launch) {
        return image.equals(launch.image())
                && command.equals(launch.arguments())
                && tunedAs(launch)
                && new TreeSet<>(gpus).equals(new TreeSet<>(launch.gpus()))
                && hostPorts.equals(List.of(launch.hostPort()));
    }
}
