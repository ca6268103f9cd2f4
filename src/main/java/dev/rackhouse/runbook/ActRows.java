package dev.rackhouse.runbook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How effects lie in table {@code run_act}. */
final class ActRows {

    private ActRows() {}

    static ActState read(ResultSet row) throws SQLException {
        ActState act = new ActState(row.getInt("step"), row.getInt("part"), row.getString("key"));
        act.phase = ActState.Phase.valueOf(row.getString("phase"));
        act.resume = ActState.Phase.valueOf(row.getString("resume"));
        act.attempt = row.getInt("attempt");
        act.failures = row.getInt("failures");
        act.polls = row.getInt("polls");
        act.approved = row.getBoolean("approved");
        act.touched = row.getBoolean("touched");
        act.beganAt = instant(row, "began_at");
        act.intentAt = instant(row, "intent_at");
        act.sentAt = instant(row, "sent_at");
        act.confirmSince = instant(row, "confirm_since");
        act.finishedAt = instant(row, "finished_at");
        act.notBefore = instant(row, "not_before");
        act.upid = row.getString("upid");
        act.logAt = row.getLong("log_at");
        act.note = row.getString("note");
        return act;
    }

    static void write(JdbcClient jdbc, RunId run, ActState act) {
        jdbc.sql("""
                        update run_act set phase = ?, resume = ?, attempt = ?, failures = ?, polls = ?, approved = ?, touched = ?,
                            began_at = ?, intent_at = ?, sent_at = ?, confirm_since = ?, finished_at = ?, not_before = ?, upid = ?,
                            log_at = ?, note = ?
                        where run = ? and step = ? and part = ?
                        """)
                .param(act.phase.name())
                .param(act.resume.name())
                .param(act.attempt)
                .param(act.failures)
                .param(act.polls)
                .param(act.approved)
                .param(act.touched)
                .param(at(act.beganAt))
                .param(at(act.intentAt))
                .param(at(act.sentAt))
                .param(at(act.confirmSince))
                .param(at(act.finishedAt))
                .param(at(act.notBefore))
                .param(act.upid)
                .param(act.logAt)
                .param(act.note)
                .param(run.value())
                .param(act.step)
                .param(act.part)
                .update();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : RunJournal.at(instant);
    }
}
