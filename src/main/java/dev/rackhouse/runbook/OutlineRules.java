package dev.rackhouse.runbook;

import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Command.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an outline must have so that it can be resumed after a crash at any point. Scripts and file edits can always be looked up;
 * an API call that changes something can be when it starts a known kind of task, or when {@code unless} or {@code confirm} tells
 * whether it happened.
 */
public final class OutlineRules {

    private OutlineRules() {}

    /** What is wrong; empty: it can be executed. */
    public static List<String> problems(Outline outline, Set<String> knownConditions) {
        List<String> problems = new ArrayList<>();
        if (outline.steps().isEmpty()) {
            problems.add("There is no step.");
        }
        Set<String> keys = new TreeSet<>();
        for (Step step : outline.steps()) {
            if (!keys.add(step.key())) {
                problems.add("The key '" + step.key() + "' stands twice.");
            }
            if (!canBeLookedUp(step.command(), step.unless(), step.confirm())) {
                problems.add("Step '" + step.title()
                        + "' cannot tell after a crash whether it has been done: give it unless or confirm.");
            }
            for (Undo undo : step.undo()) {
                if (!canBeLookedUp(undo.command(), undo.unless(), undo.confirm()) && undo.onlyIf() == null) {
                    problems.add(
                            "'" + undo.title()
                                    + "' cannot tell after a crash whether it has been done: give it onlyIf, unless or confirm.");
                }
            }
            for (Check check : Placeholders.checksOf(step)) {
                for (Condition condition : check.all()) {
                    if (!knownConditions.contains(condition.name())) {
                        problems.add("Step '" + step.title() + "' asks for the unknown condition '" + condition.name()
                                + "'.");
                    }
                }
            }
        }
        return problems;
    }

    private static boolean canBeLookedUp(Command command, @Nullable Check unless, @Nullable Proof confirm) {
        return switch (command) {
            case Wait _, Pause _, Shell _, FileEdit _ -> true;
            case SysfsWrite _ -> unless != null || confirm != null;
            case ServiceCall call -> !call.changes() || unless != null || confirm != null;
            case ApiCall call ->
                !call.changes()
                        || unless != null
                        || confirm != null
                        || TaskTrace.of(call).isPresent();
        };
    }
}
