package dev.rackhouse.simulator.serving;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The images on a computer's disk, by name with tag. Guarded by its daemon. */
final class Images {
    private static final String FILE = "/var/lib/docker/image/overlay2/repositories.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Computer computer;

    Images(Computer computer) {
        this.computer = computer;
    }

    /** Name with tag to id, {@code sha256:...}. */
    Map<String, String> all() {
        Map<String, String> images = new TreeMap<>();
        computer.read(FILE)
                .ifPresent(text -> JSON.readTree(text)
                        .path("Repositories")
                        .propertyStream()
                        .forEach(e -> images.put(e.getKey(), e.getValue().asString(""))));
        return images;
    }

    /** The id of an image by name, or by its id. */
    Optional<String> find(String name) {
        Map<String, String> all = all();
        return Optional.ofNullable(all.get(tagged(name)))
                .or(() -> all.values().stream().filter(name::equals).findFirst());
    }

    void put(String name) {
        Map<String, String> images = all();
        images.put(tagged(name), "sha256:" + hash(tagged(name)));
        write(images);
    }

    boolean remove(String name) {
        Map<String, String> images = all();
        boolean there = images.remove(tagged(name)) != null;
        if (there) {
            write(images);
        }
        return there;
    }

    private void write(Map<String, String> images) {
        if (images.isEmpty()) {
            computer.delete(FILE);
            return;
        }
        computer.write(FILE, JSON.writeValueAsString(Map.of("Repositories", images)) + "\n");
    }

    /** As {@code GET /images/NAME/json} answers. */
    Map<String, Object> inspect(String name, String id) {
        Map<String, Object> one = new LinkedHashMap<>();
        String repository = tagged(name).replaceFirst(":[^:/]*$", "");
        one.put("Id", id);
        one.put("RepoTags", List.of(tagged(name)));
        one.put("RepoDigests", List.of(repository + "@sha256:" + hash(tagged(name) + "@")));
        one.put("Created", "2026-09-30T08:00:00Z");
        one.put("Architecture", "amd64");
        one.put("Os", "linux");
        one.put("Size", size(name));
        one.put("Config", Map.of("Entrypoint", entrypoint(name), "Labels", Map.of()));
        return one;
    }

    static long size(String name) {
        return name.contains("vllm")
                ? 24_300_000_000L
                : name.contains("ollama") ? 3_400_000_000L : name.contains("llama") ? 2_900_000_000L : 78_100_000L;
    }

    /** vLLM's image has called {@code vllm serve} since 0.12, before that the module. */
    static List<String> entrypoint(String name) {
        if (name.contains("vllm")) {
            return name.matches(".*:v0\\.([0-9]|1[01])\\..*")
                    ? List.of("python3", "-m", "vllm.entrypoints.openai.api_server")
                    : List.of("vllm", "serve");
        }
        if (name.contains("ollama")) {
            return List.of("/bin/ollama");
        }
        return name.contains("llama.cpp") ? List.of("/app/llama-server") : List.of();
    }

    static String tagged(String image) {
        return image.contains("@")
                        || image.substring(image.lastIndexOf('/') + 1).contains(":")
                ? image
                : image + ":latest";
    }

    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
