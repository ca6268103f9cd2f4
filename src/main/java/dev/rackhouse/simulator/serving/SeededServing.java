package dev.rackhouse.simulator.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What somebody set up long ago on a computer of a packed lab: images, weights, containers, programs, routes. */
public final class SeededServing {
    private final JsonNode seed;

    private SeededServing(JsonNode seed) {
        this.seed = seed;
    }

    /** @param name of the computer: {@code helium}, {@code thor-110} for a guest; empty when nothing serves there */
    public static Optional<SeededServing> of(String name) {
        try (InputStream in = SeededServing.class.getResourceAsStream("seed/" + name + ".json")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new SeededServing(JsonMapper.shared().readTree(in.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts it on the computer's disk. */
    public void putOn(Computer computer, DockerDaemon docker) {
        seed.path("images").valueStream().forEach(image -> docker.putImage(image.asString("")));
        seed.path("repositories")
                .propertyStream()
                .forEach(cache -> cache.getValue()
                        .valueStream()
                        .forEach(name -> WeightFiles.put(computer, cache.getKey(), name.asString(""))));
        seed.path("files")
                .propertyStream()
                .forEach(folder -> folder.getValue()
                        .valueStream()
                        .map(name -> name.asString(""))
                        .forEach(name -> computer.write(
                                folder.getKey() + "/" + name,
                                ModelFacts.find(name)
                                        .map(model ->
                                                String.format(Locale.ROOT, "GGUF %d bytes%n", model.weightBytes()))
                                        .orElse("GGUF\n"))));
        seed.path("containers")
                .valueStream()
                .forEach(one -> docker.put(
                        one.path("name").asString(""),
                        one.path("body"),
                        one.path("up").asBoolean(false)));
        if (!seed.path("routes").isEmpty()) {
            Router.put(computer, seed.path("routes"));
        }
    }

    /** Where a router of any kind leads: {@code routes}, and {@code profiles} with the names that are answered together. */
    public JsonNode routing() {
        return seed;
    }

    /** Command lines of what runs without containers, by name. */
    public List<Standing> programs() {
        return seed.path("programs")
                .valueStream()
                .map(one -> new Standing(
                        one.path("name").asString(""),
                        one.path("words")
                                .valueStream()
                                .map(word -> word.asString(""))
                                .toList()))
                .toList();
    }

    /** A program that runs without a container. */
    public record Standing(String name, List<String> words) {}
}
