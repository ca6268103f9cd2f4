package dev.rackhouse.simulator.serving;

import java.util.List;
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

    /** What a command said that was run beside it. */
    record Executed(int code, String out, String err) {}

    /** Runs a command in its container, as {@code docker exec} does, to its end. */
    default Executed execute(List<String> words) throws InterruptedException {
        return new Executed(
                127,
                "",
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \""
                        + String.join(" ", words.subList(0, Math.min(1, words.size())))
                        + "\": executable file not found in $PATH\n");
    }

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
