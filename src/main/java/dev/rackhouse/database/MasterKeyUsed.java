package dev.rackhouse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The id of the key that the data in a database is encrypted with. */
final class MasterKeyUsed {

    private MasterKeyUsed() {}

    /** Empty when the database knows none. */
    static String in(DatabaseAddress database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery("select to_regclass('public.master_key')")) {
                if (!there.next() || there.getString(1) == null) {
                    return "";
                }
            }
            try (ResultSet found = statement.executeQuery("select id from public.master_key")) {
                return found.next() ? found.getString(1) : "";
            }
        }
    }
}
