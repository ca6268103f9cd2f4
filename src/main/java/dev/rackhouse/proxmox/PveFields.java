package dev.rackhouse.proxmox;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One object of an answer, read leniently: Proxmox sends flags as 1, "1", true or not at all, numbers as text, null for missing
 * (pve-api notes, section 4).
 */
public final class PveFields {

    private final JsonNode node;

    public PveFields(@Nullable JsonNode node) {
        this.node = node == null || !node.isObject() ? JsonNodeFactory.instance.objectNode() : node;
    }

    public boolean has(String key) {
        JsonNode value = node.get(key);
        return value != null && !value.isNull();
    }

    /** The value as text without the line end that Proxmox likes to add; null when not there. Nested values as JSON. */
    public @Nullable String text(String key) {
        return textOf(node.get(key));
    }

    public String text(String key, String absent) {
        String text = text(key);
        return text == null ? absent : text;
    }

    /** 1, "1", true, "yes", "on" are true; everything else, absence included, is false. */
    public boolean flag(String key) {
        return flagOf(text(key));
    }

    public OptionalLong whole(String key) {
        OptionalDouble value = decimal(key);
        JsonNode raw = node.get(key);
        if (raw != null && raw.isIntegralNumber() && raw.canConvertToLong()) {
            return OptionalLong.of(raw.longValue());
        }
        String text = text(key);
        if (text != null && text.matches("[+-]?\\d{1,18}")) {
            return OptionalLong.of(Long.parseLong(text));
        }
        return value.isPresent() ? OptionalLong.of(Math.round(value.getAsDouble())) : OptionalLong.empty();
    }

    public long whole(String key, long absent) {
        return whole(key).orElse(absent);
    }

    public OptionalDouble decimal(String key) {
        JsonNode raw = node.get(key);
        if (raw != null && raw.isNumber()) {
            return finite(raw.doubleValue());
        }
        String text = text(key);
        if (text == null || text.isBlank()) {
            return OptionalDouble.empty();
        }
        try {
            return finite(Double.parseDouble(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    public double decimal(String key, double absent) {
        return decimal(key).orElse(absent);
    }

    /** A nested object; empty when absent or of another kind. */
    public PveFields fields(String key) {
        return new PveFields(node.get(key));
    }

    /** Nested objects; empty when absent or of another kind. */
    public List<PveFields> rows(String key) {
        return rowsOf(node.get(key));
    }

    /** A list of texts, or one text as a list of one. */
    public List<String> texts(String key) {
        JsonNode value = node.get(key);
        List<String> texts = new ArrayList<>();
        if (value != null && value.isArray()) {
            for (JsonNode part : value) {
                String text = textOf(part);
                if (text != null) {
                    texts.add(text);
                }
            }
        } else {
            String text = textOf(value);
            if (text != null && !text.isEmpty()) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    /** The names of all fields that are there, in the server's (random) order. */
    public List<String> names() {
        return node.propertyNames().stream().filter(this::has).toList();
    }

    /** The object as it came. */
    public JsonNode raw() {
        return node;
    }

    static List<PveFields> rowsOf(@Nullable JsonNode value) {
        if (value == null || !value.isArray()) {
            return List.of();
        }
        List<PveFields> rows = new ArrayList<>(value.size());
        for (JsonNode part : value) {
            if (part.isObject()) {
                rows.add(new PveFields(part));
            }
        }
        return rows;
    }

    static @Nullable String textOf(@Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return null;
        }
        String text = value.isContainer() ? value.toString() : value.asString();
        return text.stripTrailing();
    }

    static boolean flagOf(@Nullable String text) {
        return text != null
                && switch (text.toLowerCase(java.util.Locale.ROOT)) {
                    case "1", "true", "yes", "on" -> true;
                    default -> false;
                };
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
