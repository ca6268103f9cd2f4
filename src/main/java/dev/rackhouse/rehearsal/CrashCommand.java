package dev.rackhouse.rehearsal;

import com.zaxxer.hikari.HikariDataSource;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Passthrough;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.runbook.RunAction;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;

/**
 * {@code crash --kills N [--seed S]}: creates a passthrough VM and undoes it, again and again, and kills the console with SIGKILL at a random moment of
 * each half. It is started again and must go on by itself. The pretend lab's counters of effects decide whether anything
 * happened twice. Exit code 1 when something did, or when a run is left unfinished.
 */
public final class CrashCommand {

    /** What came of it. */
    public record Outcome(int kills, int inMidRun, int doubleEffects, int unfinished) {
        @Override
        public String toString() {
            return "%d kills, %d of them in mid-run: %d double effects, %d runs left unfinished"
                    .formatted(kills, inMidRun, doubleEffects, unfinished);
        }
    }

    private static final String SPEED = "20";
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Operator OPERATOR = new Operator("crash", Role.OPERATOR);

    private final Runs runs;
    private final Passthrough passthrough;
    private final PassthroughPlan plan;
    private final Control control;
    private final ConsoleProcess console;
    private final Random random;
    private int kills;
    private int inMidRun;
    private int doubleEffects;
    private int unfinished;

    private CrashCommand(
            Workbench workbench, PassthroughPlan plan, Control control, ConsoleProcess console, long seed) {
        this.runs = workbench.part(Runs.class);
        this.passthrough = workbench.part(Passthrough.class);
        this.plan = plan;
        this.control = control;
        this.console = console;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        int kills = number(words, "--kills", 3);
        long seed = number(words, "--seed", (int) (System.nanoTime() & 0xffff));
        Outcome outcome = play(kills, seed);
        System.out.println(outcome);
        System.exit(outcome.doubleEffects() == 0 && outcome.unfinished() == 0 ? 0 : 1);
    }

    private static int number(List<String> words, String option, int otherwise) {
        int at = words.indexOf(option);
        return at < 0 || at + 1 >= words.size() ? otherwise : Integer.parseInt(words.get(at + 1));
    }

    /** Plays with so many kills; blocks for about fifteen seconds each. */
    public static Outcome play(int kills, long seed) throws Exception {
        Path folder = Files.createTempDirectory("rackhouse-crash");
        Path data = folder.resolve("workbench");
        System.out.printf("seed %d, logs in %s%n", seed, folder);
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "targaryen", "--openid", "--speed", SPEED);
                Workbench workbench = Workbench.start(labs, data, Map.of())) {
            var node = workbench.awaitNode("caraxes");
            PassthroughPlan plan = workbench.planPassthrough(node, PciSlot.parse("0000:0e:00"));
            HikariDataSource database = (HikariDataSource) workbench.part(DataSource.class);
            Map<String, String> settings = Map.of(
                    "RACKHOUSE_DATABASE_URL", database.getJdbcUrl(),
                    "RACKHOUSE_DATABASE_USER", database.getUsername(),
                    "RACKHOUSE_DATABASE_PASSWORD", database.getPassword(),
                    "RACKHOUSE_MASTER_KEY_FILE", data.resolve("master.key").toString());
            try (ConsoleProcess console = ConsoleProcess.start("console", labs, folder.resolve("console"), settings)) {
                CrashCommand crash = new CrashCommand(workbench, plan, labs.control("targaryen"), console, seed);
                return crash.play(kills);
            }
        }
    }

    private Outcome play(int wanted) throws InterruptedException {
        long started = System.nanoTime();
        Map<String, Integer> before = control.effects();
        RunId first = create();
        Duration creating = Duration.ofNanos(System.nanoTime() - started);
        started = System.nanoTime();
        undo(first);
        Duration undoing = Duration.ofNanos(System.nanoTime() - started);
        Map<String, Integer> once = since(before);
        System.out.printf(
                "undisturbed: created in %.1f s, undone in %.1f s, %d effects%n",
                creating.toMillis() / 1000.0,
                undoing.toMillis() / 1000.0,
                once.values().stream().mapToInt(i -> i).sum());
        while (kills < wanted) {
            before = control.effects();
            RunId run = start();
            killWithin(creating, run);
            end(run, RunState.DONE);
            runs.ask(run, RunAction.UNDO, OPERATOR, "");
            if (kills < wanted) {
                killWithin(undoing, run);
            }
            end(run, RunState.UNDONE);
            compare(run, once, since(before));
        }
        return new Outcome(kills, inMidRun, doubleEffects, unfinished);
    }

    private RunId create() throws InterruptedException {
        RunId run = start();
        end(run, RunState.DONE);
        return run;
    }

    private void undo(RunId run) throws InterruptedException {
        runs.ask(run, RunAction.UNDO, OPERATOR, "");
        end(run, RunState.UNDONE);
    }

    private RunId start() {
        return switch (passthrough.start(plan, OPERATOR, "")) {
            case Start.Started(RunId run) -> run;
            case Start.Held held -> throw new IllegalStateException(held.sentence());
        };
    }

    private void killWithin(Duration usual, RunId run) throws InterruptedException {
        Thread.sleep((long) (usual.toMillis() * random.nextDouble()));
        RunDetails at = runs.get(run);
        boolean midRun = at.summary().state().active();
        String step = at.steps().stream()
                .filter(s -> s.startedAt() != null && s.finishedAt() == null)
                .map(RunDetails.RunStep::title)
                .findFirst()
                .orElse("between steps");
        console.kill();
        kills++;
        inMidRun += midRun ? 1 : 0;
        System.out.printf(
                "kill %2d  run %s %s: %s%n", kills, run, at.summary().state().word(), step);
        console.startAgain();
    }

    private void end(RunId run, RunState wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        RunState state = runs.get(run).summary().state();
        while (state != wanted && (state.active() || state == RunState.DONE) && System.nanoTime() < deadline) {
            Thread.sleep(100);
            state = runs.get(run).summary().state();
        }
        if (state != wanted) {
            unfinished++;
            System.out.printf(
                    "run %s is %s instead of %s: %s%n",
                    run, state.word(), wanted.word(), runs.get(run).summary());
        }
    }

    private void compare(RunId run, Map<String, Integer> once, Map<String, Integer> now) {
        now.forEach((effect, count) -> {
            int more = count - once.getOrDefault(effect, 0);
            if (more > 0) {
                doubleEffects += more;
                System.out.printf("run %s: %d times too often: %s%n", run, more, effect);
            }
        });
    }

    private Map<String, Integer> since(Map<String, Integer> before) {
        Map<String, Integer> now = control.effects();
        now.replaceAll((effect, count) -> count - before.getOrDefault(effect, 0));
        return now;
    }
}
