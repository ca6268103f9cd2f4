package dev.rackhouse.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where a file that declares things says that a secret comes from: such a file never holds one itself. */
public sealed interface SecretSource {

    /** {@code env: NAME}. */
    record Environment(String variable) implements SecretSource {}

    /** {@code file: path}, relative to the file that declares it. */
    record InFile(String path) implements SecretSource {}

    /**
     * @param given what stands in the YAML
     * @throws IllegalArgumentException saying how it has to be written; the caller adds where that is
     */
    static SecretSource of(@Nullable Object given) {
        if (given instanceof Map<?, ?> where && where.size() == 1) {
            if (where.get("env") instanceof Object variable) {
                return new Environment(variable.toString());
            }
            if (where.get("file") instanceof Object path) {
                return new InFile(path.toString());
            }
        }
        throw new IllegalArgumentException("must say where the text comes from: { env: NAME } or { file: path }");
    }

    /**
     * @param declaredIn the file in which it is declared
     * @param environment looks a variable up; null when it is not set
     * @throws IllegalArgumentException when there is nothing to read
     */
    default Secret read(Path declaredIn, UnaryOperator<@Nullable String> environment) {
        return switch (this) {
            case Environment(String variable) -> {
                String value = environment.apply(variable);
                if (value == null || value.isBlank()) {
                    throw new IllegalArgumentException(
                            "names the environment variable " + variable + ", which is not set");
                }
                yield new Secret(value);
            }
            case InFile(String path) -> {
                Path from = declaredIn.toAbsolutePath().resolveSibling(path);
                try {
                    yield new Secret(Files.readString(from).strip());
                } catch (IOException e) {
                    throw new IllegalArgumentException("names the file " + from + ", which cannot be read", e);
                }
            }
        };
    }
}
