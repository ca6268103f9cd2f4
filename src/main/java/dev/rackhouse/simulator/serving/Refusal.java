package dev.rackhouse.simulator.serving;

/** Why an engine does not come up: what it prints, and its exit code. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    Refusal(int code, String printed) {
        super(printed);
        this.code = code;
    }

    int code() {
        return code;
    }

    String printed() {
        return String.valueOf(getMessage());
    }
}
