package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code nvidia-ctk} 1.18: tells Docker about its runtime, and writes down which devices a container may ask for. */
final class NvidiaCtk {
    static final String SPECIFICATION = "/etc/cdi/nvidia.yaml";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Box box;
    private final GpuDriver driver;

    NvidiaCtk(Box box, GpuDriver driver) {
        this.box = box;
        this.driver = driver;
    }

    Answer run(List<String> words) {
        String verbs =
                words.stream().filter(w -> !w.startsWith("-")).limit(2).reduce("", (a, b) -> (a + " " + b).strip());
        return switch (verbs) {
            case "runtime configure" -> configure(words);
            case "cdi generate" -> generate(option(words, "--output"));
            case "cdi list" -> list();
            default ->
                words.contains("--version")
                        ? Answer.ok("NVIDIA Container Toolkit CLI version 1.18.0\n")
                        : Answer.failed(1, "No help topic for '" + verbs + "'\n");
        };
    }

    private static String option(List<String> words, String name) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(name + "=")) {
                return words.get(i).substring(name.length() + 1);
            }
            if (words.get(i).equals(name) && i + 1 < words.size()) {
                return words.get(i + 1);
            }
        }
        return "";
    }

    private Answer configure(List<String> words) {
        if (!option(words, "--runtime").equals("docker")) {
            return Answer.failed(1, "unrecognized runtime '" + option(words, "--runtime") + "'\n");
        }
        Map<String, Object> config;
        try {
            config = new LinkedHashMap<>(JSON.readValue(
                    box.tree().read("/etc/docker/daemon.json").orElse("{}"),
                    new TypeReference<Map<String, Object>>() {}));
        } catch (JacksonException broken) {
            return Answer.failed(1, "unable to load config for runtime docker: invalid JSON\n");
        }
        if (words.stream().anyMatch(w -> w.equals("--cdi.enabled") || w.equals("--cdi.enabled=true"))) {
            config.put("features", Map.of("cdi", true));
        }
        config.put("runtimes", Map.of("nvidia", Map.of("args", List.of(), "path", "nvidia-container-runtime")));
        box.tree().line("/etc/docker/daemon.json", JSON.writeValueAsString(config));
        return new Answer(
                0,
                "",
                "level=info msg=\"Wrote updated config to /etc/docker/daemon.json\"\n"
                        + "level=info msg=\"It is recommended that docker daemon be restarted.\"\n");
    }

    private Answer generate(String output) {
        if (!driver.loaded()) {
            return Answer.failed(1, "failed to generate CDI spec: failed to initialize NVML: Driver Not Loaded\n");
        }
        StringBuilder text = new StringBuilder("---\ncdiVersion: 0.5.0\ndevices:\n");
        for (GpuDriver.Card card : driver.cards()) {
            for (String name : List.of("\"" + card.index + "\"", card.uuid)) {
                text.append("    - name: ")
                        .append(name)
                        .append("\n      containerEdits:\n        deviceNodes:\n            - path: /dev/nvidia")
                        .append(card.index)
                        .append('\n');
            }
        }
        text.append("    - name: all\n      containerEdits:\n        deviceNodes:\n");
        driver.cards()
                .forEach(c -> text.append("            - path: /dev/nvidia")
                        .append(c.index)
                        .append('\n'));
        text.append("kind: nvidia.com/gpu\n");
        if (output.isEmpty()) {
            return Answer.ok(text.toString());
        }
        String place = output.startsWith(box.tree().root() + "/")
                ? output.substring(box.tree().root().toString().length())
                : output;
        box.tree().write(place, text.toString());
        return new Answer(0, "", "level=info msg=\"Generated CDI spec with version 0.5.0\"\n");
    }

    private Answer list() {
        List<String> names = new ArrayList<>();
        box.tree()
                .read(SPECIFICATION)
                .orElse("")
                .lines()
                .filter(l -> l.strip().startsWith("- name: "))
                .forEach(l ->
                        names.add("nvidia.com/gpu=" + l.strip().substring(8).replace("\"", "")));
        return new Answer(
                0,
                String.join("\n", names.stream().sorted().toList()) + (names.isEmpty() ? "" : "\n"),
                "level=info msg=\"Found " + names.size() + " CDI devices\"\n");
    }
}
