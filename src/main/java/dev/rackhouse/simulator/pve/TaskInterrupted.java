package dev.rackhouse.simulator.pve;

/** The task was stopped from outside. */
final class TaskInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskInterrupted() {
        super("received interrupt", null, false, false);
    }
}
