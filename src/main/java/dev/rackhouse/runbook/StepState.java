package dev.rackhouse.runbook;

/** How a step stands, for the screen. */
public enum StepState {
    PENDING("not started"),
    RUNNING("running"),
    WAITING("waiting"),
    NEEDS_APPROVAL("needs approval"),
    DONE("done"),
    ALREADY_DONE("was so already"),
    FAILED("failed"),
    UNDOING("undoing"),
    UNDONE("undone"),
    UNDO_FAILED("undo failed");

    private final String word;

    StepState(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
