package dev.rackhouse.runbook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the executor writes: one transaction a call, each fenced by the epoch under which the run was taken. Safe for many threads.
 */
final class RunJournal {

    /** Another executor has taken the run; whoever gets this stops at once. */
    static final class Fenced extends RuntimeException {
        Fenced(RunId run) {
            super("Run " + run + " has been taken over by another executor");
        }
    }

    /** A run as it was taken. */
    record Stored(
            RunId id,
            long epoch,
            String mark,
            String runbook,
            String operator,
            Outline outline,
            Instant createdAt,
            RunState state,
            String message,
            String cancelAskedBy,
            Map<String, String> bindings,
            Map<String, String> guestKeys,
            List<ActState> acts) {}

    /** More lines than these are not kept; the machine has them. */
    static final int LOG_LIMIT = 5000;

    static final String CHANNEL = "rackhouse_run";
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Clock clock;

    RunJournal(JdbcTemplate template, PlatformTransactionManager transactions, JsonMapper json, Clock clock) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
        this.clock = clock;
    }

    /** Takes the run: whoever held it before can write no more. Empty when there is none. */
    Optional<Stored> take(RunId run, String executor) {
        Optional<Stored> taken = transaction.execute(_ -> jdbc.sql("""
                        update run set epoch = epoch + 1, executor = :executor where id = :id
                        returning id, epoch, mark, runbook, operator, outline, created_at, state, message, cancel_asked_by, bindings, guest_keys
                        """)
                .param("executor", executor)
                .param("id", run.value())
                .query((row, _) -> stored(row, acts(run)))
                .optional());
        return taken == null ? Optional.empty() : taken;
    }

    private Stored stored(ResultSet row, List<ActState> acts) throws SQLException {
        String cancel = row.getString("cancel_asked_by");
        return new Stored(
                new RunId(row.getLong("id")),
                row.getLong("epoch"),
                row.getString("mark"),
                row.getString("runbook"),
                row.getString("operator"),
                json.readValue(row.getString("outline"), Outline.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                RunState.valueOf(row.getString("state")),
                row.getString("message"),
                cancel == null ? "" : cancel,
                json.readValue(row.getString("bindings"), TEXTS),
                json.readValue(row.getString("guest_keys"), TEXTS),
                acts);
    }

    List<ActState> acts(RunId run) {
        return jdbc.sql("select * from run_act where run = :run order by step, part")
                .param("run", run.value())
                .query((row, _) -> ActRows.read(row))
                .list();
    }

    /** Whether somebody has asked to cancel since the run was taken; empty text: nobody. */
    String cancelAsked(RunId run) {
        return jdbc.sql("select coalesce(cancel_asked_by, '') from run where id = :id")
                .param("id", run.value())
                .query(String.class)
                .single();
    }

    /** Stores what has become of the run, of one effect, and what there is to tell, and lets listeners know. */
    void save(RunWork work, @Nullable ActState act) {
        transaction.executeWithoutResult(_ -> {
            boolean ours = jdbc.sql("select epoch from run where id = :id for update")
                            .param("id", work.id.value())
                            .query(Long.class)
                            .single()
                    == work.epoch;
            if (!ours) {
                throw new Fenced(work.id);
            }
            writeRun(work);
            if (act != null) {
                ActRows.write(jdbc, work.id, act);
            }
            work.evidence.forEach(draft -> writeEvidence(work.id, draft));
            writeLines(work);
            jdbc.sql("select pg_notify(:channel, :run)")
                    .param("channel", CHANNEL)
                    .param("run", work.id.toString())
                    .query()
                    .singleValue();
        });
        work.evidence.clear();
        work.lines.clear();
    }

    private void writeRun(RunWork work) {
        boolean finished = work.state.finished();
        jdbc.sql("""
                        update run set state = :state, message = :message, bindings = cast(:bindings as jsonb),
                            guest_keys = cast(:keys as jsonb), log_lines = log_lines + :lines,
                            cancel_asked_by = case when :active then cancel_asked_by end,
                            finished_at = case when :finished then coalesce(finished_at, :now) end
                        where id = :id
                        """)
                .param("state", work.state.name())
                .param("message", work.message)
                .param("bindings", json.writeValueAsString(work.bindings))
                .param("keys", json.writeValueAsString(work.guestKeys))
                .param("lines", work.lines.size())
                .param("active", work.state.active())
                .param("finished", finished)
                .param("now", at(clock.instant()))
                .param("id", work.id.value())
                .update();
        if (finished) {
            release(jdbc, work.id);
        }
    }

    /** Frees what a run that has ended held. */
    static void release(JdbcClient jdbc, RunId run) {
        jdbc.sql("delete from run_lock where run = :run")
                .param("run", run.value())
                .update();
        jdbc.sql("delete from run_secret where run = :run")
                .param("run", run.value())
                .update();
    }

    private void writeEvidence(RunId run, EvidenceDraft draft) {
        if (draft.id != null) {
            jdbc.sql("""
                            update run_evidence set answered_at = :answered, status = :status, answer = :answer, error = :error,
                                judgement = :judgement, upid = :upid
                            where id = :id
                            """)
                    .params(EvidenceRows.params(run, draft))
                    .param("id", draft.id)
                    .update();
            return;
        }
        if (draft.repeats) {
            draft.id = jdbc.sql("""
                            update run_evidence set times = times + 1, command = :command, sent_at = :sent, answered_at = :answered,
                                status = :status, answer = :answer, error = :error, judgement = :judgement, upid = :upid
                            where id = (select id from run_evidence where run = :run and step = :step and part = :part
                                and attempt = :attempt order by id desc limit 1)
                            returning id
                            """)
                    .params(EvidenceRows.params(run, draft))
                    .query(Long.class)
                    .optional()
                    .orElse(null);
        }
        if (draft.id == null) {
            draft.id = jdbc.sql("""
                            insert into run_evidence (run, step, part, attempt, machine, command, sent_at, answered_at, status, answer,
                                error, judgement, upid)
                            values (:run, :step, :part, :attempt, :machine, :command, :sent, :answered, :status, :answer,
                                :error, :judgement, :upid)
                            returning id
                            """)
                    .params(EvidenceRows.params(run, draft))
                    .query(Long.class)
                    .single();
        }
    }

    private void writeLines(RunWork work) {
        if (work.lines.isEmpty()) {
            return;
        }
        int kept = jdbc.sql("select log_lines from run where id = :id")
                .param("id", work.id.value())
                .query(Integer.class)
                .single();
        int room = LOG_LIMIT - (kept - work.lines.size());
        List<RunWork.Line> fitting = work.lines.subList(0, Math.max(0, Math.min(room, work.lines.size())));
        template.batchUpdate(
                "insert into run_log (run, at, step, source, text) values (?, ?, ?, ?, ?)",
                fitting,
                Math.max(1, fitting.size()),
                (statement, line) -> {
                    statement.setLong(1, work.id.value());
                    statement.setObject(2, at(line.at()));
                    statement.setInt(3, line.step());
                    statement.setString(4, line.source());
                    statement.setString(5, line.text());
                });
        if (room > 0 && room < work.lines.size()) {
            template.update(
                    "insert into run_log (run, at, step, source, text) values (?, ?, 0, 'run', ?)",
                    work.id.value(),
                    at(clock.instant()),
                    "The log is cut here after " + LOG_LIMIT + " lines; the machines have the rest.");
        }
    }

    /** UPIDs that belong to some effect already. */
    Set<String> knownUpids(Instant since) {
        return new HashSet<>(jdbc.sql("select upid from run_evidence where upid is not null and sent_at >= :since")
                .param("since", at(since.minusSeconds(3600)))
                .query(String.class)
                .list());
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
