package dev.rackhouse.database;

import dev.rackhouse.base.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where a PostgreSQL database is reached.
 *
 * @param url JDBC
 */
record DatabaseAddress(String url, String user, Secret password) {

    /** A connection of its own, not from the pool; gives up connecting after ten seconds. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("connectTimeout", "10");
        Connection connection = new org.postgresql.Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("The PostgreSQL driver does not know the address " + shown(), "08001");
        }
        return connection;
    }

    /** The URL without what may stand behind the question mark. */
    String shown() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
