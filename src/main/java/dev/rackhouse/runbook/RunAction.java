package dev.rackhouse.runbook;

/** What a person can ask of a run. */
public enum RunAction {
    /** Go on from the step that stopped. */
    RETRY,
    /** Put back what was done, last first. */
    UNDO,
    /** End the run where it stands. */
    LEAVE,
    /** Stop as soon as the command that is under way has ended. */
    CANCEL,
    /** Let the step that asked go on. */
    APPROVE
}
