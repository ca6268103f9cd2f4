package dev.rackhouse.simulator.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads lab seeds: packed ones by name, others from a file. Unknown properties are ignored, missing ones are empty. */
public final class LabSeeds {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private LabSeeds() {}

    /**
     * Reads {@code labs/<name>/lab.json} from the class path.
     *
     * @throws IllegalArgumentException when there is no such lab
     */
    public static LabSeed packed(String name) {
        String resource = "/labs/" + name + "/lab.json";
        try (InputStream in = LabSeeds.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No lab named " + name + " (" + resource + " is not packed)");
            }
            return parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a seed from a file. */
    public static LabSeed read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a seed from JSON text in UTF-8. */
    public static LabSeed parse(byte[] json) {
        return JSON.readValue(json, LabSeed.class);
    }
}
