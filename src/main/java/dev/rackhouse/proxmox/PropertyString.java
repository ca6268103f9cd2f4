package dev.rackhouse.proxmox;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proxmox' way of putting several settings into one value: {@code local-lvm:32,discard=on,ssd=1}. One key may be written without
 * its name. Inside, booleans may be 1/0, yes/no, true/false, on/off; they are printed as 1/0. The server returns the keys in
 * another order than they were sent, so compare the parsed values, never the text.
 */
final class PropertyString {

    private final SequencedMap<String, String> values;

    private PropertyString(SequencedMap<String, String> values) {
        this.values = values;
    }

    /**
     * @param defaultKey the key that may stand without its name; null when there is none
     * @throws IllegalArgumentException for a key twice, or a value without key where there is no default key
     */
    static PropertyString parse(String text, @Nullable String defaultKey) {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String key = equals < 0 ? defaultKey : part.substring(0, equals);
            if (key == null || key.isEmpty()) {
                throw new IllegalArgumentException("'" + part + "' has no key");
            }
            if (values.putIfAbsent(key, equals < 0 ? part : part.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + key + "' stands there twice");
            }
        }
        return new PropertyString(values);
    }

    static PropertyString empty() {
        return new PropertyString(new LinkedHashMap<>());
    }

    @Nullable
    String take(String key) {
        return values.remove(key);
    }

    String need(String key) {
        String value = take(key);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("'" + key + "' is missing");
        }
        return value;
    }

    /** A flag; {@code absent} when the key is not there. */
    boolean flag(String key, boolean absent) {
        String value = take(key);
        if (value == null) {
            return absent;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "yes", "true", "on" -> true;
            case "0", "no", "false", "off" -> false;
            default -> throw new IllegalArgumentException("'" + key + "' is a yes or no, not '" + value + "'");
        };
    }

    @Nullable
    Integer whole(String key, int from, int to) {
        String value = take(key);
        if (value == null) {
            return null;
        }
        if (value.matches("\\d{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= from && number <= to) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "'" + key + "' is a number from " + from + " to " + to + ", not '" + value + "'");
    }

    /** What nobody has taken: keys of newer versions, kept and printed again. */
    SequencedMap<String, String> rest() {
        return new LinkedHashMap<>(values);
    }

    Set<String> keys() {
        return values.keySet();
    }

    PropertyString put(String key, @Nullable Object value) {
        if (value != null) {
            String text = value.toString();
            if (text.indexOf(',') >= 0) {
                throw new IllegalArgumentException("'" + key + "' cannot hold a comma: '" + text + "'");
            }
            values.put(key, text);
        }
        return this;
    }

    PropertyString flagIf(String key, boolean value, boolean usual) {
        return value == usual ? this : put(key, value ? "1" : "0");
    }

    PropertyString putAll(SequencedMap<String, String> more) {
        more.forEach(this::put);
        return this;
    }

    /** The text; the default key's value, if any, comes first and without its name. */
    String print(@Nullable String defaultKey) {
        StringBuilder text = new StringBuilder();
        String first = defaultKey == null ? null : values.get(defaultKey);
        if (first != null) {
            text.append(first);
        }
        values.forEach((key, value) -> {
            if (!key.equals(defaultKey)) {
                text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value);
            }
        });
        return text.toString();
    }
}
