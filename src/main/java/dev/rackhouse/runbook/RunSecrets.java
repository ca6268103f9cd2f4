package dev.rackhouse.runbook;

import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.Secret;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Secrets that a run was started with, encrypted in table {@code run_secret}. */
final class RunSecrets {

    private final JdbcClient jdbc;
    private final Secrets secrets;

    RunSecrets(JdbcClient jdbc, Secrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    void keep(RunId run, Map<String, Secret> values) {
        values.forEach((name, value) -> jdbc.sql("insert into run_secret (run, name, encrypted) values (?, ?, ?)")
                .params(run.value(), name, secrets.encrypt(value))
                .update());
    }

    /** In the clear, by name; for sending and for redaction only. */
    Map<String, String> of(RunId run) {
        Map<String, String> values = new TreeMap<>();
        jdbc.sql("select name, encrypted from run_secret where run = ?")
                .params(run.value())
                .query((row, _) -> Map.entry(row.getString("name"), row.getBytes("encrypted")))
                .list()
                .forEach(entry -> values.put(
                        entry.getKey(), secrets.decrypt(entry.getValue()).reveal()));
        return values;
    }
}
