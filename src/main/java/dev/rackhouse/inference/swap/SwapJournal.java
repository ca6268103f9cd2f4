package dev.rackhouse.inference.swap;

import dev.rackhouse.access.Operator;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Runs;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Remembers where each swap leads, and makes its end count: a run that is done makes its mode the desired one, the undo of such a run
 * makes the mode before it the desired one again. An end that this console was not there to hear is taken into account at the next look.
 * Safe for many threads.
 */
@Component
class SwapJournal {

    /** Older swaps have been taken into account, or superseded, long ago. */
    private static final int RECENT = 20;

    private final JdbcClient jdbc;
    private final Runs runs;
    private final Deployments deployments;
    private final TransactionOperations transactions;

    SwapJournal(JdbcClient jdbc, Runs runs, Deployments deployments, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.deployments = deployments;
        this.transactions = transactions;
    }

    /**
     * One swap.
     *
     * @param settled the end that counts already; null: none yet
     */
    record Entry(
            RunId run,
            PlaceRef place,
            @Nullable String before,
            String after,
            boolean byConsole,
            @Nullable RunState settled) {}

    /** Called in the transaction that starts the run. */
    void keep(RunId run, SwapPlan plan, boolean byConsole) {
        jdbc.sql("""
                        insert into inference_mode_swap (run, place, before_mode, after_mode, by_console)
                        values (:run, :place, :before, :after, :console)
                        """)
                .param("run", run.value())
                .param("place", plan.place())
                .param("before", plan.before())
                .param("after", plan.mode())
                .param("console", byConsole)
                .update();
    }

    /** The newest swap of a place. */
    Optional<Entry> last(PlaceRef place) {
        return jdbc.sql("select * from inference_mode_swap where place = :place order by run desc limit 1")
                .param("place", place.toString())
                .query(SwapJournal::entry)
                .optional();
    }

    private static Entry entry(java.sql.ResultSet row, int n) throws java.sql.SQLException {
        String settled = row.getString("settled");
        return new Entry(
                new RunId(row.getLong("run")),
                PlaceRef.parse(row.getString("place")),
                row.getString("before_mode"),
                row.getString("after_mode"),
                row.getBoolean("by_console"),
                settled == null ? null : RunState.valueOf(settled));
    }

    @EventListener
    void on(RunFinished finished) {
        if (finished.runbook().equals(SwapServingMode.NAME)) {
            transactions.executeWithoutResult(status -> settle(finished.run(), finished.state()));
        }
    }

    /** Takes every end into account that nobody has heard. */
    void settleAll() {
        List<Entry> recent = jdbc.sql("select * from inference_mode_swap order by run desc limit :n")
                .param("n", RECENT)
                .query(SwapJournal::entry)
                .list();
        for (Entry entry : recent.reversed()) {
            runs.find(entry.run())
                    .map(run -> run.summary().state())
                    .filter(state -> state.finished() && state != entry.settled())
                    .ifPresent(state -> transactions.executeWithoutResult(status -> settle(entry.run(), state)));
        }
    }

    private void settle(RunId run, RunState state) {
        Entry entry = jdbc.sql("select * from inference_mode_swap where run = :run for update")
                .param("run", run.value())
                .query(SwapJournal::entry)
                .optional()
                .orElse(null);
        if (entry == null || entry.settled() == state) {
            return;
        }
        Operator console = Operator.console();
        switch (state) {
            case DONE -> deployments.setDesired(entry.place(), entry.after(), console, "run " + run + " is done");
            case UNDONE -> {
                if (entry.settled() == RunState.DONE && entry.before() != null) {
                    deployments.setDesired(entry.place(), entry.before(), console, "run " + run + " is undone");
                }
            }
            case LEFT, RUNNING, NEEDS_APPROVAL, STOPPED, UNDOING, UNDO_STOPPED -> {}
        }
        jdbc.sql("update inference_mode_swap set settled = :state where run = :run")
                .param("state", state.name())
                .param("run", run.value())
                .update();
    }
}
