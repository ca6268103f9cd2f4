package dev.rackhouse.database;

import dev.rackhouse.access.DataDirectory;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.env.Environment;

/**
 * Which database the console uses. Settings: {@code rackhouse.database.url}, {@code .user}, {@code .password} (or the same as
 * {@code spring.datasource.url}, {@code .username}, {@code .password}); without a URL the bundled server.
 *
 * @param external the one that a setting names, else the bundled server is used
 * @param dataDirectory where the bundled server keeps its data
 * @param port the port of the bundled server on 127.0.0.1; 0 takes a free one
 * @param patience how long to wait at start for an external database that does not answer
 */
record DatabaseSettings(Optional<DatabaseAddress> external, Path dataDirectory, int port, Duration patience) {

    static DatabaseSettings of(Environment environment) {
        String url = first(environment, "rackhouse.database.url", "spring.datasource.url");
        Optional<DatabaseAddress> external = Optional.empty();
        if (!url.isBlank()) {
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new StartRefused(
                        "The setting rackhouse.database.url is no address of a PostgreSQL database.",
                        "It reads like jdbc:postgresql://host:5432/rackhouse. User and password are settings of their own: RACKHOUSE_DATABASE_USER, RACKHOUSE_DATABASE_PASSWORD.");
            }
            external = Optional.of(new DatabaseAddress(
                    url,
                    first(environment, "rackhouse.database.user", "spring.datasource.username"),
                    new Secret(first(environment, "rackhouse.database.password", "spring.datasource.password"))));
        }
        return new DatabaseSettings(
                external,
                DataDirectory.of(environment).path(),
                environment.getProperty("rackhouse.database.port", Integer.class, 0),
                environment.getProperty("rackhouse.database.patience", Duration.class, Duration.ofSeconds(30)));
    }

    private static String first(Environment environment, String name, String otherName) {
        String value = environment.getProperty(name, "");
        return value.isBlank() ? environment.getProperty(otherName, "") : value;
    }
}
