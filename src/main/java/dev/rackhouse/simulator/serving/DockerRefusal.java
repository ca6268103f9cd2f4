package dev.rackhouse.simulator.serving;

/** What the Docker daemon answers instead of doing it: a status of HTTP and a sentence. */
public final class DockerRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    DockerRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** The sentence, as the daemon says it. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
