package dev.rackhouse.runbook;

import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.RunDetails.RunStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Runs as they are stored, for screens and reports. */
final class RunReader {

    private static final String SUMMARY = """
            select r.*, (select count(*) from run_act a where a.run = r.id and a.part = 0
                and a.phase in ('DONE', 'ALREADY', 'SKIPPED')) as steps_done
            from run r
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final RunbookShelf runbooks;

    RunReader(JdbcClient jdbc, JsonMapper json, RunbookShelf runbooks) {
        this.jdbc = jdbc;
        this.json = json;
        this.runbooks = runbooks;
    }

    Optional<RunDetails> find(RunId run) {
        return jdbc.sql(SUMMARY + " where r.id = :id")
                .param("id", run.value())
                .query((row, _) -> details(row))
                .optional();
    }

    List<RunSummary> list(RunFilter filter, int offset, int limit) {
        Map<String, Object> params = new HashMap<>();
        String where = where(filter, params);
        params.put("offset", offset);
        params.put("limit", limit);
        return jdbc.sql(SUMMARY + where + " order by r.created_at desc, r.id desc offset :offset limit :limit")
                .params(params)
                .query((row, _) -> summary(row))
                .list();
    }

    int count(RunFilter filter) {
        Map<String, Object> params = new HashMap<>();
        String where = where(filter, params);
        return jdbc.sql("select count(*) from run r" + where)
                .params(params)
                .query(Integer.class)
                .single();
    }

    private static String where(RunFilter filter, Map<String, Object> params) {
        List<String> terms = new ArrayList<>();
        if (!filter.states().isEmpty()) {
            terms.add("r.state in (:states)");
            params.put("states", filter.states().stream().map(RunState::name).toList());
        }
        equal(terms, params, "runbook", filter.runbook());
        equal(terms, params, "operator", filter.operator());
        equal(terms, params, "target", filter.target());
        if (filter.text() != null && !filter.text().isBlank()) {
            terms.add(
                    "position(:text in lower(r.title || ' ' || r.target || ' ' || r.reason || ' ' || r.operator || ' ' || r.id)) > 0");
            params.put("text", filter.text().strip().toLowerCase(Locale.ROOT));
        }
        if (filter.from() != null) {
            terms.add("r.created_at >= :from");
            params.put("from", RunJournal.at(filter.from()));
        }
        if (filter.to() != null) {
            terms.add("r.created_at < :to");
            params.put("to", RunJournal.at(filter.to()));
        }
        return terms.isEmpty() ? "" : " where " + String.join(" and ", terms);
    }

    private static void equal(List<String> terms, Map<String, Object> params, String column, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            terms.add("r." + column + " = :" + column);
            params.put(column, value);
        }
    }

    private static RunSummary summary(ResultSet row) throws SQLException {
        Instant created = ActRows.instant(row, "created_at");
        return new RunSummary(
                new RunId(row.getLong("id")),
                row.getString("runbook"),
                row.getString("title"),
                row.getString("target"),
                RunState.valueOf(row.getString("state")),
                row.getString("operator"),
                row.getString("reason"),
                created == null ? Instant.EPOCH : created,
                ActRows.instant(row, "finished_at"),
                row.getInt("steps_done"),
                row.getInt("steps"),
                row.getString("message"),
                row.getLong("expected_seconds"));
    }

    private RunDetails details(ResultSet row) throws SQLException {
        RunSummary summary = summary(row);
        Outline outline = json.readValue(row.getString("outline"), Outline.class);
        int version = row.getInt("version");
        Map<String, String> bindings = json.readValue(row.getString("bindings"), new TypeReference<>() {});
        List<ActState> acts = jdbc.sql("select * from run_act where run = ? order by step, part")
                .params(summary.id().value())
                .query((act, _) -> ActRows.read(act))
                .list();
        Map<String, Long> expected = expectedSeconds(summary.runbook());
        List<RunStep> steps = new ArrayList<>();
        for (int number = 1; number <= outline.steps().size(); number++) {
            steps.add(step(number, outline.steps().get(number - 1), acts, summary, expected));
        }
        Map<RunAction, String> refusals = refusals(summary, outline, version);
        var allowed = summary.state().allows();
        allowed.removeAll(refusals.keySet());
        return new RunDetails(summary, outline, version, steps, bindings, allowed, refusals);
    }

    /** What its runbook gives the run of secrets; nothing when this version of the console cannot read its plan any more. */
    Map<String, Secret> secrets(RunId run) {
        record Planned(String runbook, String plan) {}
        Planned planned = jdbc.sql("select runbook, plan from run where id = ?")
                .params(run.value())
                .query((row, _) -> new Planned(row.getString("runbook"), row.getString("plan")))
                .single();
        return runbooks.find(planned.runbook())
                .map(runbook -> secrets(runbook, planned.plan()))
                .orElse(Map.of());
    }

    private <P> Map<String, Secret> secrets(Runbook<P> runbook, String plan) {
        try {
            return runbook.secrets(json.readValue(plan, runbook.plan()));
        } catch (JacksonException ofAnOlderConsole) {
            return Map.of();
        }
    }

    /** What the state would allow but this run does not. */
    Map<RunAction, String> refusals(RunSummary run, Outline outline, int version) {
        Map<RunAction, String> refusals = new HashMap<>();
        if (run.state().allows().contains(RunAction.RETRY) && !runbooks.knows(run.runbook(), version)) {
            refusals.put(
                    RunAction.RETRY,
                    "The runbook has changed since this run was started: undo it, or leave it as it is, and start a new one.");
        }
        if (run.state().allows().contains(RunAction.UNDO) && !outline.undoable()) {
            refusals.put(RunAction.UNDO, "Nothing in this run can be undone.");
        }
        return refusals;
    }

    private static RunStep step(
            int number, Step planned, List<ActState> acts, RunSummary run, Map<String, Long> expected) {
        List<ActState> undos =
                acts.stream().filter(a -> a.step == number && a.part > 0).toList();
        ActState forward = acts.stream()
                .filter(a -> a.step == number && a.part == 0)
                .findFirst()
                .orElseGet(() -> new ActState(number, 0, planned.key()));
        boolean undoBegun = undos.stream().anyMatch(a -> a.attempt > 0);
        ActState shown = undoBegun
                ? undos.stream()
                        .filter(a -> a.attempt > 0)
                        .max(Comparator.comparingInt(a -> a.part))
                        .orElse(forward)
                : forward;
        long planedSeconds = planned.expected() == null ? 0 : planned.expected().toSeconds();
        return new RunStep(
                number,
                planned.key(),
                planned.title(),
                undoBegun ? undoState(undos) : state(forward, planned.command().changes(), run.state()),
                !shown.phase.ended()
                                && shown.note.isBlank()
                                && shown.attempt > 0
                                && run.state().active()
                        ? run.message()
                        : shown.note,
                shown.attempt,
                shown.beganAt,
                shown.finishedAt,
                expected.getOrDefault(planned.key(), planedSeconds),
                shown.upid);
    }

    private static StepState undoState(List<ActState> undos) {
        if (undos.stream().anyMatch(a -> a.phase == ActState.Phase.FAILED)) {
            return StepState.UNDO_FAILED;
        }
        return undos.stream().allMatch(a -> a.phase.ended()) ? StepState.UNDONE : StepState.UNDOING;
    }

    private static StepState state(ActState act, boolean changes, RunState run) {
        return switch (act.phase) {
            case NEW ->
                act.attempt == 0
                        ? StepState.PENDING
                        : run == RunState.NEEDS_APPROVAL ? StepState.NEEDS_APPROVAL : StepState.WAITING;
            case SENDING, SENT -> StepState.RUNNING;
            case CONFIRMING -> StepState.WAITING;
            case DONE -> changes && !act.touched ? StepState.ALREADY_DONE : StepState.DONE;
            case ALREADY, SKIPPED -> StepState.ALREADY_DONE;
            case FAILED -> StepState.FAILED;
        };
    }

    /** The median of the last twenty times that each step was done at the first attempt, by key. */
    Map<String, Long> expectedSeconds(String runbook) {
        Map<String, Long> seconds = new HashMap<>();
        jdbc.sql("""
                        select key, percentile_cont(0.5) within group (order by extract(epoch from finished_at - began_at)) as seconds
                        from (select a.key, a.finished_at, a.began_at,
                                     row_number() over (partition by a.key order by a.finished_at desc) as nth
                              from run_act a join run r on r.id = a.run
                              where r.runbook = :runbook and a.part = 0 and a.phase = 'DONE' and a.attempt = 1) as last
                        where nth <= 20 group by key
                        """)
                .param("runbook", runbook)
                .query((row, _) -> Map.entry(row.getString("key"), Math.round(row.getDouble("seconds"))))
                .list()
                .forEach(entry -> seconds.put(entry.getKey(), entry.getValue()));
        return seconds;
    }

    List<RunLogLine> log(RunId run, long after, int limit) {
        return jdbc.sql("""
                        select number, at, step, source, text from run_log where run = ? and number > ? order by number limit ?
                        """)
                .params(run.value(), after, limit)
                .query((row, _) -> new RunLogLine(
                        row.getLong("number"),
                        time(row, "at"),
                        row.getInt("step"),
                        row.getString("source"),
                        row.getString("text")))
                .list();
    }

    List<Evidence> evidence(RunId run) {
        return jdbc.sql("select * from run_evidence where run = ? order by id")
                .params(run.value())
                .query((row, _) -> new Evidence(
                        row.getLong("id"),
                        row.getInt("step"),
                        row.getString("part"),
                        row.getInt("attempt"),
                        row.getInt("times"),
                        row.getString("machine"),
                        row.getString("command"),
                        time(row, "sent_at"),
                        ActRows.instant(row, "answered_at"),
                        row.getObject("status", Integer.class),
                        row.getString("answer"),
                        row.getString("error"),
                        row.getString("judgement"),
                        row.getString("upid")))
                .list();
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        Instant time = ActRows.instant(row, column);
        return time == null ? Instant.EPOCH : time;
    }
}
