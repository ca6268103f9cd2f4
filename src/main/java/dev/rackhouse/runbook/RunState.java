package dev.rackhouse.runbook;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Where a run stands.
 *
 * <pre>
 * RUNNING        -&gt; NEEDS_APPROVAL, STOPPED, UNDOING, DONE
 * NEEDS_APPROVAL -&gt; RUNNING (approved), STOPPED (cancelled)
 * STOPPED        -&gt; RUNNING (retry), UNDOING, LEFT      a step failed or a person cancelled
 * UNDOING        -&gt; UNDONE, UNDO_STOPPED
 * UNDO_STOPPED   -&gt; UNDOING, LEFT
 * DONE           -&gt; UNDOING                              while its locks are free
 * UNDONE, LEFT                                           the end
 * </pre>
 */
public enum RunState {
    RUNNING("running"),
    NEEDS_APPROVAL("needs approval"),
    STOPPED("stopped"),
    UNDOING("undoing"),
    UNDO_STOPPED("undo stopped"),
    DONE("done"),
    UNDONE("undone"),
    LEFT("left as it is");

    private final String word;

    RunState(String word) {
        this.word = word;
    }

    /** As shown. */
    public String word() {
        return word;
    }

    /** Nothing more happens by itself, and its locks are free. */
    public boolean finished() {
        return this == DONE || this == UNDONE || this == LEFT;
    }

    /** The executor has something to do. */
    public boolean active() {
        return this == RUNNING || this == UNDOING;
    }

    /** What a person may ask for now; the same table for the button and for the service. */
    public Set<RunAction> allows() {
        return switch (this) {
            case RUNNING, UNDOING -> EnumSet.of(RunAction.CANCEL);
            case NEEDS_APPROVAL -> EnumSet.of(RunAction.APPROVE, RunAction.CANCEL);
            case STOPPED -> EnumSet.of(RunAction.RETRY, RunAction.UNDO, RunAction.LEAVE);
            case UNDO_STOPPED -> EnumSet.of(RunAction.UNDO, RunAction.LEAVE);
            case DONE -> EnumSet.of(RunAction.UNDO);
            case UNDONE, LEFT -> EnumSet.noneOf(RunAction.class);
        };
    }

    static RunState parse(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
