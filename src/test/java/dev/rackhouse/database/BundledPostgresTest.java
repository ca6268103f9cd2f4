package dev.rackhouse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One story on one data directory, since the first start takes seconds. */
class BundledPostgresTest {

    @TempDir
    Path folder;

    @Test
    void keepsItsDataIsClosedToOthersAndSurvivesADeadConsole() throws Exception {
        Path data = folder.resolve("data");
        DatabaseAddress before;
        try (BundledPostgres first = BundledPostgres.start(data, 0)) {
            before = first.address();
            sql(before, "create table kept (text text); insert into kept values ('still here')");

            assertThat(ask(before, "show fsync")).isEqualTo("on");
            assertThat(ask(before, "show synchronous_commit")).isEqualTo("on");
            assertThat(Files.readAllLines(data.resolve("pg18/postmaster.pid")))
                    .as("no socket, and the address to listen on")
                    .containsSequence("", "127.0.0.1");
            assertThat(ask(before, "select rolsuper from pg_roles where rolname = current_user"))
                    .isEqualTo("f");
            refuses(new DatabaseAddress(before.url(), "rackhouse", new Secret("guess")));
            refuses(new DatabaseAddress(before.url(), "postgres", new Secret("postgres")));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres.password"))))
                    .isEqualTo("rw-------");
            assertThat(BundledPostgres.find(data)).contains(before);

            refusesASecondConsole(data);
        }
        assertThat(BundledPostgres.find(data)).isEmpty();

        adoptsWhatADeadConsoleLeft(data);

        try (BundledPostgres later = BundledPostgres.start(data, 0)) {
            assertThat(ask(later.address(), "select text from kept")).isEqualTo("still here");
            assertThat(ask(later.address(), "select count(*) from written_before_the_kill"))
                    .isEqualTo("1");
        }
    }

    @Test
    void refusesTheFolderOfAnotherMajorVersion() throws Exception {
        Files.createDirectories(folder.resolve("pg17"));

        assertThatThrownBy(() -> BundledPostgres.start(folder, 0))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("pg17");
    }

    private static void refusesASecondConsole(Path data) {
        assertThatThrownBy(() -> BundledPostgres.start(data, 0))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(
                        "Another console (process " + ProcessHandle.current().pid() + ")");
    }

    /** A real process, really killed. */
    private static void adoptsWhatADeadConsoleLeft(Path data) throws Exception {
        Process console = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnotherConsole.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = console.inputReader()) {
            assertThat(said.lines().filter("ready"::equals).findFirst()).isPresent();
            assertThatThrownBy(() -> BundledPostgres.start(data, 0))
                    .hasMessageContaining("Another console (process " + console.pid() + ")");
        } finally {
            console.destroyForcibly();
        }
        assertThat(console.waitFor(10, TimeUnit.SECONDS)).isTrue();
        DatabaseAddress orphan = BundledPostgres.find(data).orElseThrow();
        try (BundledPostgres next = BundledPostgres.start(data, 0)) {
            assertThat(next.address()).isEqualTo(orphan);
        }
    }

    private static void refuses(DatabaseAddress address) {
        assertThatThrownBy(address::connect)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("28"));
    }

    private static void sql(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = address.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = address.connect();
                var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }
}
