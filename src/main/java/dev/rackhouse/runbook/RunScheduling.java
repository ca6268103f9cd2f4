package dev.rackhouse.runbook;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs in the queue of db-scheduler: who works on which, when one is looked at again, and that another console takes over when one
 * dies. Only the number of the run is in the queue; everything else is in the journal.
 */
final class RunScheduling implements RunQueue, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunScheduling.class);
    private static final String NAME = "run";
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private final Supplier<Scheduler> scheduler;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("run-timer").factory());

    RunScheduling(Supplier<Scheduler> scheduler, JdbcClient jdbc, Clock clock) {
        this.scheduler = scheduler;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The task under which db-scheduler knows runs. */
    Task<Void> task(Supplier<RunExecutor> executor) {
        return Tasks.custom(NAME, Void.class)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) -> {
                    LOG.error(
                            "Run {} could not be carried on; trying again",
                            complete.getExecution().getId(),
                            complete.getCause().orElse(null));
                    operations.reschedule(complete, clock.instant().plus(AFTER_TROUBLE));
                })
                .execute((instance, _) -> {
                    RunExecutor.Next next = executor.get().proceed(RunId.parse(instance.getId()));
                    return switch (next) {
                        case RunExecutor.Next.At(Instant when) -> {
                            lookAt(when);
                            yield (complete, operations) -> operations.reschedule(complete, when);
                        }
                        case RunExecutor.Next.Rest _ -> new CompletionHandler.OnCompleteRemove<>();
                        case RunExecutor.Next.Overtaken _ -> (_, _) -> {};
                    };
                });
    }

    /** Starts looking for runs that are in nobody's queue: their console died between a commit and the queue. */
    void startSweeping() {
        timer.scheduleWithFixedDelay(this::sweep, 1, SWEEP.toSeconds(), TimeUnit.SECONDS);
    }

    private void sweep() {
        try {
            List<RunId> forgotten =
                    jdbc.sql("""
                            select id from run where state in ('RUNNING', 'UNDOING') and not exists
                                (select 1 from scheduled_tasks where task_name = 'run' and task_instance = run.id::text)
                            """).query((row, _) -> new RunId(row.getLong(1))).list();
            forgotten.forEach(this::add);
        } catch (DataAccessException | IllegalStateException notNow) {
            LOG.warn("Could not look for forgotten runs: {}", notNow.getMessage());
        }
    }

    @Override
    public void add(RunId run) {
        scheduler.get().scheduleIfNotExists(new TaskInstance<Void>(NAME, run.toString()), clock.instant());
    }

    @Override
    public void wake(RunId run) {
        Thread.ofVirtual().name("wake-run-" + run).start(() -> {
            for (int i = 0; i < 100 && !timer.isShutdown(); i++) {
                try {
                    if (isQueuedNow(run)) {
                        scheduler.get().triggerCheckForDueExecutions();
                        return;
                    }
                } catch (TaskInstanceException | DataAccessException takenJustNow) {
                    LOG.debug("Run {} is being worked on", run);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        });
    }

    /** While it is being worked on, it can be brought forward only afterwards. */
    private boolean isQueuedNow(RunId run) {
        TaskInstanceId id = TaskInstanceId.of(NAME, run.toString());
        Optional<ScheduledExecution<Object>> there = scheduler.get().getScheduledExecution(id);
        if (there.isEmpty()) {
            return scheduler.get().scheduleIfNotExists(new TaskInstance<Void>(NAME, run.toString()), clock.instant());
        }
        if (there.get().isPicked()) {
            return false;
        }
        return !there.get().getExecutionTime().isAfter(clock.instant())
                || scheduler.get().reschedule(id, clock.instant());
    }

    /** The queue is polled every other second; a wait that ends earlier wakes it. */
    private void lookAt(Instant when) {
        long millis = Math.max(Duration.between(clock.instant(), when).toMillis(), 0) + 5;
        if (millis < 60_000 && !timer.isShutdown()) {
            timer.schedule(() -> scheduler.get().triggerCheckForDueExecutions(), millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
