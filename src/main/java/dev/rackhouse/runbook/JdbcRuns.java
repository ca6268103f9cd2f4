package dev.rackhouse.runbook;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Secret;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Runs in PostgreSQL. */
final class JdbcRuns implements Runs {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final RunReader reader;
    private final RunSecrets secrets;
    private final Judges judges;
    private final RunQueue queue;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcRuns(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            JsonMapper json,
            RunReader reader,
            RunSecrets secrets,
            Judges judges,
            RunQueue queue,
            Audit audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
        this.reader = reader;
        this.secrets = secrets;
        this.judges = judges;
        this.queue = queue;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> values) {
        mayAct(operator);
        Outline outline = runbook.outline(plan);
        List<String> problems = OutlineRules.problems(outline, judges.names());
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "The outline of " + runbook.name() + " cannot be executed safely: " + String.join(" ", problems));
        }
        Start start = transaction.execute(status -> {
            RunId run = insert(runbook, json.writeValueAsString(plan), outline, operator, reason);
            Optional<Start.Held> held = lock(run, outline.locks());
            if (held.isPresent()) {
                status.setRollbackOnly();
                return held.get();
            }
            secrets.keep(run, values);
            audit.record(
                    operator, "run started", "run " + run, outline.title() + (reason.isBlank() ? "" : ": " + reason));
            queue.add(run);
            return new Start.Started(run);
        });
        if (start instanceof Start.Started(RunId run)) {
            queue.wake(run);
            events.publishEvent(
                    new RunStarted(run, runbook.name(), outline.title(), outline.target(), operator.name()));
        }
        return java.util.Objects.requireNonNull(start);
    }

    private RunId insert(Runbook<?> runbook, String plan, Outline outline, Operator operator, String reason) {
        Map<String, Long> known = reader.expectedSeconds(runbook.name());
        long expected = outline.steps().stream()
                .mapToLong(s -> known.getOrDefault(
                        s.key(), s.expected() == null ? 0 : s.expected().toSeconds()))
                .sum();
        RunId run = new RunId(jdbc.sql("""
                        insert into run (mark, runbook, version, title, target, plan, outline, state, operator, operator_role, reason,
                            created_at, expected_seconds, steps)
                        values (:mark, :runbook, :version, :title, :target, cast(:plan as jsonb), cast(:outline as jsonb), 'RUNNING',
                            :operator, :role, :reason, :now, :expected, :steps)
                        returning id
                        """)
                .param("mark", UUID.randomUUID().toString().substring(0, 8))
                .param("runbook", runbook.name())
                .param("version", runbook.version())
                .param("title", outline.title())
                .param("target", outline.target())
                .param("plan", plan)
                .param("outline", json.writeValueAsString(outline))
                .param("operator", operator.name())
                .param("role", operator.role().name())
                .param("reason", reason.length() > 2000 ? reason.substring(0, 2000) : reason)
                .param("now", RunJournal.at(clock.instant()))
                .param("expected", expected)
                .param("steps", outline.steps().size())
                .query(Long.class)
                .single());
        for (int step = 1; step <= outline.steps().size(); step++) {
            Step planned = outline.steps().get(step - 1);
            jdbc.sql(
                            "insert into run_act (run, step, part, key, phase) select ?, ?, part, ?, 'NEW' from generate_series(0, ?) as part")
                    .params(run.value(), step, planned.key(), planned.undo().size())
                    .update();
        }
        return run;
    }

    /** In one order everywhere, so that two that start at once cannot wait for each other in a circle. */
    private Optional<Start.Held> lock(RunId run, List<String> names) {
        for (String name : new TreeSet<>(names)) {
            int taken = jdbc.sql("insert into run_lock (name, run, since) values (?, ?, ?) on conflict do nothing")
                    .params(name, run.value(), RunJournal.at(clock.instant()))
                    .update();
            if (taken == 0) {
                return jdbc.sql(
                                "select r.id, r.title, r.operator from run_lock l join run r on r.id = l.run where l.name = ?")
                        .params(name)
                        .query((row, _) ->
                                new Start.Held(name, new RunId(row.getLong(1)), row.getString(2), row.getString(3)))
                        .optional();
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<RunDetails> find(RunId run) {
        return reader.find(run);
    }

    @Override
    public List<RunSummary> list(RunFilter filter, int offset, int limit) {
        return reader.list(filter, offset, limit);
    }

    @Override
    public int count(RunFilter filter) {
        return reader.count(filter);
    }

    @Override
    public List<RunLogLine> log(RunId run, long after, int limit) {
        return reader.log(run, after, limit);
    }

    @Override
    public List<Evidence> evidence(RunId run) {
        return reader.evidence(run);
    }

    @Override
    public Asked ask(RunId run, RunAction action, Operator operator, String reason) {
        mayAct(operator);
        Asked asked = transaction.execute(status -> {
            jdbc.sql("select id from run where id = ? for update")
                    .params(run.value())
                    .query(Long.class)
                    .optional();
            RunDetails details = reader.find(run).orElse(null);
            if (details == null) {
                return new Asked.Refused("There is no run " + run + ".");
            }
            if (!details.allowed().contains(action)) {
                return new Asked.Refused(details.refusals()
                        .getOrDefault(
                                action,
                                "Run " + run + " is "
                                        + details.summary().state().word() + " by now: nothing was done."));
            }
            Asked outcome = apply(details, action, operator);
            if (outcome instanceof Asked.Refused) {
                status.setRollbackOnly();
                return outcome;
            }
            String words = words(action) + (reason.isBlank() ? "" : ": " + reason);
            audit.record(
                    operator,
                    "run " + words(action),
                    "run " + run,
                    details.summary().title() + (reason.isBlank() ? "" : ": " + reason));
            note(run, words + " (" + operator.name() + ")");
            return outcome;
        });
        if (asked instanceof Asked.Accepted) {
            if (action == RunAction.LEAVE) {
                reader.find(run).ifPresent(d -> events.publishEvent(finished(d.summary())));
            } else {
                queue.wake(run);
            }
        }
        return java.util.Objects.requireNonNull(asked);
    }

    private Asked apply(RunDetails details, RunAction action, Operator operator) {
        RunSummary run = details.summary();
        switch (action) {
            case CANCEL -> {
                if (run.state() == RunState.NEEDS_APPROVAL) {
                    state(run.id(), RunState.STOPPED, "Not approved: cancelled by " + operator.name());
                } else {
                    jdbc.sql("update run set cancel_asked_by = ? where id = ?")
                            .params(operator.name(), run.id().value())
                            .update();
                }
            }
            case APPROVE -> {
                jdbc.sql("""
                                update run_act set approved = true where run = ? and part = 0 and step =
                                    (select min(step) from run_act where run = ? and part = 0 and phase not in ('DONE', 'ALREADY', 'SKIPPED'))
                                """).params(run.id().value(), run.id().value()).update();
                state(run.id(), RunState.RUNNING, "");
            }
            case RETRY -> {
                retryFailed(run.id(), true);
                state(run.id(), RunState.RUNNING, "");
            }
            case UNDO -> {
                if (run.state() == RunState.DONE) {
                    Optional<Start.Held> held = lock(run.id(), details.outline().locks());
                    if (held.isPresent()) {
                        return new Asked.Refused(held.get().sentence());
                    }
                    secrets.keep(run.id(), reader.secrets(run.id()));
                }
                retryFailed(run.id(), false);
                state(run.id(), RunState.UNDOING, run.state() == RunState.STOPPED ? run.message() : "");
            }
            case LEAVE -> {
                state(run.id(), RunState.LEFT, run.message());
                RunJournal.release(jdbc, run.id());
            }
        }
        return new Asked.Accepted();
    }

    private void retryFailed(RunId run, boolean forward) {
        jdbc.sql("select * from run_act where run = ? and phase = 'FAILED' and (part = 0) = ?")
                .params(run.value(), forward)
                .query((row, _) -> ActRows.read(row))
                .list()
                .forEach(act -> {
                    act.retry();
                    ActRows.write(jdbc, run, act);
                });
    }

    private void state(RunId run, RunState state, String message) {
        jdbc.sql("update run set state = ?, message = ?, cancel_asked_by = null, finished_at = ? where id = ?")
                .param(state.name())
                .param(message)
                .param(state.finished() ? RunJournal.at(clock.instant()) : null)
                .param(run.value())
                .update();
    }

    private void note(RunId run, String text) {
        jdbc.sql("insert into run_log (run, at, step, source, text) values (?, ?, 0, 'run', ?)")
                .params(run.value(), RunJournal.at(clock.instant()), Redaction.oneLine(text))
                .update();
        jdbc.sql("select pg_notify(?, ?)")
                .params(RunJournal.CHANNEL, run.toString())
                .query()
                .singleValue();
    }

    static RunFinished finished(RunSummary run) {
        return new RunFinished(run.id(), run.runbook(), run.title(), run.target(), run.operator(), run.state());
    }

    private static String words(RunAction action) {
        return switch (action) {
            case RETRY -> "retry asked";
            case UNDO -> "undo asked";
            case LEAVE -> "left as it is";
            case CANCEL -> "cancel asked";
            case APPROVE -> "step approved";
        };
    }

    private static void mayAct(Operator operator) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException("%s has the role %s; acting needs the role %s."
                    .formatted(operator.name(), operator.role().word(), Role.OPERATOR.word()));
        }
    }
}
