package dev.rackhouse.runbook;

import static dev.rackhouse.runbook.EngineTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Consoles with threads of their own, sharing one database. */
class RunSchedulingTest {

    @TempDir
    Path root;

    @TempDir
    Path data;

    private EngineTestBed bed;
    private final List<Console> consoles = new ArrayList<>();

    @BeforeEach
    void makeTheBed() throws Exception {
        Files.createDirectories(root.resolve("etc"));
        bed = new EngineTestBed(root, Clock.systemUTC());
        bed.node.taskTime = Duration.ofSeconds(1);
    }

    @AfterEach
    void stopAll() {
        consoles.forEach(Console::stop);
    }

    private final class Console {
        final AtomicReference<Scheduler> scheduler = new AtomicReference<>();
        final RunScheduling queue = new RunScheduling(scheduler::get, JdbcClient.create(bed.template), bed.time);
        final Runs runs = bed.runs(queue);

        Console(String name, CrashPoints crashes) {
            RunExecutor executor = bed.console(name, crashes);
            Task<Void> task = queue.task(() -> executor);
            scheduler.set(Scheduler.create(new TransactionAwareDataSourceProxy(bed.source), task)
                    .schedulerName(new SchedulerName.Fixed(name))
                    .heartbeatInterval(Duration.ofSeconds(1))
                    .missedHeartbeatsLimit(4)
                    .pollingInterval(Duration.ofMillis(500))
                    .pollUsingLockAndFetch(0.5, 1.0)
                    .enableImmediateExecution()
                    .shutdownMaxWait(Duration.ofSeconds(1))
                    .build());
            scheduler.get().start();
            consoles.add(this);
        }

        void stop() {
            queue.close();
            scheduler.get().stop();
        }
    }

    @Test
    void aRunGoesThroughByItselfAndUndoOnRequest() throws Exception {
        Console console = new Console("one", CrashPoints.none());
        RunId run = started(console.runs.start(bed.runbook(bed.everything()), new EngineTestBed.Plan("x"), ADA, ""));

        await(run, RunState.DONE);
        assertThat(console.runs.ask(run, RunAction.UNDO, ADA, "")).isInstanceOf(Runs.Asked.Accepted.class);
        await(run, RunState.UNDONE);

        assertThat(bed.node.vms).isEmpty();
    }

    @Test
    void cancelReachesARunThatIsWaiting() throws Exception {
        Console console = new Console("one", CrashPoints.none());
        Outline waits = Outline.titled("Wait")
                .confirm(
                        "It comes",
                        Check.that(bed.get("/nodes/caraxes/qemu/1000/config"), Conditions.succeeded()),
                        Duration.ofMinutes(5));
        RunId run = started(console.runs.start(bed.runbook(waits), new EngineTestBed.Plan("x"), ADA, ""));
        awaitTrue(() -> !bed.node.calls.isEmpty());

        Instant asked = Instant.now();
        console.runs.ask(run, RunAction.CANCEL, ADA, "");
        await(run, RunState.STOPPED);

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void anotherConsoleTakesOverFromOneThatHangsAndTheLateOneWritesNothing() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> late = new ConcurrentLinkedQueue<>();
        Console hanging = new Console("hangs", (point, _, step, _) -> {
            if (point == CrashPoints.Point.SENT_NOT_STORED && step == 2) {
                try {
                    goOn.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                late.add("woke");
            }
        });
        RunId run = started(hanging.runs.start(bed.runbook(bed.everything()), new EngineTestBed.Plan("x"), ADA, ""));
        awaitTrue(() -> bed.node.effects.containsKey("qmcreate"));

        // its lease runs out: as after a long stop of the machine
        bed.template.update(
                "update scheduled_tasks set last_heartbeat = now() - interval '1 minute', picked_by = 'gone'");
        new Console("takes over", CrashPoints.none());
        await(run, RunState.DONE);
        goOn.countDown();
        awaitTrue(() -> !late.isEmpty());

        assertThat(bed.node.effects.values()).containsOnly(1);
        assertThat(bed.runs().get(run).summary().state()).isEqualTo(RunState.DONE);
    }

    @Test
    void aConsoleThatStartsFreesTheLeasesOfItsDeadPredecessor() throws Exception {
        JdbcClient jdbc = JdbcClient.create(bed.template);
        Instance first = Instance.claim(data, bed.source, jdbc);
        bed.template.update(
                "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)"
                        + " values ('run', '1', now(), true, ?, now(), 1)",
                first.name());

        Instance beside = Instance.claim(data, bed.source, jdbc);
        assertThat(beside.name()).isNotEqualTo(first.name()).startsWith(first.name());
        assertThat(picked()).isTrue();
        first.close();
        Instance next = Instance.claim(data, bed.source, jdbc);

        assertThat(next.name()).isEqualTo(first.name());
        assertThat(picked()).isFalse();
        next.close();
    }

    @Test
    void listenersHearOfEachWrite() throws Exception {
        try (RunFeed feed = new RunFeed(bed.source).start()) {
            RunId run = bed.start(bed.mapping());
            ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
            RunFeed.Registration registration = feed.on(run, () -> heard.add("x"));
            RunExecutor console = bed.console(CrashPoints.none());
            awaitTrue(() -> {
                bed.template.query("select pg_notify('rackhouse_run', '" + run + "')", _ -> {});
                return !heard.isEmpty();
            });
            heard.clear();

            console.proceed(run);

            awaitTrue(() -> heard.size() >= 2);
            registration.close();
        }
    }

    private boolean picked() {
        return Boolean.TRUE.equals(bed.template.queryForObject(
                "select picked from scheduled_tasks where task_instance = '1'", Boolean.class));
    }

    private static RunId started(Start start) {
        return ((Start.Started) start).run();
    }

    private void await(RunId run, RunState state) {
        awaitTrue(() -> bed.runs().get(run).summary().state() == state);
    }

    private static void awaitTrue(java.util.function.BooleanSupplier so) {
        Instant deadline = Instant.now().plusSeconds(40);
        while (!so.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
