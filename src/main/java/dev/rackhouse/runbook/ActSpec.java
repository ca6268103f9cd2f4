package dev.rackhouse.runbook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One effect as it was planned: a step's own command or one of its undos. Both go the same way.
 *
 * @param step from 1
 * @param part 0: the step's command; from 1: its undos
 */
record ActSpec(
        int step,
        int part,
        String title,
        Command command,
        @Nullable Check onlyIf,
        @Nullable Check unless,
        @Nullable Proof confirm,
        RetryPolicy retry,
        @Nullable String question,
        Duration limit,
        List<Binding> binds) {

    static ActSpec of(Outline outline, int step, int part) {
        Step s = outline.steps().get(step - 1);
        if (part == 0) {
            return new ActSpec(
                    step,
                    0,
                    s.title(),
                    s.command(),
                    null,
                    s.unless(),
                    s.confirm(),
                    s.retry(),
                    s.question(),
                    s.limit(),
                    s.binds());
        }
        Undo u = s.undo().get(part - 1);
        return new ActSpec(
                step,
                part,
                u.title(),
                u.command(),
                u.onlyIf(),
                u.unless(),
                u.confirm(),
                u.retry(),
                null,
                u.limit(),
                List.of());
    }

    /** How its evidence is named: {@code confirm}, {@code undo 1 guard}. */
    String named(String part) {
        return this.part == 0 ? part : "undo " + this.part + (part.equals("command") ? "" : " " + part);
    }
}
