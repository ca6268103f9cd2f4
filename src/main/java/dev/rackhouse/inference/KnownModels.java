package dev.rackhouse.inference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The models that the console brings along, from its resource {@code models.yaml}. */
final class KnownModels {

    private static final List<Model> ALL = read();

    private KnownModels() {}

    static List<Model> all() {
        return ALL;
    }

    private static List<Model> read() {
        try (InputStream in = KnownModels.class.getResourceAsStream("models.yaml")) {
            String yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return YamlEntry.root(yaml).knows("models").entries("models").stream()
                    .map(e -> ModelYaml.model(e, true))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
