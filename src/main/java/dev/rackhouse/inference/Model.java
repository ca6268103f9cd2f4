package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.ModelShape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that can be served.
 *
 * @param purpose what it is for
 * @param licence as its publisher calls it; null when not known
 * @param gated the publisher wants the licence accepted and a token before the files may be loaded
 * @param files the forms in which it is known; at least one, names differ
 * @param builtIn it is in the console's own list
 */
public record Model(
        ModelId id,
        String name,
        String family,
        Purpose purpose,
        @Nullable String licence,
        boolean gated,
        ModelShape shape,
        List<ModelFiles> files,
        boolean builtIn) {

    /** What a model is for. */
    public enum Purpose {
        CHAT,
        CODE,
        EMBEDDING;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Model {
        files = List.copyOf(files);
        if (name.isBlank() || name.length() > 100 || family.isBlank()) {
            throw new IllegalArgumentException("a model has a name of at most 100 characters, and a family");
        }
        if (files.isEmpty() || files.stream().map(ModelFiles::name).distinct().count() != files.size()) {
            throw new IllegalArgumentException("a model has files, each under a name of its own");
        }
    }

    public Optional<ModelFiles> files(String name) {
        return files.stream().filter(f -> f.name().equals(name)).findFirst();
    }
}
