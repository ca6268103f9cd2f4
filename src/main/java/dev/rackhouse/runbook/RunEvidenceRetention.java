package dev.rackhouse.runbook;

import dev.rackhouse.base.Retained;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Evidence and logs of runs that ended long ago go; the runs themselves, their steps and outcome stay. */
final class RunEvidenceRetention implements Retained {

    private final JdbcClient jdbc;

    RunEvidenceRetention(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String key() {
        return "evidence";
    }

    @Override
    public String title() {
        return "Evidence and logs of runs";
    }

    @Override
    public Duration keptByDefault() {
        return Duration.ofDays(365);
    }

    @Override
    public long purge(Instant before) {
        long evidence = delete("run_evidence", before);
        return evidence + delete("run_log", before);
    }

    private long delete(String table, Instant before) {
        return jdbc.sql("delete from " + table + " using run where run.id = " + table + ".run and run.finished_at < ?")
                .param(RunJournal.at(before))
                .update();
    }

    @Override
    public @Nullable Instant oldest() {
        return jdbc.sql("select sent_at as oldest from run_evidence order by id limit 1")
                .query((row, _) -> ActRows.instant(row, "oldest"))
                .optional()
                .orElse(null);
    }
}
