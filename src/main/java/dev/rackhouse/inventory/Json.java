package dev.rackhouse.inventory;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lenient readers: Proxmox sends numbers as texts, flags as 1, "1", true or nothing, and texts with a line end. */
final class Json {

    private Json() {}

    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull() || value.isContainer()) {
            return null;
        }
        String text = value.asString().strip();
        return text.isEmpty() ? null : text;
    }

    static @Nullable Long number(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull() || value.isContainer()) {
            return null;
        }
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        try {
            return value.isNumber() ? (long) value.doubleValue() : Long.parseLong(value.asString().strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    static @Nullable Double real(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull() || value.isContainer()) {
            return null;
        }
        try {
            double number = value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asString().strip());
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** Missing means no. */
    static boolean flag(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull() || value.isContainer()) {
            return false;
        }
        return value.isBoolean() ? value.booleanValue() : "1".equals(value.asString().strip());
    }
}
