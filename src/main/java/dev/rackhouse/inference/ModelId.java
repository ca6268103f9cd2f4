package dev.rackhouse.inference;

/** A model in the registry: {@code qwen2.5-7b-instruct}. */
public record ModelId(String value) implements Comparable<ModelId> {

    public ModelId {
        if (!value.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "'" + value
                            + "' is no name of a model: at most 63 lower-case letters, digits, dots, hyphens, beginning with a letter or digit");
        }
    }

    @Override
    public int compareTo(ModelId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
