package dev.rackhouse.proxmox;

import java.util.List;

/** How a task ended. */
public sealed interface TaskOutcome {

    /** {@code OK}. */
    record Succeeded() implements TaskOutcome {}

    /** {@code WARNINGS: n}: done, and the log has warnings worth showing. */
    record Warned(int warnings, List<String> logTail) implements TaskOutcome {}

    /**
     * Anything else.
     *
     * @param text the exit text
     * @param logTail the last lines of the log, where the reason often stands
     */
    record Failed(String text, List<String> logTail) implements TaskOutcome {}

    /** Nobody knows: the worker vanished, or its file was rotated away. */
    record Lost(String text) implements TaskOutcome {}
}
