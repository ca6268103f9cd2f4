package dev.rackhouse.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: one server per JVM (a container where an engine is there, the embedded one elsewhere), a fresh
 * database per call.
 */
public final class TestDatabase {

    /** Where one database is reached. */
    public record Address(String url, String user, String password) {}

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Logger LOG = LoggerFactory.getLogger(TestDatabase.class);

    private TestDatabase() {}

    /** A new, empty database. */
    public static Address empty() {
        return Server.ONE.create("t" + COUNTER.incrementAndGet());
    }

    /** A new database with all migrations applied. */
    public static DataSource migrated() {
        DataSource source = connect(empty());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        return source;
    }

    public static DataSource connect(Address address) {
        var config = new com.zaxxer.hikari.HikariConfig();
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setIdleTimeout(10_000); // nobody closes the pools of tests: what they no longer use goes by itself
        return new com.zaxxer.hikari.HikariDataSource(config);
    }

    private interface Server {
        Server ONE = start();

        Address create(String name);

        private static Server start() {
            return dockerIsThere() ? new Container() : new Embedded();
        }

        private static boolean dockerIsThere() {
            try {
                return DockerClientFactory.instance().isDockerAvailable();
            } catch (Throwable none) {
                return false;
            }
        }
    }

    private static final class Embedded implements Server {
        private final EmbeddedPostgres postgres;

        Embedded() {
            try {
                postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "500")
                        .setServerConfig("unix_socket_directories", "")
                        .setPGStartupWait(java.time.Duration.ofSeconds(60))
                        .start();
                LOG.info("tests use the embedded PostgreSQL on port {}", postgres.getPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Address create(String name) {
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new Address(
                    "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + name, "postgres", "postgres");
        }
    }

    private static final class Container implements Server {
        private final PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18-alpine");

        Container() {
            postgres.start();
            LOG.info("tests use a PostgreSQL container");
        }

        @Override
        public Address create(String name) {
            try (var connection = postgres.createConnection("");
                    var statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new Address(
                    postgres.getJdbcUrl().replace("/" + postgres.getDatabaseName(), "/" + name),
                    postgres.getUsername(),
                    postgres.getPassword());
        }
    }
}
