package dev.rackhouse.runbook;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list. Null and empty mean: any.
 *
 * @param text found in title, target, reason or operator, without regard to case
 */
public record RunFilter(
        Set<RunState> states,
        @Nullable String runbook,
        @Nullable String operator,
        @Nullable String target,
        @Nullable String text,
        @Nullable Instant from,
        @Nullable Instant to) {

    public RunFilter {
        states = Set.copyOf(states);
    }

    public static RunFilter all() {
        return new RunFilter(Set.of(), null, null, null, null, null, null);
    }

    public static RunFilter in(Set<RunState> states) {
        return new RunFilter(states, null, null, null, null, null, null);
    }

    /** Not ended yet: at work, or waiting for a person. */
    public static RunFilter open() {
        return in(Set.of(
                RunState.RUNNING, RunState.NEEDS_APPROVAL, RunState.STOPPED, RunState.UNDOING, RunState.UNDO_STOPPED));
    }

    public RunFilter target(String name) {
        return new RunFilter(states, runbook, operator, name, text, from, to);
    }
}
