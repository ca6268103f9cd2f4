package dev.rackhouse.runbook.ui;

import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.StepState;

/** How states of runs and steps look: the only place that knows. */
final class RunBadges {

    private RunBadges() {}

    static String look(RunState state) {
        return switch (state) {
            case RUNNING, UNDOING -> "running";
            case NEEDS_APPROVAL -> "attention";
            case STOPPED, UNDO_STOPPED -> "critical";
            case DONE -> "ok";
            case UNDONE, LEFT -> "off";
        };
    }

    static StatusBadge of(RunState state) {
        return StatusBadge.of(look(state), state.word());
    }

    static StatusBadge of(StepState state) {
        String look = switch (state) {
            case PENDING, UNDONE -> "off";
            case RUNNING, UNDOING -> "running";
            case WAITING -> "waiting";
            case NEEDS_APPROVAL -> "attention";
            case DONE, ALREADY_DONE -> "ok";
            case FAILED, UNDO_FAILED -> "critical";
        };
        return StatusBadge.of(look, state.word());
    }
}
