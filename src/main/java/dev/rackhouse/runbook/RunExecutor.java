package dev.rackhouse.runbook;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.ActState.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Carries one run on until it has ended, a person is needed, or it must wait. Holds nothing between two calls: everything is in the
 * journal, so that another executor, after a crash or on another console, goes on in its place. Safe for many threads as long as
 * each works on another run; when two meet on one run, the earlier one is fenced off at its next write.
 */
final class RunExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(RunExecutor.class);

    /** What comes next. */
    sealed interface Next {
        /** Look again then. */
        record At(Instant when) implements Next {}

        /** Nothing happens by itself any more: a person is asked, or the run has ended. */
        record Rest() implements Next {}

        /** Another executor has taken the run: it is no longer ours to say anything about. */
        record Overtaken() implements Next {}
    }

    private final String name;
    private final RunJournal journal;
    private final RunSecrets secrets;
    private final ActRunner.Engine engine;
    private final BiConsumer<RunWork, RunState> finished;
    private final Clock clock;

    /** @param finished told after the commit, with the state in which the run has ended */
    RunExecutor(
            String name,
            RunJournal journal,
            RunSecrets secrets,
            Machines machines,
            Judges judges,
            CrashPoints crashes,
            BiConsumer<RunWork, RunState> finished,
            Clock clock) {
        this.name = name;
        this.journal = journal;
        this.secrets = secrets;
        this.engine = new ActRunner.Engine(
                machines, new Looking(machines, judges), new TaskFollower(machines, journal), crashes);
        this.finished = finished;
        this.clock = clock;
    }

    /** Works on the run for as long as there is something to do at once. Blocks while machines are asked. */
    Next proceed(RunId run) {
        RunWork work = journal.take(run, name)
                .map(stored -> new RunWork(stored, secrets.of(stored.id()), journal, engine.machines(), clock))
                .orElse(null);
        if (work == null) {
            return new Next.Rest();
        }
        try {
            return carryOn(work);
        } catch (RunJournal.Fenced fenced) {
            LOG.info("{}", fenced.getMessage());
            return new Next.Overtaken();
        }
    }

    private Next carryOn(RunWork work) {
        while (work.state.active()) {
            Optional<Next> next = work.state == RunState.RUNNING ? forward(work) : backward(work);
            if (next.isPresent()) {
                return next.get();
            }
        }
        return new Next.Rest();
    }

    private Optional<Next> forward(RunWork work) {
        ActState act = work.acts.stream()
                .filter(a -> a.part == 0 && !a.phase.ended())
                .min(Comparator.comparingInt((ActState a) -> a.step))
                .orElse(null);
        if (act == null) {
            end(work, RunState.DONE, "");
            return Optional.empty();
        }
        if (cancelled(work, act, RunState.STOPPED)) {
            return Optional.of(new Next.Rest());
        }
        ActSpec spec = ActSpec.of(work.outline, act.step, 0);
        return switch (advance(work, spec, act)) {
            case StepOutcome.Waiting(Instant until, String what) -> waiting(work, act, until, what);
            case StepOutcome.NeedsApproval(String question) -> {
                work.log(act.step, "run", "Needs approval: " + question);
                yield rest(work, act, RunState.NEEDS_APPROVAL, question);
            }
            case StepOutcome.Failed(String reason, boolean _) -> {
                work.log(act.step, "run", "Failed: " + reason);
                if (work.outline.undoOnFailure()) {
                    work.state = RunState.UNDOING;
                    work.message = reason;
                    work.save(act);
                    yield Optional.empty();
                }
                yield rest(work, act, RunState.STOPPED, reason);
            }
            case StepOutcome.Done _, StepOutcome.AlreadyDone _, StepOutcome.Undone _ -> ended(work, act);
        };
    }

    private Optional<Next> backward(RunWork work) {
        List<ActState> forwards = work.acts.stream()
                .filter(a -> a.part == 0 && a.touched)
                .sorted(Comparator.comparingInt((ActState a) -> a.step).reversed())
                .toList();
        for (ActState forward : forwards) {
            List<ActState> undos = work.acts.stream()
                    .filter(a -> a.step == forward.step && a.part > 0 && !a.phase.ended())
                    .toList();
            if (undos.isEmpty()) {
                continue;
            }
            if (undos.getFirst().attempt == 0) {
                ActSpec spec = ActSpec.of(work.outline, forward.step, 0);
                StepOutcome.Waiting first = new ActRunner(engine, work, spec, forward).settle();
                if (first != null) {
                    return waiting(work, forward, first.until(), first.what());
                }
            }
            return undo(work, undos.getFirst());
        }
        end(work, RunState.UNDONE, cause(work));
        return Optional.empty();
    }

    /** Why it is being undone; empty: because somebody asked. */
    private static String cause(RunWork work) {
        return work.acts.stream()
                .filter(a -> a.part == 0 && a.phase == Phase.FAILED)
                .map(a -> a.note)
                .findFirst()
                .orElse("");
    }

    private Optional<Next> undo(RunWork work, ActState act) {
        if (cancelled(work, act, RunState.UNDO_STOPPED)) {
            return Optional.of(new Next.Rest());
        }
        ActSpec spec = ActSpec.of(work.outline, act.step, act.part);
        return switch (advance(work, spec, act)) {
            case StepOutcome.Waiting(Instant until, String what) -> waiting(work, act, until, what);
            case StepOutcome.NeedsApproval _ -> throw new IllegalStateException("An undo asks no questions");
            case StepOutcome.Failed(String reason, boolean _) -> {
                work.log(act.step, "run", "Undo failed: " + reason);
                ActState other = inPlaceOf(work, act);
                if (other != null) {
                    String because = work.outline
                            .steps()
                            .get(act.step - 1)
                            .undo()
                            .get(act.part)
                            .ifLastFails();
                    work.log(act.step, "run", "Another way is taken: " + because);
                    act.end(Phase.SKIPPED, work.now(), reason);
                    yield ended(work, act);
                }
                yield rest(work, act, RunState.UNDO_STOPPED, reason);
            }
            case StepOutcome.Undone(String note) -> {
                work.log(act.step, "run", spec.title() + ": " + note);
                yield undone(work, act);
            }
            case StepOutcome.Done _, StepOutcome.AlreadyDone _ -> undone(work, act);
        };
    }

    /** What would have taken its place is not needed. */
    private Optional<Next> undone(RunWork work, ActState act) {
        ActState other = inPlaceOf(work, act);
        if (other != null) {
            other.end(Phase.SKIPPED, work.now(), "not needed");
            work.save(other);
        }
        return ended(work, act);
    }

    /** The undo that is done when this one fails; null: none, or it is settled already. */
    private static @Nullable ActState inPlaceOf(RunWork work, ActState act) {
        List<Undo> undos = work.outline.steps().get(act.step - 1).undo();
        if (act.part >= undos.size() || undos.get(act.part).ifLastFails() == null) {
            return null;
        }
        return work.acts.stream()
                .filter(a -> a.step == act.step && a.part == act.part + 1 && !a.phase.ended())
                .findFirst()
                .orElse(null);
    }

    /** A mistake of ours must not leave a run hanging: it stops there and says so. */
    private StepOutcome advance(RunWork work, ActSpec spec, ActState act) {
        try {
            return new ActRunner(engine, work, spec, act).advance();
        } catch (RunJournal.Fenced | DataAccessException | TransactionException | CancellationException later) {
            // overtaken, no database, or this console is being stopped: whoever takes the run next looks up what
            // happened
            throw later;
        } catch (RuntimeException ours) {
            LOG.error("Run {} step {}: the console failed", work.id, act.step, ours);
            String reason = "The console itself failed here (" + ours.getClass().getSimpleName() + ": "
                    + work.redaction.line(String.valueOf(ours.getMessage())) + "). Its log has the details.";
            act.fail(work.now(), reason, act.phase == Phase.FAILED || act.phase.ended() ? Phase.NEW : act.phase);
            return new StepOutcome.Failed(reason, true);
        }
    }

    private Optional<Next> ended(RunWork work, ActState act) {
        work.message = "";
        work.save(act);
        if (act.touched) {
            engine.crashes().at(CrashPoints.Point.STORED, work.id, act.step, act.part);
        }
        return Optional.empty();
    }

    private Optional<Next> waiting(RunWork work, ActState act, Instant until, String what) {
        work.message = what;
        work.save(act);
        return Optional.of(new Next.At(until));
    }

    private Optional<Next> rest(RunWork work, ActState act, RunState state, String message) {
        work.state = state;
        work.message = message;
        work.save(act);
        return Optional.of(new Next.Rest());
    }

    /** Honoured where nothing is under way: before something is sent, or while only looking. */
    private boolean cancelled(RunWork work, ActState act, RunState stopped) {
        String by = journal.cancelAsked(work.id);
        if (by.isEmpty() || act.phase == Phase.SENDING || act.phase == Phase.SENT) {
            return false;
        }
        if (act.phase == Phase.CONFIRMING) {
            act.fail(work.now(), "Cancelled by " + by + " before it was proved", Phase.CONFIRMING);
        }
        work.log(act.step, "run", "Cancelled by " + by);
        rest(work, act, stopped, "Cancelled by " + by);
        return true;
    }

    private void end(RunWork work, RunState state, String message) {
        work.state = state;
        work.message = state == RunState.UNDONE && !message.isEmpty() ? "Undone after: " + message : message;
        work.log(0, "run", state == RunState.DONE ? "Done" : "Undone");
        work.save(null);
        tidy(work, state);
        finished.accept(work, state);
    }

    /** Removes the folders that the scripts of this run left; what cannot be reached keeps them, they are small and bear our name. */
    private void tidy(RunWork work, RunState state) {
        Set<Host> hosts = new HashSet<>();
        for (ActState act : work.acts) {
            Command command = ActSpec.of(work.outline, act.step, act.part).command();
            if (act.touched
                    && command instanceof Command.Shell shell
                    && host(work, shell) instanceof Host host
                    && (state == RunState.DONE || host instanceof Host.Node)) {
                hosts.add(host);
            }
        }
        for (Host host : hosts) {
            try {
                engine.machines()
                        .run(
                                host,
                                ShellStep.removeCommand(work.id + "-" + work.mark),
                                "",
                                Duration.ofSeconds(20),
                                work);
            } catch (RemoteFailure notNow) {
                LOG.info("Run {}: its step folders stay on {}: {}", work.id, host.label(), notNow.getMessage());
            }
        }
    }

    private static @Nullable Host host(RunWork work, Command.Shell shell) {
        try {
            return ((Command.Shell) work.placeholders().fill(shell)).host();
        } catch (Placeholders.Unbound neverReached) {
            return null;
        }
    }
}
