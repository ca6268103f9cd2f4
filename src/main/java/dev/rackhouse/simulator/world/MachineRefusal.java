package dev.rackhouse.simulator.world;

import java.util.List;

/**
 * A machine could not do what Proxmox asked of it. The message becomes the exit status of the task; the lines go to its
 * log before that.
 */
public final class MachineRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> log;

    public MachineRefusal(String message) {
        this(message, List.of());
    }

    public MachineRefusal(String message, List<String> log) {
        super(message);
        this.log = List.copyOf(log);
    }

    /** Lines for the task log, without line ends. */
    public List<String> log() {
        return log;
    }
}
