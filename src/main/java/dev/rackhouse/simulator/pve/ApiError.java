package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal of the API: HTTP status, text, and for parameter errors one text per parameter. The first line of the text
 * becomes the reason phrase.
 */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> errors;
    private final boolean bare;

    private ApiError(int status, String message, Map<String, String> errors, boolean bare) {
        super(message, null, false, false);
        this.status = status;
        this.errors = new LinkedHashMap<>(errors);
        this.bare = bare;
    }

    /** What the server's code dies of: 500. The text has no line end. */
    static ApiError died(String message) {
        return new ApiError(500, message, Map.of(), false);
    }

    /** An exception with a status of its own. */
    static ApiError of(int status, String message) {
        return new ApiError(status, message, Map.of(), false);
    }

    /** A refusal without any body (401, 59x). */
    static ApiError bare(int status, String reason) {
        return new ApiError(status, reason, Map.of(), true);
    }

    static ApiError parameters(Map<String, String> errors) {
        return new ApiError(400, "Parameter verification failed.", errors, false);
    }

    static ApiError parameter(String name, String text) {
        return parameters(Map.of(name, text));
    }

    static ApiError forbidden(String detail) {
        return new ApiError(
                403,
                detail.isEmpty() ? "Permission check failed" : "Permission check failed (" + detail + ")",
                Map.of(),
                false);
    }

    int status() {
        return status;
    }

    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    Map<String, String> errors() {
        return errors;
    }

    boolean isBare() {
        return bare;
    }
}
