package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of Docker as it takes to pull an image and to see from a container whether it gets the cards: images on the disk, a
 * daemon with the configuration that it has read at its start, short-lived containers. Guarded by its owner.
 */
final class Docker {
    private static final String IMAGES = "/var/lib/docker/image/overlay2/repositories.json";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DOWN =
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";

    private final Box box;
    private final GpuDriver driver;
    private final NvidiaSmi smi;
    private final SoftwareFaults faults;
    private final Pace pace;
    private @Nullable JsonNode daemon;

    Docker(Box box, GpuDriver driver, NvidiaSmi smi, SoftwareFaults faults, Pace pace) {
        this.box = box;
        this.driver = driver;
        this.smi = smi;
        this.faults = faults;
        this.pace = pace;
    }

    /** Empty: the daemon runs, with the configuration on the disk; else why not. */
    Optional<String> start() {
        String text = box.tree().read("/etc/docker/daemon.json").orElse("{}");
        try {
            daemon = JSON.readTree(text.isBlank() ? "{}" : text);
            return Optional.empty();
        } catch (JacksonException broken) {
            daemon = null;
            return Optional.of("the control process exited with error code.");
        }
    }

    void stop() {
        daemon = null;
    }

    /** Puts an image there without asking anybody. */
    void put(String image) {
        Map<String, String> images = images();
        images.put(tagged(image), "sha256:" + hash(image));
        write(images);
    }

    Answer run(List<String> words) {
        String verb = words.isEmpty() ? "" : words.getFirst();
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        JsonNode running = daemon;
        if (verb.equals("--version")) {
            return Answer.ok("Docker version 28.2.2, build 28.2.2-0ubuntu1~24.04.1\n");
        }
        if (running == null) {
            return Answer.failed(1, DOWN);
        }
        return switch (verb) {
            case "info" -> info(rest, running);
            case "version" -> Answer.ok("28.2.2\n");
            case "ps" ->
                Answer.ok(
                        rest.contains("-q") || rest.stream().anyMatch(w -> w.startsWith("--format"))
                                ? ""
                                : "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
            case "pull" -> pull(last(rest));
            case "images" -> Answer.ok(String.join("\n", images().keySet()) + "\n");
            case "image" -> image(rest);
            case "rmi" -> remove(last(rest));
            case "run" -> container(rest, running);
            default ->
                Answer.failed(
                        1,
                        "docker: unknown command: docker " + verb + "\n\nRun 'docker --help' for more information\n");
        };
    }

    private static String last(List<String> words) {
        return words.isEmpty() ? "" : words.getLast();
    }

    private Answer info(List<String> words, JsonNode running) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, Object> runtimes = new TreeMap<>(Map.of("runc", Map.of("path", "runc")));
        running.path("runtimes")
                .propertyStream()
                .forEach(r -> runtimes.put(
                        r.getKey(), Map.of("path", r.getValue().path("path").asString(""))));
        values.put("Runtimes", JSON.writeValueAsString(runtimes));
        values.put("CDISpecDirs", cdi(running) ? "[\"/etc/cdi\",\"/var/run/cdi\"]" : "[]");
        values.put("ServerVersion", "\"28.2.2\"");
        values.put("DefaultRuntime", "\"" + running.path("default-runtime").asString("runc") + "\"");
        values.put("ContainersRunning", "0");
        int at = Math.max(words.indexOf("--format"), words.indexOf("-f"));
        String format = at >= 0 && at + 1 < words.size()
                ? words.get(at + 1)
                : words.stream()
                        .filter(w -> w.startsWith("--format="))
                        .map(w -> w.substring(9))
                        .findFirst()
                        .orElse("");
        if (format.isEmpty()) {
            return Answer.ok("Client: Docker Engine - Community\nServer:\n Server Version: 28.2.2\n Runtimes: "
                    + String.join(" ", runtimes.keySet()) + "\n");
        }
        String text = format;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{{json ." + value.getKey() + "}}", value.getValue())
                    .replace("{{." + value.getKey() + "}}", value.getValue().replaceAll("^\"|\"$", ""));
        }
        return Answer.ok(text + "\n");
    }

    private static boolean cdi(JsonNode running) {
        return running.path("features").path("cdi").asBoolean(false);
    }

    private Answer pull(String image) {
        if (image.isEmpty()) {
            return Answer.failed(1, "docker: 'docker pull' requires 1 argument\n");
        }
        pace.sleepSeconds(12);
        if (faults.noNetwork()) {
            return Answer.failed(
                    1,
                    "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io:"
                            + " Temporary failure in name resolution\n");
        }
        if (faults.noSpace()) {
            return Answer.failed(1, "failed to register layer: write /usr/bin/bash: no space left on device\n");
        }
        if (image.contains("nosuch")) {
            return Answer.failed(
                    1, "Error response from daemon: manifest for " + tagged(image) + " not found: manifest unknown\n");
        }
        boolean there = images().containsKey(tagged(image));
        put(image);
        return Answer.ok("Digest: sha256:" + hash(image) + "\nStatus: "
                + (there ? "Image is up to date for " : "Downloaded newer image for ") + tagged(image) + "\n"
                + "docker.io/" + (image.contains("/") ? "" : "library/") + tagged(image) + "\n");
    }

    private Answer image(List<String> words) {
        String verb = words.isEmpty() ? "" : words.getFirst();
        return switch (verb) {
            case "inspect" -> {
                String id = images().get(tagged(last(words)));
                yield id == null
                        ? new Answer(1, "[]\n", "Error response from daemon: No such image: " + last(words) + "\n")
                        : Answer.ok("[{\"Id\":\"" + id + "\",\"RepoTags\":[\"" + tagged(last(words)) + "\"]}]\n");
            }
            case "ls" -> Answer.ok(String.join("\n", images().keySet()) + "\n");
            case "rm" -> remove(last(words));
            default -> Answer.failed(1, "docker: unknown command: docker image " + verb + "\n");
        };
    }

    private Answer remove(String image) {
        Map<String, String> images = images();
        if (images.remove(tagged(image)) == null) {
            return Answer.failed(1, "Error response from daemon: No such image: " + tagged(image) + "\n");
        }
        write(images);
        return Answer.ok("Untagged: " + tagged(image) + "\n");
    }

    /** Only what a check needs: the image is there, the cards can be injected, the program is in it. */
    private Answer container(List<String> words, JsonNode running) {
        String gpus = "";
        List<String> devices = new ArrayList<>();
        int i = 0;
        for (; i < words.size() && words.get(i).startsWith("-"); i++) {
            String word = words.get(i);
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            boolean flag = List.of("--rm", "-d", "-i", "-t", "-it", "--privileged", "--read-only")
                    .contains(name);
            String value = word.contains("=")
                    ? word.substring(word.indexOf('=') + 1)
                    : flag || i + 1 >= words.size() ? "" : words.get(++i);
            if (name.equals("--gpus")) {
                gpus = value;
            } else if (name.equals("--device")) {
                devices.add(value);
            }
        }
        if (i >= words.size()) {
            return Answer.failed(1, "docker: 'docker run' requires at least 1 argument\n");
        }
        String image = words.get(i);
        List<String> command = words.subList(i + 1, words.size());
        if (!images().containsKey(tagged(image))) {
            Answer pulled = pull(image);
            if (pulled.code() != 0) {
                return new Answer(
                        125, "", "Unable to find image '" + tagged(image) + "' locally\ndocker: " + pulled.err());
            }
        }
        boolean injected = false;
        for (String device : devices) {
            String refusal = device.startsWith("nvidia.com/gpu=") ? refusal(device, running) : "";
            if (!refusal.isEmpty()) {
                return Answer.failed(125, "docker: Error response from daemon: " + refusal + "\n");
            }
            injected |= device.startsWith("nvidia.com/gpu=");
        }
        if (!gpus.isEmpty()) {
            if (!box.tree().exists("/usr/sbin/nvidia-container-runtime")) {
                return Answer.failed(
                        125,
                        "docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]]\n");
            }
            injected = true;
        }
        pace.sleepSeconds(1);
        String program = command.isEmpty() ? "" : command.getFirst();
        if (program.equals("nvidia-smi") && injected && driver.loaded()) {
            return smi.run(command.subList(1, command.size()));
        }
        if (program.equals("true") || command.isEmpty()) {
            return Answer.ok("");
        }
        return Answer.failed(
                127,
                "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime"
                        + " create failed: runc create failed: unable to start container process: error during container init:"
                        + " exec: \"" + program + "\": executable file not found in $PATH\n");
    }

    /** Why a CDI device cannot be given to a container; empty: it can. */
    private String refusal(String device, JsonNode running) {
        if (!cdi(running)) {
            return "could not select device driver \"cdi\" with capabilities: []";
        }
        String spec = box.tree().read(NvidiaCtk.SPECIFICATION).orElse("");
        return spec.contains("name: " + quoted(device.substring(device.indexOf('=') + 1)))
                ? ""
                : "CDI device injection failed: unresolvable CDI devices " + device;
    }

    private static String quoted(String name) {
        return name.matches("\\d+") ? "\"" + name + "\"" : name;
    }

    private Map<String, String> images() {
        Map<String, String> images = new TreeMap<>();
        box.tree()
                .read(IMAGES)
                .ifPresent(text -> JSON.readTree(text)
                        .path("Repositories")
                        .propertyStream()
                        .forEach(e -> images.put(e.getKey(), e.getValue().asString(""))));
        return images;
    }

    private void write(Map<String, String> images) {
        if (images.isEmpty()) {
            box.tree().delete(IMAGES);
            return;
        }
        box.tree().line(IMAGES, JSON.writeValueAsString(Map.of("Repositories", images)));
    }

    private static String tagged(String image) {
        return image.substring(image.lastIndexOf('/') + 1).contains(":") ? image : image + ":latest";
    }

    private static String hash(String image) {
        byte[] bytes = UUID.nameUUIDFromBytes(image.getBytes(StandardCharsets.UTF_8))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(bytes).substring(0, 64);
    }
}
