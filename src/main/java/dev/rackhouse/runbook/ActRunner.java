package dev.rackhouse.runbook;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.Upid;
import dev.rackhouse.runbook.ActState.Phase;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Command.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries one effect on: looks whether it is needed, stores the intent, sends, follows, proves. Whatever was interrupted is looked
 * up before it is repeated. Blocks only while a machine is asked; longer waits are returned as {@link StepOutcome.Waiting}.
 */
final class ActRunner {

    private static final Duration QUICK = Duration.ofSeconds(60);
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    /** Whether something happened is asked that often, whatever the policy says about doing it again. */
    private static final int LOOK_UPS = 6;

    private final Engine engine;
    private final RunWork work;
    private final ActSpec spec;
    private final ActState act;
    /** Nothing of this effect has left before. */
    private boolean first;

    /** What acting needs. */
    record Engine(Machines machines, Looking looking, TaskFollower tasks, CrashPoints crashes) {}

    ActRunner(Engine engine, RunWork work, ActSpec spec, ActState act) {
        this.engine = engine;
        this.work = work;
        this.spec = spec;
        this.act = act;
    }

    /** Goes on until it has ended, failed, or must wait. The caller stores what the state has become. */
    StepOutcome advance() {
        Instant now = work.now();
        if (act.notBefore != null && now.isBefore(act.notBefore)) {
            return new StepOutcome.Waiting(act.notBefore, act.note);
        }
        act.notBefore = null;
        try {
            return switch (act.phase) {
                case NEW -> begin();
                case SENDING -> lookUp();
                case SENT -> follow();
                case CONFIRMING -> prove();
                case DONE, ALREADY, SKIPPED, FAILED ->
                    throw new IllegalStateException("Step " + spec.step() + " has ended: " + act.phase);
            };
        } catch (RemoteFailure failure) {
            return troubled(failure);
        } catch (Placeholders.Unbound unbound) {
            return failed(String.valueOf(unbound.getMessage()), act.phase, true);
        }
    }

    private StepOutcome begin() {
        act.begin(work.now());
        if (spec.onlyIf() != null) {
            Judgement guard = engine.looking().look(work, spec, act, spec.onlyIf(), "guard");
            if (guard.standing() == Judgement.Standing.UNKNOWN) {
                return unknown("whether it is ours to undo", guard);
            }
            if (!guard.holds()) {
                return skipped(guard.because());
            }
        }
        if (spec.unless() != null) {
            Judgement isSo = engine.looking().look(work, spec, act, spec.unless(), "unless");
            if (isSo.standing() == Judgement.Standing.UNKNOWN) {
                return unknown("whether it is so already", isSo);
            }
            if (isSo.holds()) {
                return already(isSo.because());
            }
        }
        if (spec.question() != null && !act.approved) {
            return new StepOutcome.NeedsApproval(work.placeholders().text(spec.question()));
        }
        return switch (spec.command()) {
            case Wait _ -> {
                act.confirming(work.now());
                yield prove();
            }
            case Pause pause -> pause(pause);
            case ApiCall _, ServiceCall _, Shell _, FileEdit _, SysfsWrite _ -> {
                first = !act.touched;
                act.intend(work.now());
                yield dispatch(true);
            }
        };
    }

    private StepOutcome pause(Pause pause) {
        Instant until = ActState.later(act.beganAt, pause.time(), work.now());
        return work.now().isBefore(until) ? new StepOutcome.Waiting(until, pause.what()) : done("");
    }

    /** Sends. The intent is in the journal first, with the literal command. */
    private StepOutcome dispatch(boolean storeIntent) {
        Command command = work.placeholders().fill(spec.command());
        EvidenceDraft draft = work.evidence(spec, act, "command", command, false);
        if (storeIntent) {
            work.save(act);
        }
        crash(CrashPoints.Point.BEFORE_SEND);
        try {
            return switch (command) {
                case ApiCall call -> sendCall(call, draft);
                case ServiceCall call -> sendRequest(call, draft);
                case Shell shell -> sendScript(shell, draft);
                case FileEdit edit -> sendFile(edit, draft);
                case SysfsWrite write -> sendValue(write, draft);
                case Wait _, Pause _ -> throw new IllegalStateException("Nothing to send: " + command);
            };
        } catch (RemoteFailure failure) {
            work.failed(draft, failure);
            throw failure;
        }
    }

    private StepOutcome sendCall(ApiCall call, EvidenceDraft draft) {
        Answer answer = engine.machines().call(call);
        crash(CrashPoints.Point.SENT_NOT_STORED);
        work.answered(draft, answer);
        List<String> missing = work.bind(spec.step(), spec.binds(), answer);
        Optional<Upid> upid = answer.textAt("").flatMap(Upid::find);
        if (upid.isPresent()) {
            draft.upid = upid.get().text();
            act.sent(work.now(), upid.get().text());
            work.save(act);
            crash(CrashPoints.Point.STORED);
            return missing.isEmpty() ? follow() : failed("The answer does not give " + missing, Phase.SENT, true);
        }
        return missing.isEmpty()
                ? effectIsThere("")
                : failed("The answer does not give " + String.join(", ", missing), Phase.SENDING, true);
    }

    /** A refusal below 500 has changed nothing; after anything else it is looked up whether it happened. */
    private StepOutcome sendRequest(ServiceCall call, EvidenceDraft draft) {
        Answer answer = engine.machines().call(call, work);
        crash(CrashPoints.Point.SENT_NOT_STORED);
        work.answered(draft, answer);
        if (!answer.succeeded()) {
            if (answer.status() >= 500) {
                return failed(GenericConditions.said(answer), Phase.SENDING, false);
            }
            act.refused(first);
            return failed(GenericConditions.said(answer), Phase.NEW, true);
        }
        List<String> missing = work.bind(spec.step(), spec.binds(), answer);
        return missing.isEmpty()
                ? effectIsThere("")
                : failed("The answer does not give " + String.join(", ", missing), Phase.SENDING, true);
    }

    private StepOutcome sendScript(Shell shell, EvidenceDraft draft) {
        Answer started = engine.machines()
                .run(shell.host(), script().startCommand(shell.timeout()), shell.script(), QUICK, work);
        crash(CrashPoints.Point.SENT_NOT_STORED);
        if (!started.succeeded()) {
            work.answered(draft, started);
            act.refused(first);
            return failed("The script could not be started: " + GenericConditions.said(started), Phase.NEW, false);
        }
        act.sent(work.now(), null);
        work.save(act);
        crash(CrashPoints.Point.STORED);
        return follow();
    }

    private StepOutcome sendFile(FileEdit edit, EvidenceDraft draft) {
        String there = engine.machines().read(edit.host(), edit.path(), work);
        if (java.util.Objects.equals(there, edit.after())) {
            work.answered(draft, Answer.file(there));
            act.touched = !first;
            return effectIsThere("it held that already");
        }
        if (!java.util.Objects.equals(there, edit.before())) {
            act.refused(first);
            work.answered(draft, Answer.file(there));
            return failed(
                    edit.path() + " is not as it was when this was planned; somebody has changed it since.",
                    Phase.NEW,
                    true);
        }
        if (edit.after() == null) {
            engine.machines().delete(edit.host(), edit.path(), work);
        } else {
            engine.machines().write(edit.host(), edit.path(), edit.after(), edit.owner(), edit.mode(), work);
        }
        crash(CrashPoints.Point.SENT_NOT_STORED);
        work.answered(draft, Answer.file(edit.after()));
        return effectIsThere("");
    }

    private StepOutcome sendValue(SysfsWrite write, EvidenceDraft draft) {
        engine.machines().writeInPlace(write.host(), write.path(), write.value(), work);
        crash(CrashPoints.Point.SENT_NOT_STORED);
        work.answered(draft, Answer.file(write.value()));
        return effectIsThere("");
    }

    /** The intent is stored, the answer is not: did it happen? Scripts and file edits find out by themselves. */
    private StepOutcome lookUp() {
        if (spec.command() instanceof Shell || spec.command() instanceof FileEdit) {
            return dispatch(false);
        }
        Optional<Upid> task = Optional.empty();
        if (spec.command() instanceof ApiCall planned) {
            task = engine.tasks()
                    .find(work, spec, act, (ApiCall) work.placeholders().fill(planned));
        }
        if (task.isPresent()) {
            work.log(spec.step(), "run", "Found the task that had been started: " + task.get());
            EvidenceDraft draft =
                    work.evidence(spec, act, "command", work.placeholders().fill(spec.command()), false);
            draft.upid = task.get().text();
            act.sent(work.now(), task.get().text());
            work.save(act);
            return follow();
        }
        Check tells = spec.unless() != null
                ? spec.unless()
                : spec.confirm() != null ? spec.confirm().check() : null;
        if (tells != null) {
            Judgement isSo = engine.looking().look(work, spec, act, tells, "look up");
            if (isSo.standing() == Judgement.Standing.UNKNOWN) {
                return unknown("whether it happened", isSo);
            }
            if (isSo.holds()) {
                return effectIsThere("found done: " + isSo.because());
            }
        } else if (spec.onlyIf() != null) {
            Judgement stillThere = engine.looking().look(work, spec, act, spec.onlyIf(), "look up");
            if (stillThere.standing() == Judgement.Standing.UNKNOWN) {
                return unknown("whether it happened", stillThere);
            }
            if (!stillThere.holds()) {
                return effectIsThere("found done: " + stillThere.because());
            }
        }
        if (act.failures >= spec.retry().attempts()) {
            return failed(act.note + " It was looked up: it has not happened.", Phase.NEW, false);
        }
        work.log(spec.step(), "run", "It has not happened; sending it again");
        return dispatch(false);
    }

    private StepOutcome follow() {
        return act.upid != null ? followTask(Upid.parse(act.upid)) : followScript();
    }

    private StepOutcome followTask(Upid upid) {
        ApiCall call = (ApiCall) spec.command();
        return switch (engine.tasks().look(work, spec, act, call.lab(), upid)) {
            case TaskFollower.Standing.Running _ -> stillGoing("task " + upid.type() + " is running");
            case TaskFollower.Standing.Ended(int warnings) ->
                effectIsThere(
                        warnings == 0
                                ? ""
                                : warnings + (warnings == 1 ? " warning" : " warnings") + " in the log of the task");
            case TaskFollower.Standing.Failed(String text, boolean temporary) ->
                anewOr(
                        temporary,
                        "The task " + upid.type() + " on " + upid.node() + " ended with: " + work.redaction.line(text));
            case TaskFollower.Standing.Unknown(String text) ->
                failed("The node does not know the task any more: " + work.redaction.line(text), Phase.SENDING, true);
        };
    }

    private StepOutcome followScript() {
        Shell shell = (Shell) work.placeholders().fill(spec.command());
        Shell look = new Shell(shell.host(), script().lookCommand(act.logAt), QUICK);
        Answer answer = engine.machines().run(look.host(), look.script(), "", QUICK, work);
        ShellStep.Look seen = ShellStep.parse(answer);
        if (seen == null) {
            return failed(
                    "The host's answer about the script cannot be read: " + GenericConditions.said(answer),
                    Phase.SENT,
                    false);
        }
        return switch (seen.standing()) {
            case RUNNING -> {
                int bytes = ShellStep.wholeLines(seen.output());
                copyOutput(seen.output(), bytes);
                act.logAt += bytes;
                yield stillGoing("the script is running on " + shell.host().label());
            }
            case DONE -> scriptEnded(shell, seen);
            case ABSENT -> notBegun(shell);
            case LOST -> interrupted(shell);
        };
    }

    /** A script that asks for a reboot may be ended by it. Where the step can tell whether it is done, that decides. */
    private StepOutcome interrupted(Shell shell) {
        if (spec.unless() != null) {
            Judgement isSo = engine.looking().look(work, spec, act, spec.unless(), "look up");
            if (isSo.standing() == Judgement.Standing.UNKNOWN) {
                return unknown("whether it happened", isSo);
            }
            if (isSo.holds()) {
                return effectIsThere("found done: " + isSo.because());
            }
        }
        return failed(
                "The script was interrupted on " + shell.host().label()
                        + ": its process is gone and left no exit code. Look at the host before going on.",
                Phase.NEW,
                true);
    }

    /** Handed over, but it does not run yet. After some seconds it is handed over once more, which is harmless. */
    private StepOutcome notBegun(Shell shell) {
        Instant now = work.now();
        if (!now.isBefore(ActState.later(act.sentAt, spec.limit(), now))) {
            return failed("The script does not start on " + shell.host().label() + ".", Phase.SENDING, false);
        }
        act.polls++;
        if (act.polls % 5 == 0) {
            act.phase = Phase.SENDING;
        }
        return new StepOutcome.Waiting(
                now.plusSeconds(1),
                "the script is being started on " + shell.host().label());
    }

    private StepOutcome scriptEnded(Shell shell, ShellStep.Look seen) {
        int code = seen.exitCode() == null ? 255 : seen.exitCode();
        byte[] all = seen.output().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int known = (int) Math.min(act.logAt, all.length);
        copyOutput(
                new String(all, known, all.length - known, java.nio.charset.StandardCharsets.UTF_8), Integer.MAX_VALUE);
        copyOutput(seen.error(), Integer.MAX_VALUE);
        Answer answer = Answer.shell(code, seen.output(), seen.error());
        EvidenceDraft draft = work.evidence(spec, act, "result", shell, true);
        work.answered(draft, answer);
        if (code != 0) {
            String why = code == 124 ? "it ran past its " + CommandText.time(shell.timeout()) : lastLine(seen);
            return anewOr(
                    false,
                    "The script on " + shell.host().label() + " ended with exit code " + code
                            + (why.isBlank() ? "." : ": " + work.redaction.line(why)));
        }
        List<String> missing = work.bind(spec.step(), spec.binds(), answer);
        return missing.isEmpty()
                ? effectIsThere("")
                : failed("The output does not give " + String.join(", ", missing), Phase.SENT, true);
    }

    private void copyOutput(String text, int bytes) {
        String part = bytes >= text.length() ? text : text.substring(0, Math.max(text.lastIndexOf('\n'), 0));
        part.lines().limit(2000).forEach(line -> work.log(spec.step(), "output", line));
    }

    private static String lastLine(ShellStep.Look seen) {
        String from = seen.error().isBlank() ? seen.output() : seen.error();
        return from.strip().lines().reduce("", (_, last) -> last);
    }

    private StepOutcome stillGoing(String what) {
        Instant now = work.now();
        Instant end = ActState.later(act.sentAt, spec.limit(), now);
        if (!now.isBefore(end)) {
            return failed(
                    "After " + CommandText.time(spec.limit()) + " the " + what
                            + " still. Retry goes on waiting for it.",
                    Phase.SENT,
                    false);
        }
        act.polls++;
        act.note = what;
        return new StepOutcome.Waiting(now.plusSeconds(Math.min(5, (act.polls + 1) / 2)), what);
    }

    /** The effect is there: prove it, or be done. */
    private StepOutcome effectIsThere(String note) {
        act.note = note;
        if (spec.confirm() == null) {
            return done(note);
        }
        boolean synchronous = act.phase == Phase.SENDING;
        act.confirming(work.now());
        if (synchronous) {
            work.save(act);
            crash(CrashPoints.Point.STORED);
        }
        return prove();
    }

    private StepOutcome prove() {
        Proof proof = spec.command() instanceof Wait wait ? wait.until() : spec.confirm();
        if (proof == null) {
            return done(act.note);
        }
        Instant now = work.now();
        if (act.confirmSince == null) {
            act.confirmSince = now;
        }
        Instant end = act.confirmSince.plus(proof.within());
        Judgement judgement;
        try {
            crash(CrashPoints.Point.PROVING);
            judgement = engine.looking().look(work, spec, act, proof.check(), "confirm");
        } catch (RemoteFailure failure) {
            // a guest that is booting refuses keys and garbles answers too: only a foreign key is not waited for
            if (proof.within().isZero() || failure instanceof RemoteFailure.Untrusted) {
                throw failure;
            }
            judgement = Judgement.unknown(String.valueOf(failure.getMessage()));
        }
        if (judgement.holds()) {
            // a look has no effect to tell of: what stands there until now is why it came late
            boolean looks = spec.command() instanceof Wait;
            return done(joined(looks || act.note.startsWith("waiting") ? "" : act.note, judgement.because()));
        }
        String because = work.redaction.line(judgement.because());
        if (!now.isBefore(end)) {
            String what = proof.within().isZero()
                    ? "It is not so: "
                    : "Not so within " + CommandText.time(proof.within()) + ": ";
            return notSo(proof, what + because);
        }
        Optional<String> hopeless = hopeless(proof);
        if (hopeless.isPresent()) {
            return notSo(proof, hopeless.get() + " Last seen: " + lastWords(proof, because));
        }
        act.polls++;
        String what = proof.what();
        return new StepOutcome.Waiting(
                now.plus(proof.every()).isAfter(end) ? end : now.plus(proof.every()), what == null ? because : what);
    }

    /** Why it ended may have been written between the two looks, so that it is looked at once more. */
    private String lastWords(Proof proof, String before) {
        try {
            Judgement last = engine.looking().look(work, spec, act, proof.check(), "confirm");
            return last.holds() ? before : work.redaction.line(last.because());
        } catch (RemoteFailure notNow) {
            return before;
        }
    }

    /** It is waited for no longer. */
    private StepOutcome notSo(Proof proof, String reason) {
        return proof.otherwise() != null
                ? done(reason + ". " + proof.otherwise())
                : failed(reason, spec.unless() != null ? Phase.NEW : Phase.CONFIRMING, true);
    }

    /** What must stay so while it is waited for is not so any more. */
    private Optional<String> hopeless(Proof proof) {
        if (proof.meanwhile() == null) {
            return Optional.empty();
        }
        try {
            Judgement stays = engine.looking().look(work, spec, act, proof.meanwhile(), "meanwhile");
            return stays.standing() == Judgement.Standing.FAILS
                    ? Optional.of("It is waited for in vain: " + work.redaction.line(stays.because()) + ".")
                    : Optional.empty();
        } catch (RemoteFailure notNow) {
            return Optional.empty();
        }
    }

    private StepOutcome already(String because) {
        act.note = because;
        if (spec.confirm() != null) {
            act.confirming(work.now());
            StepOutcome proved = prove();
            return proved instanceof StepOutcome.Done done && !act.touched
                    ? new StepOutcome.AlreadyDone(done.note())
                    : proved;
        }
        act.end(act.touched ? Phase.DONE : Phase.ALREADY, work.now(), work.redaction.line(because));
        return act.touched ? new StepOutcome.Done(act.note) : new StepOutcome.AlreadyDone(act.note);
    }

    private StepOutcome skipped(String because) {
        String note = "Left alone: " + work.redaction.line(because);
        act.end(Phase.SKIPPED, work.now(), note);
        return new StepOutcome.Undone(note);
    }

    private StepOutcome done(String note) {
        act.end(Phase.DONE, work.now(), work.redaction.line(note));
        return new StepOutcome.Done(act.note);
    }

    private StepOutcome failed(String reason, Phase resume, boolean permanent) {
        act.fail(work.now(), reason, resume);
        return new StepOutcome.Failed(reason, permanent);
    }

    /** What was sent has failed for certain: another attempt when it may pass and the policy allows. */
    private StepOutcome anewOr(boolean temporary, String reason) {
        if (temporary && act.failures + 1 < spec.retry().attempts()) {
            Instant when = work.now().plus(spec.retry().pauseAfter(act.failures + 1));
            act.again(when, reason);
            act.anew();
            return new StepOutcome.Waiting(when, reason);
        }
        return failed(reason, Phase.NEW, !temporary);
    }

    private StepOutcome unknown(String what, Judgement judgement) {
        return againOr(true, "Cannot tell " + what + ": " + work.redaction.line(judgement.because()));
    }

    /** A machine could not be asked, or did not answer, or said no. */
    private StepOutcome troubled(RemoteFailure failure) {
        if (act.phase == Phase.SENDING && failure instanceof RemoteFailure.Refused refused && certain(refused)) {
            act.refused(first);
        } else if (act.phase == Phase.SENDING && failure instanceof RemoteFailure.Untrusted) {
            act.refused(first);
        }
        return againOr(failure.worthRetrying(), String.valueOf(failure.getMessage()), waitedFor());
    }

    /** What the step's proof waits for, where it says so: a machine that is silent meanwhile is what was to be expected. */
    private @Nullable String waitedFor() {
        Proof proof = spec.confirm();
        return act.touched && proof != null ? proof.what() : null;
    }

    /** 596 to 599: the answering node gave up on the node in the path, which may still do it (pve-api notes, section 1). */
    private static boolean certain(RemoteFailure.Refused refused) {
        return refused.status() < 596 || refused.status() > 599;
    }

    private StepOutcome againOr(boolean mayPass, String reason) {
        return againOr(mayPass, reason, null);
    }

    /** @param shown while it is tried again; null: the reason */
    private StepOutcome againOr(boolean mayPass, String reason, @Nullable String shown) {
        String line = work.redaction.line(reason);
        boolean following = act.phase == Phase.SENT;
        Instant now = work.now();
        boolean uncertain = act.phase == Phase.SENDING;
        boolean allowed = following
                ? now.isBefore(ActState.later(act.sentAt, spec.limit(), now))
                : act.failures + 1
                        < (uncertain
                                ? Math.max(spec.retry().attempts(), LOOK_UPS)
                                : spec.retry().attempts());
        if (mayPass && allowed) {
            Duration pause = following ? Duration.ofSeconds(5) : spec.retry().pauseAfter(act.failures + 1);
            Instant when = now.plus(pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause);
            act.again(when, shown == null ? line : shown);
            return new StepOutcome.Waiting(when, shown == null ? line : shown);
        }
        return failed(line, act.phase, !mayPass);
    }

    private ShellStep script() {
        String part = spec.part() == 0 ? "" : "u" + spec.part();
        return new ShellStep(
                work.id + "-" + work.mark + "." + spec.step() + part + (act.attempt > 1 ? "-" + act.attempt : ""));
    }

    private static String joined(String note, String because) {
        return note.isBlank() ? because : because.isBlank() ? note : note + "; " + because;
    }

    private void crash(CrashPoints.Point point) {
        engine.crashes().at(point, work.id, spec.step(), spec.part());
    }

    /** Before an undo: lets what is still under way come to its end. Null: nothing is. */
    StepOutcome.@Nullable Waiting settle() {
        if (!(spec.command() instanceof ApiCall planned) || act.phase.ended()) {
            return null;
        }
        try {
            if (act.upid == null
                    && act.intentAt != null
                    && (act.phase == Phase.SENDING || act.resume == Phase.SENDING)) {
                ApiCall call = (ApiCall) work.placeholders().fill(planned);
                engine.tasks().find(work, spec, act, call).ifPresent(upid -> act.upid = upid.text());
            }
            if (act.upid != null
                    && act.sentAt != null
                    && engine.tasks().look(work, spec, act, planned.lab(), Upid.parse(act.upid))
                            instanceof TaskFollower.Standing.Running
                    && work.now().isBefore(act.sentAt.plus(spec.limit().multipliedBy(2)))) {
                return new StepOutcome.Waiting(
                        work.now().plusSeconds(2), "before the undo: the task of this step is still running");
            }
        } catch (RemoteFailure notNow) {
            work.log(spec.step(), "run", "Could not look at the task of this step: " + notNow.getMessage());
        }
        return null;
    }
}
