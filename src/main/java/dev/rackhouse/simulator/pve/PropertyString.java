package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and prints {@code key=value,key=value} texts by their definition. */
final class PropertyString {
    private PropertyString() {}

    /** Splits without checking values; throws for the errors of the grammar itself. */
    static Map<String, Object> split(Map<String, Param> schema, String text) throws FormatError {
        Map<String, Object> result = new LinkedHashMap<>();
        boolean defaultGiven = false;
        for (String part : text.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            int eq = part.indexOf('=');
            if (eq > 0 && eq < part.length() - 1) {
                pair(schema, result, part.substring(0, eq), part.substring(eq + 1));
            } else if (eq < 0) {
                Param key = schema.values().stream()
                        .filter(Param::defaultKey)
                        .findFirst()
                        .orElseThrow(
                                () -> new FormatError("value without key, but schema does not define a default key\n"));
                if (defaultGiven || result.containsKey(key.name())) {
                    throw new FormatError("duplicate key in comma-separated list property: " + key.name() + "\n");
                }
                Param aliased = schema.get(part);
                if (aliased != null && aliased.alias() != null && aliased.keyAlias() != null) {
                    result.put(aliased.keyAlias(), part);
                } else {
                    result.put(key.name(), key.type().equals("boolean") ? flag(part) : part);
                }
                defaultGiven = true;
            } else {
                throw new FormatError("missing key in comma-separated list property\n");
            }
        }
        return result;
    }

    private static void pair(Map<String, Param> schema, Map<String, Object> result, String name, String value)
            throws FormatError {
        if (result.containsKey(name)) {
            throw new FormatError("duplicate key in comma-separated list property: " + name + "\n");
        }
        String key = name;
        Param param = schema.get(key);
        if (param != null && param.alias() != null) {
            String keyAlias = param.keyAlias();
            if (keyAlias != null) {
                if (result.containsKey(keyAlias)) {
                    throw new FormatError("key alias '" + keyAlias + "' is already defined\n");
                }
                result.put(keyAlias, name);
            }
            key = param.alias();
            param = schema.get(key);
        }
        result.put(key, param != null && param.type().equals("boolean") ? flag(value) : value);
    }

    /** Reads a value that was checked before; keys become as they are stored, flags 0 or 1. */
    static Map<String, String> parse(String format, @Nullable String text) {
        Map<String, Param> schema = CallTable.packed().propertyStrings().getOrDefault(format, Map.of());
        Map<String, String> result = new LinkedHashMap<>();
        if (text == null) {
            return result;
        }
        try {
            split(schema, text).forEach((key, value) -> result.put(key, value.toString()));
        } catch (FormatError e) {
            throw ApiError.died("unable to parse '" + text + "': " + e.text().strip());
        }
        return result;
    }

    /**
     * Prints as the server stores it: the default key first and without its name, then the others in the order of their
     * names; a key alias ({@code virtio=MAC}) before all.
     */
    static String print(String format, Map<String, String> values) {
        Map<String, Param> schema = CallTable.packed().propertyStrings().getOrDefault(format, Map.of());
        StringBuilder out = new StringBuilder();
        Map<String, String> rest = new TreeMap<>(values);
        for (Param param : schema.values()) {
            String keyAlias = param.keyAlias();
            String alias = param.alias();
            if (keyAlias != null && alias != null && param.name().equals(values.get(keyAlias))) {
                String value = rest.remove(alias);
                rest.remove(keyAlias);
                out.append(param.name());
                if (value != null) {
                    out.append('=').append(value);
                }
            }
        }
        for (Param param : schema.values()) {
            if (param.defaultKey() && rest.containsKey(param.name())) {
                out.append(out.isEmpty() ? "" : ",").append(rest.remove(param.name()));
            }
        }
        rest.forEach((key, value) ->
                out.append(out.isEmpty() ? "" : ",").append(key).append('=').append(value));
        return out.toString();
    }

    private static String flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "on", "yes", "true" -> "1";
            case "0", "off", "no", "false" -> "0";
            default -> value;
        };
    }
}
