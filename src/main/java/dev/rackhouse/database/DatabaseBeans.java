package dev.rackhouse.database;

import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Tells Spring where the database is; pool, migration and JPA follow. */
@Configuration(proxyBeanMethods = false)
class DatabaseBeans {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseBeans.class);

    @Bean(destroyMethod = "close")
    OpenDatabase openDatabase(Environment environment) {
        return OpenDatabase.open(DatabaseSettings.of(environment));
    }

    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(OpenDatabase database) {
        DatabaseAddress address = database.address();
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return address.user();
            }

            @Override
            public String getPassword() {
                return address.password().reveal();
            }

            @Override
            public String getJdbcUrl() {
                return address.url();
            }
        };
    }

    @Bean
    FlywayMigrationStrategy migrationStrategy() {
        return SchemaVersion::migrate;
    }

    /** The database for as long as the console runs: an external one that was seen to answer, or the bundled server. */
    record OpenDatabase(DatabaseAddress address, AutoCloseable server) implements AutoCloseable {

        static OpenDatabase open(DatabaseSettings settings) {
            if (settings.external().isPresent()) {
                DatabaseAddress address = settings.external().get();
                await(address, settings.patience());
                return new OpenDatabase(address, () -> {});
            }
            BundledPostgres server = BundledPostgres.start(settings.dataDirectory(), settings.port());
            LOG.info(
                    "The bundled PostgreSQL runs at {}, its data in {}",
                    server.address().shown(),
                    settings.dataDirectory());
            return new OpenDatabase(server.address(), server);
        }

        @Override
        public void close() throws IOException {
            try {
                server.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    private static void await(DatabaseAddress address, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try (Connection connection = address.connect()) {
                int major = connection.getMetaData().getDatabaseMajorVersion();
                if (major < 14) {
                    throw new StartRefused(
                            "The database " + address.shown() + " is PostgreSQL " + major
                                    + "; Rackhouse needs 14 or newer.",
                            "Upgrade that server, or name another one in RACKHOUSE_DATABASE_URL.");
                }
                return;
            } catch (SQLException e) {
                String state = e.getSQLState() == null ? "08000" : e.getSQLState();
                boolean mayCome = state.startsWith("08") && !state.equals("08004") || state.startsWith("57P");
                if (!mayCome || System.nanoTime() > deadline) {
                    throw new StartRefused(
                            "The database " + address.shown() + " does not let the console in as "
                                    + (address.user().isBlank() ? "(no user named)" : address.user()) + ": "
                                    + e.getMessage(),
                            "Check RACKHOUSE_DATABASE_URL, RACKHOUSE_DATABASE_USER and RACKHOUSE_DATABASE_PASSWORD, and that the server is up and reachable from here.",
                            e);
                }
                if (!told) {
                    LOG.warn(
                            "Waiting up to {} s for the database {}: {}",
                            patience.toSeconds(),
                            address.shown(),
                            e.getMessage());
                    told = true;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(500).toNanos());
            }
        }
    }
}
