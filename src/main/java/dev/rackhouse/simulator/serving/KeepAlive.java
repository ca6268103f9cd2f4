package dev.rackhouse.simulator.serving;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How long Ollama keeps a model after its last request, as it is written: seconds, or {@code 5m}; negative: for ever. */
final class KeepAlive {
    private static final Pattern DURATION = Pattern.compile("(-?\\d{1,9})(ms|s|m|h)?");

    private KeepAlive() {}

    static double seconds(String text, double otherwise) {
        Matcher match = DURATION.matcher(text);
        if (!match.matches()) {
            return otherwise;
        }
        double number = Double.parseDouble(match.group(1));
        return switch (match.group(2) == null ? "s" : match.group(2)) {
            case "ms" -> number / 1000;
            case "m" -> number * 60;
            case "h" -> number * 3600;
            default -> number;
        };
    }

    static double seconds(JsonNode asked, double otherwise) {
        return asked.isNumber() ? asked.asDouble() : seconds(asked.asString(""), otherwise);
    }
}
