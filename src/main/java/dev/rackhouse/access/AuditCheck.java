package dev.rackhouse.access;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Checks the audit of a database that no console runs on: after a restore. */
public final class AuditCheck {

    private AuditCheck() {}

    public static AuditVerdict verify(DataSource database, MasterKey key) {
        return new AuditChain(JdbcClient.create(database), key).verify();
    }
}
