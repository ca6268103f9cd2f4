package dev.rackhouse.runbook;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.CrashPoints.Point;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays a runbook through everything that may go wrong, on a pretend world: each step plain and twice, a refusal and a failed proof
 * at each step followed by the undo, an answer lost at each step, and the death of the console at each crash point, forward and
 * during the undo, after which a fresh executor goes on with the same database. The world's counters and its digest decide: nothing
 * may happen twice, and what is undone must be as it was.
 *
 * <p>Blocks; one thread at a time.
 */
public final class Rehearsal {

    /** The pretend world that is acted on, and its clock. */
    public interface World {

        Machines machines();

        /** The world's clock; the engine goes by it. */
        Clock clock();

        /** Lets time pass in the world. */
        void pass(Duration time);

        /** Makes everything as it was at the beginning, counters at zero. */
        void restore();

        /** How often each thing has been changed since {@link #restore}, by a name of the world's own. */
        Map<String, Integer> effects();

        /** What the world looks like; equal texts mean equal in every byte that counts. */
        String digest();

        /** The same without what is born at random when something is made again: MAC addresses, generated ids. */
        default String shape() {
            return digest();
        }
    }

    /** What became of one play. */
    public enum Result {
        /** Done, with each effect once and the same world as after the plain run. */
        PROVED,
        /** Undone, and the world as it was before. */
        RESTORED,
        BROKEN
    }

    /**
     * One line of the outcome.
     *
     * @param step from 1; 0: the whole run
     * @param why empty unless broken
     */
    public record Line(int step, String title, String fault, Result result, String why) {
        @Override
        public String toString() {
            return "%3s  %-48s  %-34s  %s%s"
                    .formatted(
                            step == 0 ? "" : step,
                            title.length() > 48 ? title.substring(0, 45) + "..." : title,
                            fault,
                            result.name().toLowerCase(java.util.Locale.ROOT),
                            why.isEmpty() ? "" : ": " + why);
        }
    }

    /** All lines. */
    public record Outcome(List<Line> lines) {
        public int count(Result result) {
            return (int) lines.stream().filter(line -> line.result() == result).count();
        }

        @Override
        public String toString() {
            return "%d proved, %d restored, %d broken"
                    .formatted(count(Result.PROVED), count(Result.RESTORED), count(Result.BROKEN));
        }
    }

    /** The console dies. */
    private static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    private record At(int step, int part) {}

    private static final Operator OPERATOR = Operator.console();
    private static final int PATIENCE = 5_000;

    private final World world;
    private final Judges judges;
    private final JdbcTemplate template;
    private final RunJournal journal;
    private final RunSecrets secrets;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Runs runs;
    private final JdbcTransactionManager transactions;
    private final boolean eachAlone;

    /**
     * @param source an empty database with all migrations applied
     * @param conditions contributed beside the generic ones
     * @param eachAlone also what can be played at all steps of one run is played at one step a run: slower, tells more when broken
     */
    public Rehearsal(
            DataSource source,
            World world,
            Runbook<?> runbook,
            Collection<NamedCondition> conditions,
            boolean eachAlone) {
        this.world = world;
        this.eachAlone = eachAlone;
        this.judges = new Judges(conditions);
        this.template = new JdbcTemplate(source);
        this.transactions = new JdbcTransactionManager(source);
        JdbcClient jdbc = JdbcClient.create(template);
        this.secrets = new RunSecrets(jdbc, new Secrets(MasterKey.random()));
        this.journal = new RunJournal(template, transactions, json, world.clock());
        RunReader reader = new RunReader(jdbc, json, new RunbookShelf(List.of(runbook)));
        this.runs = new JdbcRuns(
                jdbc,
                transactions,
                json,
                reader,
                secrets,
                judges,
                new Nobody(),
                (_, _, _, _) -> {},
                _ -> {},
                world.clock());
    }

    /** The rehearsal itself drives the executor. */
    private record Nobody() implements RunQueue {
        @Override
        public void add(RunId run) {}

        @Override
        public void wake(RunId run) {}
    }

    /** Plays everything; each line is handed on as soon as it is known. */
    public <P> Outcome play(Runbook<P> runbook, P plan, Consumer<Line> heard) {
        return new Play<>(runbook, plan, heard).all();
    }

    /**
     * Something of the world's own that goes wrong during a run: the run must fail and, by its undo, leave everything as it was.
     *
     * @param step the key of the step before which it strikes; empty: before the run
     * @param strike makes it go wrong
     * @param heal ends it; called when the undo cannot go on meanwhile, which is then asked for again
     * @param says what the reason of the failure must tell
     */
    public record Mishap(String what, String step, Runnable strike, Runnable heal, String says) {}

    /** Plays one mishap. */
    public <P> Outcome play(Runbook<P> runbook, P plan, Mishap mishap, Consumer<Line> heard) {
        return new Play<>(runbook, plan, heard).mishap(mishap);
    }

    /** One runbook with one plan. */
    private final class Play<P> {
        private final Runbook<P> runbook;
        private final P plan;
        private final Outline outline;
        private final Consumer<Line> heard;
        private final List<Line> lines = new ArrayList<>();
        private String before = "";
        private String after = "";
        private Map<String, Integer> once = Map.of();
        private Map<String, Integer> onceAndBack = Map.of();

        Play(Runbook<P> runbook, P plan, Consumer<Line> heard) {
            this.runbook = runbook;
            this.plan = plan;
            this.outline = runbook.outline(plan);
            this.heard = heard;
        }

        Outcome all() {
            if (!plain()) {
                return new Outcome(lines);
            }
            List<At> changing = acts(true);
            everywhere("each step twice", changing, this::twice);
            everywhere("answer lost", changing, at -> lost(at));
            for (At at : changing) {
                undoAfter(
                        "refused",
                        at,
                        Point.BEFORE_SEND,
                        () -> new RemoteFailure.Refused(
                                "play this step", "the rehearsal", "refused on purpose", "Nothing to do.", 500, false));
            }
            for (At at : acts(false)) {
                undoAfter(
                        "proof fails",
                        at,
                        Point.PROVING,
                        () -> new RemoteFailure.Untrusted(
                                "play this proof", "the rehearsal", "another key", "a key of the rehearsal"));
            }
            for (Point point : Point.values()) {
                everywhere(
                        "killed: " + point.words(),
                        point == Point.PROVING ? acts(false) : changing,
                        at -> killed(point, at));
            }
            for (Point point : List.of(Point.BEFORE_SEND, Point.SENT_NOT_STORED, Point.STORED)) {
                killedInUndo(point);
            }
            return new Outcome(lines);
        }

        Outcome mishap(Mishap mishap) {
            try {
                world.restore();
                before = world.digest();
                int struckAt = step(mishap.step());
                if (struckAt == 0) {
                    mishap.strike().run();
                }
                RunId run = start();
                boolean[] struck = {struckAt == 0};
                RunDetails ended = drive(run, (point, _, step, part) -> {
                    if (!struck[0]
                            && step == struckAt
                            && part == 0
                            && (point == Point.BEFORE_SEND || point == Point.PROVING)) {
                        struck[0] = true;
                        mishap.strike().run();
                    }
                });
                String reason = ended.summary().message();
                if (ended.summary().state() == RunState.UNDO_STOPPED
                        || ended.summary().state() == RunState.STOPPED) {
                    mishap.heal().run();
                    runs.ask(run, RunAction.UNDO, OPERATOR, "");
                    ended = drive(run, CrashPoints.none());
                    reason = ended.summary().message() + " (healed after: " + reason + ")";
                }
                mishap.heal().run();
                if (reason.contains(mishap.says())) {
                    restored(0, mishap.what(), ended);
                    heard.accept(new Line(0, outline.title(), mishap.what() + " said", Result.RESTORED, reason));
                } else {
                    line(0, mishap.what(), Result.BROKEN, "it says '" + reason + "', not '" + mishap.says() + "'");
                }
            } catch (RuntimeException | Error broken) {
                mishap.heal().run();
                line(0, mishap.what(), Result.BROKEN, String.valueOf(broken));
            }
            return new Outcome(lines);
        }

        /** From 1; 0 for no step. */
        private int step(String key) {
            if (key.isEmpty()) {
                return 0;
            }
            for (int step = 1; step <= outline.steps().size(); step++) {
                if (outline.steps().get(step - 1).key().equals(key)) {
                    return step;
                }
            }
            throw new IllegalArgumentException("no step has the key " + key);
        }

        private boolean plain() {
            world.restore();
            before = world.digest();
            try {
                RunId run = start();
                RunDetails done = drive(run, CrashPoints.none());
                after = world.shape();
                once = Map.copyOf(world.effects());
                String doneWhy = done.summary().state() == RunState.DONE ? "" : stopped(done);
                for (RunDetails.RunStep step : done.steps()) {
                    boolean well = step.state() == StepState.DONE || step.state() == StepState.ALREADY_DONE;
                    line(step.number(), "plain", well ? Result.PROVED : Result.BROKEN, well ? "" : step.note());
                }
                if (!doneWhy.isEmpty()) {
                    return false;
                }
                runs.ask(run, RunAction.UNDO, OPERATOR, "");
                RunDetails undone = drive(run, CrashPoints.none());
                onceAndBack = Map.copyOf(world.effects());
                restored(0, "undo of the whole run", undone);
                return true;
            } catch (RuntimeException | Error broken) {
                line(0, "plain", Result.BROKEN, String.valueOf(broken));
                return false;
            }
        }

        /** Plays a fault at all steps of one run; only when that is not clean, step by step, to say where. */
        private void everywhere(String fault, List<At> places, java.util.function.Function<Set<At>, String> play) {
            if (!eachAlone
                    && !places.isEmpty()
                    && outcomeOf(play, new HashSet<>(places)).isEmpty()) {
                places.forEach(at -> line(at.step(), fault, Result.PROVED, ""));
                return;
            }
            for (At at : places) {
                String why = outcomeOf(play, Set.of(at));
                line(at.step(), fault, why.isEmpty() ? Result.PROVED : Result.BROKEN, why);
            }
        }

        private String outcomeOf(java.util.function.Function<Set<At>, String> play, Set<At> places) {
            try {
                world.restore();
                return play.apply(places);
            } catch (RuntimeException | Error broken) {
                return String.valueOf(broken);
            }
        }

        private String twice(Set<At> places) {
            RunId run = start();
            Set<At> left = new HashSet<>(places);
            RunDetails done = driveThroughKills(
                    run,
                    (point, id, step, part) -> {
                        if (point == Point.STORED && ended(id, step, part) && left.remove(new At(step, part))) {
                            throw new Killed();
                        }
                    },
                    () -> template.update(
                            "update run_act set phase = 'NEW', attempt = attempt + 1 where run = ? and part = 0 and phase = 'DONE'"
                                    + " and step = (select max(step) from run_act where run = ? and part = 0 and phase = 'DONE' and touched)",
                            run.value(),
                            run.value()));
            return doneSame(done, false);
        }

        private String lost(Set<At> places) {
            RunId run = start();
            Set<At> left = new HashSet<>(places);
            RunDetails done = drive(run, (point, _, step, part) -> {
                if (point == Point.SENT_NOT_STORED && left.remove(new At(step, part))) {
                    throw new RemoteFailure.TimedOut(
                            "play this step", "the rehearsal", "answer lost on purpose", "Nothing to do.", null);
                }
            });
            return doneSame(done, true);
        }

        private String killed(Point at, Set<At> places) {
            RunId run = start();
            Set<At> left = new HashSet<>(places);
            RunDetails done = driveThroughKills(run, kill(at, left), () -> {});
            return doneSame(done, true);
        }

        private void undoAfter(String fault, At at, Point point, Supplier<RemoteFailure> failure) {
            try {
                world.restore();
                RunId run = start();
                Set<At> struck = new HashSet<>();
                RunDetails stopped = drive(run, (here, _, step, part) -> {
                    if (here == point && step == at.step() && part == 0) {
                        struck.add(at);
                        throw failure.get();
                    }
                });
                if (struck.isEmpty()) { // it was so already, and nothing was sent that could fail
                    String why = doneSame(stopped, true);
                    line(at.step(), fault, why.isEmpty() ? Result.PROVED : Result.BROKEN, why);
                    return;
                }
                if (stopped.summary().state() == RunState.STOPPED) {
                    runs.ask(run, RunAction.UNDO, OPERATOR, "");
                    stopped = drive(run, CrashPoints.none());
                }
                restored(at.step(), fault, stopped);
            } catch (RuntimeException | Error broken) {
                line(at.step(), fault, Result.BROKEN, String.valueOf(broken));
            }
        }

        private void killedInUndo(Point at) {
            String fault = "killed in undo: " + at.words();
            try {
                world.restore();
                RunId run = start();
                drive(run, CrashPoints.none());
                runs.ask(run, RunAction.UNDO, OPERATOR, "");
                Set<At> left = new HashSet<>();
                for (int step = 1; step <= outline.steps().size(); step++) {
                    for (int part = 1;
                            part <= outline.steps().get(step - 1).undo().size();
                            part++) {
                        left.add(new At(step, part));
                    }
                }
                RunDetails undone = driveThroughKills(run, kill(at, left), () -> {});
                if (world.effects().equals(onceAndBack)) {
                    restored(0, fault, undone);
                } else {
                    line(0, fault, Result.BROKEN, "effects " + difference(onceAndBack, world.effects()));
                }
            } catch (RuntimeException | Error broken) {
                line(0, fault, Result.BROKEN, String.valueOf(broken));
            }
        }

        private CrashPoints kill(Point at, Set<At> left) {
            return (point, _, step, part) -> {
                if (point == at && left.remove(new At(step, part))) {
                    throw new Killed();
                }
            };
        }

        private boolean ended(RunId run, int step, int part) {
            return journal.acts(run).stream().anyMatch(a -> a.step == step && a.part == part && a.phase.ended());
        }

        private List<At> acts(boolean changing) {
            List<At> acts = new ArrayList<>();
            for (int step = 1; step <= outline.steps().size(); step++) {
                Step planned = outline.steps().get(step - 1);
                boolean proves = planned.confirm() != null || planned.command() instanceof Command.Wait;
                if (changing ? planned.command().changes() : proves) {
                    acts.add(new At(step, 0));
                }
            }
            return acts;
        }

        private String doneSame(RunDetails run, boolean once) {
            if (run.summary().state() != RunState.DONE) {
                return stopped(run);
            }
            if (once && !world.effects().equals(this.once)) {
                return "effects " + difference(this.once, world.effects());
            }
            String digest = world.shape();
            return digest.equals(after)
                    ? ""
                    : "another world than after the plain run: " + firstDifference(after, digest);
        }

        private void restored(int step, String fault, RunDetails run) {
            if (run.summary().state() != RunState.UNDONE) {
                line(step, fault, Result.BROKEN, stopped(run));
                return;
            }
            String digest = world.digest();
            line(
                    step,
                    fault,
                    digest.equals(before) ? Result.RESTORED : Result.BROKEN,
                    digest.equals(before) ? "" : "not as before: " + firstDifference(before, digest));
        }

        /**
         * Each play is the first run of an empty database, with one mark: what bears the run's number on the machines is then the same
         * in all of them, and worlds can be compared.
         */
        private RunId start() {
            template.execute("truncate table run restart identity cascade");
            return switch (runs.start(runbook, plan, OPERATOR, "rehearsal")) {
                case Start.Started(RunId run) -> {
                    template.update("update run set mark = 'rehearse' where id = ?", run.value());
                    yield run;
                }
                case Start.Held held -> throw new IllegalStateException(held.sentence());
            };
        }

        private void line(int step, String fault, Result result, String why) {
            String title =
                    step == 0 ? outline.title() : outline.steps().get(step - 1).title();
            Line line = new Line(step, title, fault, result, why);
            lines.add(line);
            heard.accept(line);
        }
    }

    private RunDetails driveThroughKills(RunId run, CrashPoints crashes, Runnable betweenLives) {
        for (int life = 0; life < 500; life++) {
            try {
                return drive(run, crashes);
            } catch (Killed killed) {
                betweenLives.run();
            }
        }
        throw new IllegalStateException("the console was killed 500 times and the run is not at its end");
    }

    /** A fresh console each time: nothing is kept but the database. */
    private RunDetails drive(RunId run, CrashPoints crashes) {
        RunExecutor console = new RunExecutor(
                "rehearsal", journal, secrets, world.machines(), judges, crashes, (_, _) -> {}, world.clock());
        for (int i = 0; i < PATIENCE; i++) {
            if (console.proceed(run) instanceof RunExecutor.Next.At(Instant when)) {
                Duration wait = Duration.between(world.clock().instant(), when);
                world.pass(wait.isNegative() ? Duration.ZERO : wait);
                continue;
            }
            RunDetails rested = runs.get(run);
            if (rested.summary().state() != RunState.NEEDS_APPROVAL) {
                return rested;
            }
            runs.ask(run, RunAction.APPROVE, OPERATOR, "rehearsal");
        }
        throw new IllegalStateException(
                "the run does not come to an end: " + runs.get(run).summary().message());
    }

    private static String stopped(RunDetails run) {
        return run.summary().state().word() + ": " + run.summary().message();
    }

    private static String difference(Map<String, Integer> expected, Map<String, Integer> found) {
        Set<String> names = new java.util.TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        List<String> parts = new ArrayList<>();
        for (String name : names) {
            int e = expected.getOrDefault(name, 0);
            int f = found.getOrDefault(name, 0);
            if (e != f) {
                parts.add(name + " " + f + " times, not " + e);
            }
        }
        return String.join(", ", parts);
    }

    private static String firstDifference(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        int from = Math.max(0, i - 40);
        return "'" + Redaction.oneLine(a.substring(from, Math.min(a.length(), i + 60))) + "' was, '"
                + Redaction.oneLine(b.substring(from, Math.min(b.length(), i + 60))) + "' is";
    }
}
