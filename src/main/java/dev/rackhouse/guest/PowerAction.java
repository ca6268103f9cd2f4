package dev.rackhouse.guest;

/** What can be done with the power of a guest. */
public enum PowerAction {
    START("start", "Start"),
    SHUTDOWN("shutdown", "Shut down"),
    STOP("stop", "Stop");

    private final String path;
    private final String verb;

    PowerAction(String path, String verb) {
        this.path = path;
        this.verb = verb;
    }

    String path() {
        return path;
    }

    /** As it stands on buttons: {@code Shut down}. */
    public String verb() {
        return verb;
    }
}
