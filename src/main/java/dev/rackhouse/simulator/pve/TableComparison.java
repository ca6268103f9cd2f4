package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares the table of calls with a schema file (a tree of {@code path, info, children} nodes). */
public final class TableComparison {
    private final Map<String, JsonNode> calls = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int parameters;

    private TableComparison(JsonNode schema) {
        schema.forEach(this::collect);
    }

    private void collect(JsonNode node) {
        String path = node.path("path").asString("");
        JsonNode info = node.get("info");
        if (info != null && info.isObject()) {
            info.forEachEntry((method, call) -> calls.put(method + " " + path, call));
        }
        JsonNode children = node.get("children");
        if (children != null && children.isArray()) {
            children.forEach(this::collect);
        }
    }

    /** Result: how much was compared, and one line for each difference. */
    public record Result(int calls, int parameters, List<String> differences) {}

    /** Compares every call of the table. */
    public static Result compare(JsonNode schema) {
        TableComparison comparison = new TableComparison(schema);
        int found = 0;
        for (ApiCall call : CallTable.packed().calls()) {
            JsonNode known = comparison.calls.get(call.key());
            if (known == null) {
                comparison.differences.add(call.key() + ": not in the schema");
                continue;
            }
            found++;
            comparison.call(call, known);
        }
        return new Result(found, comparison.parameters, comparison.differences);
    }

    private void call(ApiCall call, JsonNode known) {
        JsonNode properties = known.path("parameters").path("properties");
        String kind = call.path().contains("/lxc") ? "lxc" : "qemu";
        TreeSet<String> expected = new TreeSet<>();
        properties.forEachEntry((name, definition) -> {
            if (name.endsWith("[n]")) {
                String base = name.substring(0, name.length() - 3);
                for (int i = 0; i <= CallTable.packed().highest(kind, base); i++) {
                    expected.add(base + i);
                }
                parameter(call.key() + " " + name, call.parameters().get(base + "0"), definition);
            } else {
                expected.add(name);
                parameter(call.key() + " " + name, call.parameters().get(name), definition);
            }
        });
        TreeSet<String> own = new TreeSet<>(call.parameters().keySet());
        own.removeAll(expected);
        own.removeIf(name -> call.path().contains("{" + name + "}"));
        own.forEach(name -> differences.add(call.key() + " " + name + ": only in the table"));
    }

    private void parameter(String where, @Nullable Param param, JsonNode definition) {
        parameters++;
        if (param == null) {
            differences.add(where + ": missing in the table");
            return;
        }
        if (definition.has("alias")) {
            same(where, "alias", param.alias(), text(definition, "alias"));
            return;
        }
        same(where, "type", param.type(), definition.path("type").asString("string"));
        same(where, "optional", flag(param.optional()), flag(truth(definition, "optional")));
        same(where, "minimum", number(param.min()), number(definition, "minimum"));
        same(where, "maximum", number(param.max()), number(definition, "maximum"));
        same(where, "minLength", text(param.minLength()), text(definition, "minLength"));
        same(where, "maxLength", text(param.maxLength()), text(definition, "maxLength"));
        same(where, "requires", param.requires(), text(definition, "requires"));
        same(where, "enum", String.join("|", param.values()), values(definition));
        JsonNode format = definition.get("format");
        if (format != null && format.isObject()) {
            Map<String, Param> keys = CallTable.packed()
                    .propertyStrings()
                    .getOrDefault(param.format() == null ? "" : param.format(), Map.of());
            format.forEachEntry((name, key) -> parameter(where + "." + name, keys.get(name), key));
        } else {
            same(where, "format", param.format(), text(definition, "format"));
        }
        if (definition.has("items")) {
            Param items = param.items();
            parameter(where + "[]", items == null ? null : items, definition.get("items"));
        }
        same(where, "pattern", flag(param.pattern() != null), flag(definition.has("pattern")));
    }

    private void same(String where, String what, @Nullable Object own, @Nullable Object known) {
        String a = own == null ? "" : own.toString();
        String b = known == null ? "" : known.toString();
        if (!a.equals(b)) {
            differences.add(where + ": " + what + " is '" + a + "', the schema says '" + b + "'");
        }
    }

    private static boolean truth(JsonNode node, String key) {
        String value = text(node, key);
        return value != null && (value.equals("1") || value.equals("true"));
    }

    private static @Nullable String text(JsonNode node, String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value.asString();
    }

    private static @Nullable String text(@Nullable Integer value) {
        return value == null ? null : value.toString();
    }

    private static String flag(boolean value) {
        return value ? "yes" : "no";
    }

    private static @Nullable String number(@Nullable Double value) {
        return value == null ? null : Validator.plain(value);
    }

    private static @Nullable String number(JsonNode node, String key) {
        String value = text(node, key);
        return value == null ? null : Validator.plain(Double.parseDouble(value));
    }

    private static String values(JsonNode node) {
        JsonNode list = node.get("enum");
        if (list == null || !list.isArray()) {
            return "";
        }
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asString()));
        return String.join("|", values);
    }
}
