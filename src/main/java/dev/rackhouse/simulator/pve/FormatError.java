package dev.rackhouse.simulator.pve;

/** A value does not have the format asked for. The text ends with its line end, as the server's own do. */
final class FormatError extends Exception {
    private static final long serialVersionUID = 1L;

    FormatError(String text) {
        super(text, null, false, false);
    }

    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
