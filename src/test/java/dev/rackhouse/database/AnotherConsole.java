package dev.rackhouse.database;

import java.nio.file.Path;

/** A console of its own process, as far as the database sees: starts it, writes a row, says so, waits to be killed. */
final class AnotherConsole {

    private AnotherConsole() {}

    public static void main(String[] arguments) throws Exception {
        BundledPostgres postgres = BundledPostgres.start(Path.of(arguments[0]), 0);
        try (var connection = postgres.address().connect();
                var statement = connection.createStatement()) {
            statement.execute("create table written_before_the_kill as select 1 as n");
        }
        System.out.println("ready");
        System.in.read();
    }
}
