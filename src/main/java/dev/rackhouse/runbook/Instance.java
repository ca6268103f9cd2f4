package dev.rackhouse.runbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which console this is, among those that share a database. Its id lies with its data and survives restarts, so that a console that
 * starts knows the leases of its own dead predecessor and frees them at once. That the predecessor is dead is proved by a lock that
 * lives as long as its connection.
 */
final class Instance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final String name;
    private final @Nullable Connection alive;

    private Instance(String name, @Nullable Connection alive) {
        this.name = name;
        this.alive = alive;
    }

    /** @param directory where the console keeps its data; made when it is not there */
    static Instance claim(Path directory, DataSource source, JdbcClient jdbc) {
        String id = idIn(directory);
        Connection alive = lock(source, id);
        if (alive == null) {
            String other = id + "-" + UUID.randomUUID().toString().substring(0, 8);
            LOG.warn("Another console runs with the data directory {}. This one works as {}.", directory, other);
            return new Instance(other, null);
        }
        int freed = jdbc.sql("""
                        update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null,
                            execution_time = least(execution_time, now()), version = version + 1
                        where picked and picked_by = :name
                        """).param("name", id).update();
        if (freed > 0) {
            LOG.info("Going on with {} of this console's runs that were interrupted", freed);
        }
        return new Instance(id, alive);
    }

    /** Its name in leases. */
    String name() {
        return name;
    }

    private static String idIn(Path directory) {
        Path file = directory.resolve("instance-id");
        try {
            if (Files.exists(file)) {
                String id = Files.readString(file).strip();
                if (id.matches("[0-9a-z-]{8,60}")) {
                    return id;
                }
            }
            String id = "console-" + UUID.randomUUID().toString().substring(0, 13);
            Files.createDirectories(directory);
            Files.writeString(file, id + "\n");
            return id;
        } catch (IOException e) {
            LOG.warn("This console has no lasting id, since {} cannot be used: {}", file, e.getMessage());
            return "console-" + UUID.randomUUID().toString().substring(0, 13);
        }
    }

    /** Null when somebody else holds it. */
    private static @Nullable Connection lock(DataSource source, String id) {
        try {
            Connection connection = source.getConnection();
            try (var statement =
                    connection.prepareStatement("select pg_try_advisory_lock(hashtextextended(?, 4711))")) {
                connection.setAutoCommit(true);
                statement.setString(1, id);
                try (var result = statement.executeQuery()) {
                    if (result.next() && result.getBoolean(1)) {
                        return connection;
                    }
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            connection.close();
            return null;
        } catch (SQLException e) {
            throw new IllegalStateException("The database does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (alive != null) {
            try (alive;
                    var statement = alive.createStatement()) {
                statement.execute("select pg_advisory_unlock_all()");
            } catch (SQLException gone) {
                LOG.debug("The database was gone first", gone);
            }
        }
    }
}
