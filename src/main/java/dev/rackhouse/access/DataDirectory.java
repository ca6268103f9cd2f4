package dev.rackhouse.access;

import java.nio.file.Path;
import org.springframework.core.env.Environment;

/**
 * Where the console keeps what must survive: the embedded database and the master key. Setting {@code rackhouse.data-directory}
 * ({@code RACKHOUSE_DATA_DIRECTORY}); by default {@code data} in the folder where the console is started.
 */
public record DataDirectory(Path path) {

    public static DataDirectory of(Environment environment) {
        String named = environment.getProperty("rackhouse.data-directory", "");
        return new DataDirectory(
                Path.of(named.isBlank() ? "data" : named).toAbsolutePath().normalize());
    }
}
