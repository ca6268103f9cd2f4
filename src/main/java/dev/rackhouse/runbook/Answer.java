package dev.rackhouse.runbook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a machine answered to a command. No answer at all is a {@link dev.rackhouse.base.RemoteFailure}, not this.
 *
 * @param status HTTP status of an API or service call; exit code of a script; of a file 0 = there, 1 = absent
 * @param text the {@code data} of an API answer as JSON; a service's answer as it came; standard output; a file's content. Bounded at {@link #LIMIT} characters
 * @param error the message of a refusal; standard error
 * @param truncated whether text or error was cut
 */
public record Answer(Kind kind, int status, String text, String error, boolean truncated) {

    /** Which protocol answered. */
    public enum Kind {
        API,
        SERVICE,
        SHELL,
        FILE
    }

    /** At most so many characters of text and of error are kept in memory. */
    public static final int LIMIT = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Answer {
        truncated = truncated || text.length() > LIMIT || error.length() > LIMIT;
        text = text.length() > LIMIT ? text.substring(0, LIMIT) : text;
        error = error.length() > LIMIT ? error.substring(0, LIMIT) : error;
    }

    /** @param data the {@code data} part as JSON */
    public static Answer api(int status, String data) {
        return new Answer(Kind.API, status, data, "", false);
    }

    public static Answer refused(int status, String message) {
        return new Answer(Kind.API, status, "null", message, false);
    }

    /** @param body as it came; streams of Docker's logs are put together as text */
    public static Answer service(int status, String body) {
        return service(status, body, false);
    }

    /** @param truncated whether the body was longer */
    static Answer service(int status, String body, boolean truncated) {
        return new Answer(Kind.SERVICE, status, body, status < 400 ? "" : body, truncated);
    }

    public static Answer shell(int exitCode, String stdout, String stderr) {
        return new Answer(Kind.SHELL, exitCode, stdout, stderr, false);
    }

    public static Answer file(@Nullable String content) {
        return new Answer(Kind.FILE, content == null ? 1 : 0, content == null ? "" : content, "", false);
    }

    /** The machine did as it was told: status below 400, exit code 0, file there. */
    public boolean succeeded() {
        return switch (kind) {
            case API, SERVICE -> status >= 200 && status < 400;
            case SHELL, FILE -> status == 0;
        };
    }

    /**
     * Refused because the thing is not there. Proxmox answers 500 then, so the text decides (errors.json of 9.2: "does not exist",
     * "mapping 'x' not found", "no such").
     */
    public boolean saysAbsent() {
        if (kind == Kind.FILE) {
            return status != 0;
        }
        if (kind == Kind.SERVICE) {
            return status == 404;
        }
        String lower = error.toLowerCase(java.util.Locale.ROOT);
        return kind == Kind.API
                && !succeeded()
                && status >= 400
                && status != 401
                && status != 403
                && status < 590
                && (lower.contains("does not exist") || lower.contains("not found") || lower.contains("no such"));
    }

    /** The text read as JSON; empty when it is none. */
    public Optional<JsonNode> json() {
        try {
            return Optional.of(JSON.readTree(text.isBlank() ? "null" : text));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    /** What stands at a JSON pointer, {@code /smbios1}; {@code ""} is the whole. Empty for absent and for null. */
    public Optional<JsonNode> at(String pointer) {
        return json().map(node -> node.at(pointer)).filter(node -> !node.isMissingNode() && !node.isNull());
    }

    /** What stands there as text: strings and numbers as they are, anything else as JSON. */
    public Optional<String> textAt(String pointer) {
        return at(pointer).map(Answer::plain);
    }

    static String plain(JsonNode node) {
        return node.isString() ? node.stringValue() : node.isValueNode() ? node.asString() : node.toString();
    }
}
