package dev.rackhouse.inference;

import dev.rackhouse.base.SecretSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A map in a YAML file that knows where it stands, so that whatever is wrong is said with its place. */
final class YamlEntry {

    /** What is wrong, and where. */
    static final class Wrong extends RuntimeException {
        Wrong(String at, String what) {
            super((at.isEmpty() ? "" : at + ": ") + what);
        }
    }

    private final String at;
    private final Map<String, Object> values;

    private YamlEntry(String at, Map<String, Object> values) {
        this.at = at;
        this.values = values;
    }

    /** The whole file; an empty one is an empty map. */
    static YamlEntry root(String yaml) {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return of("", loaded == null ? Map.of() : loaded);
        } catch (YAMLException e) {
            throw new Wrong(
                    "",
                    "it is no YAML: "
                            + String.valueOf(e.getMessage())
                                    .lines()
                                    .limit(3)
                                    .reduce((a, b) -> a + " " + b)
                                    .orElse(""));
        }
    }

    private static YamlEntry of(String at, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> {
                if (each != null) {
                    copy.put(String.valueOf(key), each);
                }
            });
            return new YamlEntry(at, copy);
        }
        throw new Wrong(at, value == null ? "is missing" : "is no list of keys and values");
    }

    /** Refuses keys that nobody knows. */
    YamlEntry knows(String... keys) {
        for (String key : values.keySet()) {
            if (!Set.of(keys).contains(key)) {
                throw new Wrong(
                        at,
                        "the key '" + key + "' is not known; known are "
                                + String.join(
                                        ", ", List.of(keys).stream().sorted().toList()));
            }
        }
        return this;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) {
        Object value = values.get(key);
        if (value == null
                || value instanceof Map
                || value instanceof List
                || value.toString().isBlank()) {
            throw new Wrong(place(key), value == null ? "is missing" : "is no text");
        }
        return value.toString().strip();
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    long number(String key) {
        Object value = values.get(key);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new Wrong(place(key), value == null ? "is missing" : "is no whole number");
    }

    int number(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        long value = number(key);
        if (value != (int) value) {
            throw new Wrong(place(key), "is too large");
        }
        return (int) value;
    }

    double decimal(String key, double otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new Wrong(place(key), "is no number");
    }

    boolean flag(String key, boolean otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new Wrong(place(key), "is neither true nor false");
    }

    YamlEntry entry(String key) {
        return of(place(key), values.get(key));
    }

    /** Where the secret under this key comes from. */
    SecretSource secret(String key) {
        try {
            return SecretSource.of(values.get(key));
        } catch (IllegalArgumentException wrong) {
            throw new Wrong(place(key), String.valueOf(wrong.getMessage()));
        }
    }

    /** The maps of a list; none when the key is absent. */
    List<YamlEntry> entries(String key) {
        List<YamlEntry> entries = new ArrayList<>();
        for (Object value : raw(key)) {
            entries.add(of(place(key) + "[" + (entries.size() + 1) + "]", value));
        }
        return entries;
    }

    List<String> texts(String key) {
        return raw(key).stream().map(String::valueOf).toList();
    }

    private List<?> raw(String key) {
        Object value = values.getOrDefault(key, List.of());
        if (value instanceof List<?> list) {
            return list;
        }
        throw new Wrong(place(key), "is no list");
    }

    /** Makes a record; what the record refuses is said with the place. */
    <T> T made(Function<YamlEntry, T> maker) {
        try {
            return maker.apply(this);
        } catch (IllegalArgumentException e) {
            throw new Wrong(at, String.valueOf(e.getMessage()));
        }
    }

    private String place(String key) {
        return at.isEmpty() ? key : at + "." + key;
    }
}
