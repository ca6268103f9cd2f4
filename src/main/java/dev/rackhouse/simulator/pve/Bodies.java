package dev.rackhouse.simulator.pve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parameters out of queries and bodies, with the server's own ideas about separators. */
final class Bodies {
    private Bodies() {}

    /** Splits at {@code &} and {@code ;}; at {@code =} only the first two parts count; repeated keys become lists. */
    static Map<String, Object> form(String text) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String pair : text.split("[&;]")) {
            if (pair.isEmpty()) {
                continue;
            }
            String[] parts = pair.split("=", -1);
            add(values, decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
        }
        return values;
    }

    static void add(Map<String, Object> values, String name, String value) {
        Object before = values.get(name);
        if (before == null) {
            values.put(name, value);
        } else {
            List<String> many = new ArrayList<>(Validator.strings(before));
            many.add(value);
            values.put(name, many);
        }
    }

    /** Percent-decodes leniently: what is no valid escape stays as it is. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** A JSON body: flags become 0 and 1, null counts as not given. */
    static Map<String, Object> json(String text) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw broken(text);
        }
        if (root == null || !root.isObject()) {
            throw broken(text);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        root.forEachEntry((name, value) -> {
            Object plain = plain(value);
            if (plain != null) {
                values.put(name, plain);
            }
        });
        return values;
    }

    private static @Nullable Object plain(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(String.valueOf(plain(item))));
            return items;
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "1" : "0";
        }
        if (value.isObject()) {
            return value.toString();
        }
        return value.isString() ? value.asString() : value.toString();
    }

    /** The text of the server's JSON reader for a document that ends or goes wrong, with the place. */
    private static ApiError broken(String text) {
        String stripped = text.stripTrailing();
        int at = stripped.length();
        String what;
        char last = at == 0 ? ' ' : stripped.charAt(at - 1);
        if (at == 0) {
            what = "malformed JSON string, neither tag, array, object, number, string or atom";
        } else if (last == ',' || last == '{') {
            what = "'\"' expected";
        } else if (last == ':') {
            what = "malformed JSON string, neither tag, array, object, number, string or atom";
        } else if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
            at = 0;
            what = "malformed JSON string, neither tag, array, object, number, string or atom";
        } else {
            what = ", or } expected while parsing object/hash";
        }
        String rest = at < stripped.length() ? stripped.substring(at) : "(end of string)";
        return ApiError.of(
                500,
                what + ", at character offset " + at + " (before \"" + rest
                        + "\") at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 934.");
    }
}
