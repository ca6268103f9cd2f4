package dev.rackhouse.simulator.serving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that an Ollama has pulled: manifests and blobs below its folder, as the real one keeps them. What is there is what lies on
 * the disk. Safe for many threads.
 */
final class OllamaModels {
    private static final String REGISTRY = "registry.ollama.ai";
    private static final double BYTES_PER_SECOND = 60e6;

    /** One line of a pull's answer. */
    interface Told {
        void line(Map<String, Object> one) throws IOException;
    }

    private final Launch launch;
    private final String folder;

    OllamaModels(Launch launch) {
        this.launch = launch;
        this.folder =
                launch.mounts().getOrDefault("/root/.ollama", "/var/lib/docker/volumes/" + launch.holder()) + "/models";
    }

    /** The name with its tag. */
    static String full(String name) {
        return name.substring(name.lastIndexOf('/') + 1).contains(":") ? name : name + ":latest";
    }

    Optional<ModelFacts> find(String name) {
        return launch.computer().read(manifest(full(name))).flatMap(there -> ModelFacts.find(full(name)));
    }

    /** Sorted. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        String root = folder + "/manifests";
        for (String registry : below(root)) {
            for (String owner : below(root + "/" + registry)) {
                for (String model : below(root + "/" + registry + "/" + owner)) {
                    for (String tag : below(root + "/" + registry + "/" + owner + "/" + model)) {
                        String prefix = !registry.equals(REGISTRY)
                                ? registry + "/" + owner + "/"
                                : owner.equals("library") ? "" : owner + "/";
                        names.add(prefix + model + ":" + tag);
                    }
                }
            }
        }
        return names;
    }

    private List<String> below(String path) {
        return launch.computer().names(path);
    }

    /** Loads a model from the registry unless it is there. @return why it failed, in the real one's words; empty: it is there */
    Optional<String> pull(String name, Told told) throws IOException, InterruptedException {
        Computer computer = launch.computer();
        told.line(Map.of("status", "pulling manifest"));
        computer.tempo().sleep(1);
        if (computer.noNetwork()) {
            return Optional.of("pull model manifest: Get \"https://" + REGISTRY + "/v2/library/"
                    + full(name).replaceFirst(":", "/manifests/") + "\": dial tcp: lookup " + REGISTRY
                    + ": Temporary failure in name resolution");
        }
        ModelFacts facts = ModelFacts.find(full(name)).orElse(null);
        if (facts == null || !facts.name().contains(":")) {
            return Optional.of("pull model manifest: file does not exist");
        }
        String digest = "sha256:" + digest(full(name));
        String status = "pulling " + digest.substring(7, 19);
        told.line(Map.of("status", status, "digest", digest, "total", facts.weightBytes()));
        if (computer.read(blob(full(name))).isEmpty()) {
            for (int part = 1; part <= 4; part++) {
                computer.tempo().sleep(facts.weightBytes() / BYTES_PER_SECOND / 4);
                if (computer.noSpace()) {
                    return Optional.of("write /root/.ollama/models/blobs/" + digest.replace(':', '-')
                            + "-partial: no space left on device");
                }
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("status", status);
                line.put("digest", digest);
                line.put("total", facts.weightBytes());
                line.put("completed", facts.weightBytes() / 4 * part);
                told.line(line);
            }
            computer.write(blob(full(name)), String.format(Locale.ROOT, "GGUF %d bytes%n", facts.weightBytes()));
        }
        told.line(Map.of("status", "verifying sha256 digest"));
        told.line(Map.of("status", "writing manifest"));
        computer.write(manifest(full(name)), manifest(facts, digest));
        told.line(Map.of("status", "success"));
        return Optional.empty();
    }

    private static String manifest(ModelFacts facts, String digest) {
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("mediaType", "application/vnd.ollama.image.model");
        layer.put("digest", digest);
        layer.put("size", facts.weightBytes());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schemaVersion", 2);
        all.put("mediaType", "application/vnd.docker.distribution.manifest.v2+json");
        all.put("layers", List.of(layer));
        return JsonMapper.shared().writeValueAsString(all);
    }

    /** Removes a model, and the folders that are empty then. @return whether it was there */
    boolean delete(String name) {
        String manifest = manifest(full(name));
        if (launch.computer().read(manifest).isEmpty()) {
            return false;
        }
        removed(manifest);
        removed(blob(full(name)));
        return true;
    }

    private void removed(String path) {
        launch.computer().delete(path);
        String parent = path.substring(0, path.lastIndexOf('/'));
        while (parent.startsWith(folder) && below(parent).isEmpty()) {
            launch.computer().delete(parent);
            parent = parent.substring(0, parent.lastIndexOf('/'));
        }
    }

    static String digest(String full) {
        return Images.hash("ollama " + full);
    }

    private String blob(String full) {
        return folder + "/blobs/sha256-" + digest(full);
    }

    private String manifest(String full) {
        String path = full.replaceFirst(":([^:/]*)$", "/$1");
        String[] parts = path.split("/");
        return folder + "/manifests/"
                + switch (parts.length) {
                    case 2 -> REGISTRY + "/library/" + path;
                    case 3 -> REGISTRY + "/" + path;
                    default -> path;
                };
    }
}
