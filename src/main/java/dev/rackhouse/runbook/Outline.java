package dev.rackhouse.runbook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The whole of an action as data, made from the plan alone: what the preview shows is what is stored and sent. Immutable; each
 * method gives a copy. {@link #undo}, {@link #unless}, {@link #confirm(Check, Duration)}, {@link #retry}, {@link #asks},
 * {@link #limit}, {@link #usually} and {@link #binding} speak of the step last added.
 *
 * <pre>{@code
 * return Outline.titled("Create %s on %s", plan.name(), plan.node())
 *     .locks(Locks.guest(ref), Locks.pci(node, slot))
 *     .check("The vmid is free", vmidIsFree)
 *     .step("Create the VM", create).unless(ours).undo(Undo.by("Delete the VM", delete).onlyIf(ours))
 *     .confirm("The guest answers", answers, Duration.ofMinutes(5));
 * }</pre>
 *
 * @param title what the operator sees: {@code Create llm-01 on caraxes}
 * @param target what it is done to, for the list of runs: {@code caraxes / 214}
 * @param locks held from start to end, each by one run at a time; see {@link Locks}
 * @param undoOnFailure whether a step that failed for good is followed by the undo at once, without asking
 * @param notes sentences shown with the plan: what will be so afterwards, what is interrupted meanwhile
 */
public record Outline(
        String title, String target, List<Step> steps, List<String> locks, boolean undoOnFailure, List<String> notes) {

    public Outline {
        steps = List.copyOf(steps);
        locks = List.copyOf(locks);
        notes = List.copyOf(notes);
    }

    /** @param format as {@link String#format} */
    public static Outline titled(String format, Object... arguments) {
        String title = arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments);
        return new Outline(title, "", List.of(), List.of(), false, List.of());
    }

    public Outline target(String what) {
        return new Outline(title, what, steps, locks, undoOnFailure, notes);
    }

    public Outline locks(String... names) {
        return new Outline(title, target, steps, plus(locks, Arrays.asList(names)), undoOnFailure, notes);
    }

    public Outline note(String sentence) {
        return new Outline(title, target, steps, locks, undoOnFailure, plus(notes, List.of(sentence)));
    }

    /** A step that failed for good is followed by the undo of what was done, without asking. */
    public Outline undoingOnFailure() {
        return new Outline(title, target, steps, locks, true, notes);
    }

    /** A step that only looks, once: when it is not so, the run stops here. Its bindings are how values are read. */
    public Outline check(String stepTitle, Check check) {
        return step(stepTitle, new Command.Wait(stepTitle, Proof.now(check))).retry(RetryPolicy.usual());
    }

    /** A step that looks until it is so, or the time is over. */
    public Outline confirm(String stepTitle, Check check, Duration within) {
        return step(stepTitle, new Command.Wait(stepTitle, Proof.within(within, check)))
                .retry(RetryPolicy.never());
    }

    /** A step; its key is made from the title and stays the same as long as the title does. */
    public Outline step(String stepTitle, Command command) {
        return step(keyOf(stepTitle), stepTitle, command);
    }

    /** A step whose title varies with the plan, under a key that does not. */
    public Outline step(String key, String stepTitle, Command command) {
        Set<String> taken = new HashSet<>(steps.stream().map(Step::key).toList());
        String unique = key;
        for (int i = 2; taken.contains(unique); i++) {
            unique = key + "-" + i;
        }
        return with(plus(steps, List.of(Step.of(unique, stepTitle, command))));
    }

    /** Nothing is sent when this holds already. */
    public Outline unless(Check isSo) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                isSo,
                s.confirm(),
                s.undo(),
                s.retry(),
                s.question(),
                s.limit(),
                s.expected(),
                s.binds()));
    }

    /** The proof of the last step; it waits that long for it. */
    public Outline confirm(Check isSo, Duration within) {
        return confirm(Proof.within(within, isSo));
    }

    public Outline confirm(Proof proof) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                proof,
                s.undo(),
                s.retry(),
                s.question(),
                s.limit(),
                s.expected(),
                s.binds()));
    }

    /** Adds to what undoes the last step. */
    public Outline undo(Undo... undos) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                plus(s.undo(), Arrays.asList(undos)),
                s.retry(),
                s.question(),
                s.limit(),
                s.expected(),
                s.binds()));
    }

    /** Undone by an edit back, without a guard of its own: a file edit refuses by itself what is not as it left it. */
    public Outline undo(Command.FileEdit edit) {
        return undo(Undo.by("Put " + edit.path() + " back", edit));
    }

    public Outline retry(RetryPolicy policy) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                s.undo(),
                policy,
                s.question(),
                s.limit(),
                s.expected(),
                s.binds()));
    }

    /** A person must approve before the last step sends anything. */
    public Outline asks(String question) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                s.undo(),
                s.retry(),
                question,
                s.limit(),
                s.expected(),
                s.binds()));
    }

    /** How long the command of the last step may take. */
    public Outline limit(Duration most) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                s.undo(),
                s.retry(),
                s.question(),
                most,
                s.expected(),
                s.binds()));
    }

    /** How long the last step usually takes; past runs overrule it. */
    public Outline usually(Duration expected) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                s.undo(),
                s.retry(),
                s.question(),
                s.limit(),
                expected,
                s.binds()));
    }

    /** Takes a value from the answer to the last step's own command. */
    public Outline binding(Binding binding) {
        return last(s -> new Step(
                s.key(),
                s.title(),
                s.command(),
                s.unless(),
                s.confirm(),
                s.undo(),
                s.retry(),
                s.question(),
                s.limit(),
                s.expected(),
                plus(s.binds(), List.of(binding))));
    }

    /** Puts the steps of another outline, with its locks and notes, after the ones here. */
    public Outline then(Outline other) {
        Outline all = new Outline(
                title,
                target,
                steps,
                plus(locks, other.locks),
                undoOnFailure || other.undoOnFailure,
                plus(notes, other.notes));
        for (Step step : other.steps) {
            Outline grown = all.step(step.key(), step.title(), step.command());
            String key = grown.steps.getLast().key();
            all = grown.last(_ -> new Step(
                    key,
                    step.title(),
                    step.command(),
                    step.unless(),
                    step.confirm(),
                    step.undo(),
                    step.retry(),
                    step.question(),
                    step.limit(),
                    step.expected(),
                    step.binds()));
        }
        return all;
    }

    /** Whether any step can be undone. */
    public boolean undoable() {
        return steps.stream().anyMatch(step -> !step.undo().isEmpty());
    }

    private Outline last(UnaryOperator<Step> change) {
        if (steps.isEmpty()) {
            throw new IllegalStateException("There is no step yet to speak of");
        }
        List<Step> changed = new ArrayList<>(steps);
        changed.set(changed.size() - 1, change.apply(changed.getLast()));
        return with(changed);
    }

    private Outline with(List<Step> changed) {
        return new Outline(title, target, changed, locks, undoOnFailure, notes);
    }

    private static <T> List<T> plus(List<T> list, List<T> more) {
        List<T> all = new ArrayList<>(list);
        all.addAll(more);
        return all;
    }

    private static String keyOf(String title) {
        String key =
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String bounded = key.length() > 60 ? key.substring(0, 60) : key;
        return bounded.isEmpty() ? "step" : bounded;
    }
}
