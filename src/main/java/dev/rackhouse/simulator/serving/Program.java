package dev.rackhouse.simulator.serving;

import java.util.Map;

/** What runs in a container. It is started once and ends once. */
interface Program {
    /**
     * Runs to its end.
     *
     * @return exit code
     * @throws InterruptedException when it is killed
     */
    int run() throws InterruptedException;

    /** Asks it to end, as SIGTERM does. */
    void terminate();

    /** Frees what it holds, however it ended. */
    default void ended() {}

    /** What the control page shows of it. */
    default Map<String, Object> state() {
        return Map.of();
    }

    /** Its processes as {@code ps} shows them: number and command line. */
    default Map<Integer, String> processes() {
        return Map.of();
    }
}
