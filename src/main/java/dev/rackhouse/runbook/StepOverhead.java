package dev.rackhouse.runbook;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.LabId;
import dev.rackhouse.runbook.Command.ApiCall;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Measures what the engine adds to a step: a run whose machine answers at once, on a real database. For {@code bench}. */
public final class StepOverhead {

    /**
     * @param median of one step, over all steps
     * @param slowest the step that took longest
     */
    public record Measured(int steps, Duration median, Duration slowest) {}

    private StepOverhead() {}

    /**
     * Executes one run of so many steps, each a check, an effect and a proof.
     *
     * @param source a database with all migrations applied; the run stays in it
     */
    public static Measured measure(DataSource source, int steps) {
        JsonMapper json = JsonMapper.builder().build();
        JdbcTemplate template = new JdbcTemplate(source);
        JdbcTransactionManager transactions = new JdbcTransactionManager(source);
        JdbcClient jdbc = JdbcClient.create(template);
        Clock clock = Clock.systemUTC();
        Judges judges = new Judges(List.of());
        RunJournal journal = new RunJournal(template, transactions, json, clock);
        RunSecrets secrets = new RunSecrets(jdbc, new Secrets(MasterKey.random()));
        Ready ready = new Ready(steps);
        JdbcRuns runs = new JdbcRuns(
                jdbc,
                transactions,
                json,
                new RunReader(jdbc, json, new RunbookShelf(List.of(ready))),
                secrets,
                judges,
                new NoQueue(),
                (_, _, _, _) -> {},
                _ -> {},
                clock);
        if (!(runs.start(ready, "bench", Operator.console(), "bench") instanceof Start.Started(RunId run))) {
            throw new IllegalStateException("Nothing is locked by a bench");
        }
        List<Long> stored = new ArrayList<>();
        RunExecutor executor = new RunExecutor(
                "bench",
                journal,
                secrets,
                new AnswersAtOnce(),
                judges,
                (point, _, _, _) -> {
                    if (point == CrashPoints.Point.BEFORE_SEND) {
                        stored.add(System.nanoTime());
                    }
                },
                (_, _) -> {},
                clock);
        executor.proceed(run);
        List<Long> took = new ArrayList<>();
        for (int i = 1; i < stored.size(); i++) {
            took.add(stored.get(i) - stored.get(i - 1));
        }
        Collections.sort(took);
        return new Measured(
                stored.size(), Duration.ofNanos(took.get(took.size() / 2)), Duration.ofNanos(took.getLast()));
    }

    private record NoQueue() implements RunQueue {
        @Override
        public void add(RunId run) {}

        @Override
        public void wake(RunId run) {}
    }

    private record Ready(int steps) implements Runbook<String> {
        @Override
        public String name() {
            return "bench";
        }

        @Override
        public String title() {
            return "Bench";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Class<String> plan() {
            return String.class;
        }

        @Override
        public Outline outline(String plan) {
            LabId lab = LabId.random();
            Outline outline = Outline.titled("Bench");
            for (int i = 1; i <= steps; i++) {
                outline = outline.step(
                                "Step " + i,
                                ApiCall.put(lab, "/nodes/bench/qemu/100/config").with("name", "x" + i))
                        .confirm(Check.that(ApiCall.get(lab, "/version"), Conditions.succeeded()), Duration.ZERO);
            }
            return outline;
        }
    }

    private static final class AnswersAtOnce implements Machines {
        @Override
        public Answer call(ApiCall call) {
            return Answer.api(200, "null");
        }

        @Override
        public Answer call(Command.ServiceCall call, GuestKeys keys) {
            return Answer.service(200, "{}");
        }

        @Override
        public Answer run(Host host, String commandLine, String stdin, Duration timeout, GuestKeys keys) {
            return Answer.shell(0, "", "");
        }

        @Override
        public @Nullable String read(Host host, String path, GuestKeys keys) {
            return null;
        }

        @Override
        public void write(Host host, String path, String content, String owner, String mode, GuestKeys keys) {}

        @Override
        public void writeInPlace(Host host, String path, String line, GuestKeys keys) {}

        @Override
        public void delete(Host host, String path, GuestKeys keys) {}

        @Override
        public String tokenUser(LabId lab) {
            return "bench@pve!bench";
        }

        @Override
        public String name(LabId lab) {
            return "bench";
        }
    }
}
