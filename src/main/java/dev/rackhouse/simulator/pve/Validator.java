package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks parameters against the table, in the order and in the words of the server's own check. Values are strings or
 * lists of strings. Stateless.
 */
final class Validator {
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    private final Formats formats;
    private final int version;

    /** @param version major version of the node: parameters it does not know yet are refused */
    Validator(CallTable table, int version) {
        this.formats = new Formats(table, this);
        this.version = version;
    }

    Formats formats() {
        return formats;
    }

    /** Wraps single values where lists are expected, and joins lists where a list in one text is expected. */
    static void normalise(ApiCall call, Map<String, Object> values) {
        values.replaceAll((name, value) -> {
            Param param = call.parameters().get(name);
            if (param == null) {
                return value;
            }
            if (param.type().equals("array") && value instanceof String single) {
                return List.of(single);
            }
            String format = param.format();
            if (value instanceof List<?> many && format != null && format.endsWith("-list")) {
                return String.join(",", many.stream().map(String::valueOf).toList());
            }
            return value;
        });
    }

    /** Texts by parameter; empty when everything fits. */
    Map<String, String> check(ApiCall call, Map<String, Object> values) {
        Map<String, String> errors = new LinkedHashMap<>();
        object("", call.parameters(), values, call.open(), errors);
        return errors;
    }

    /** Checks the keys of a property string. */
    void object(
            String path,
            Map<String, Param> schema,
            Map<String, Object> values,
            boolean open,
            Map<String, String> errors) {
        for (Param param : schema.values()) {
            if (param.since() <= version) {
                value(values.get(param.name()), param, join(path, param.name()), errors);
            }
        }
        for (String name : values.keySet()) {
            Param param = schema.get(name);
            String at = join(path, name);
            if (param == null || param.since() > version) {
                if (!open) {
                    add(
                            errors,
                            at,
                            "property is not defined in schema and the schema does not allow additional properties");
                }
                continue;
            }
            String required = param.requires();
            if (required != null && !values.containsKey(required)) {
                add(errors, join(path, required), "missing property required by '" + at + "'");
            }
        }
    }

    private void value(@Nullable Object value, Param param, String path, Map<String, String> errors) {
        if (value == null) {
            if (!param.optional()) {
                add(errors, path, "property is missing and it is not optional");
            }
            return;
        }
        if (param.type().equals("array")) {
            list(value, param, path, errors);
            return;
        }
        if (value instanceof List<?>) {
            add(errors, path, "type check ('" + param.type() + "') failed - got ARRAY");
            return;
        }
        String text = value.toString();
        if (!typeFits(param.type(), text)) {
            add(errors, path, "type check ('" + param.type() + "') failed - got '" + text + "'");
            return;
        }
        scalar(text, param, path, errors);
    }

    private void list(Object value, Param param, String path, Map<String, String> errors) {
        if (!(value instanceof List<?> items)) {
            add(errors, path, "type check ('array') failed");
            return;
        }
        Param item = param.items();
        if (item != null) {
            for (int i = 0; i < items.size(); i++) {
                value(items.get(i), item, path + "[" + i + "]", errors);
            }
        }
    }

    private void scalar(String text, Param param, String path, Map<String, String> errors) {
        String format = param.format();
        if (format != null) {
            try {
                formats.check(format, text, path);
            } catch (FormatError e) {
                add(errors, path, "invalid format - " + e.text());
                return;
            }
        }
        Pattern pattern = param.pattern();
        if (pattern != null && !pattern.matcher(text).find()) {
            add(errors, path, "value does not match the regex pattern");
            return;
        }
        Integer maxLength = param.maxLength();
        if (maxLength != null && text.codePointCount(0, text.length()) > maxLength) {
            add(errors, path, "value may only be " + maxLength + " characters long");
            return;
        }
        Integer minLength = param.minLength();
        if (minLength != null && text.codePointCount(0, text.length()) < minLength) {
            add(errors, path, "value must be at least " + minLength + " characters long");
            return;
        }
        if (NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            Double max = param.max();
            if (max != null && number > max) {
                add(errors, path, "value must have a maximum value of " + plain(max));
                return;
            }
            Double min = param.min();
            if (min != null && number < min) {
                add(errors, path, "value must have a minimum value of " + plain(min));
                return;
            }
        }
        if (!param.values().isEmpty() && !param.values().contains(text)) {
            add(
                    errors,
                    path,
                    "value '" + text + "' does not have a value in the enumeration '"
                            + String.join(", ", param.values()) + "'");
        }
    }

    private static boolean typeFits(String type, String text) {
        return switch (type) {
            case "boolean" -> text.equals("0") || text.equals("1");
            case "integer" -> INTEGER.matcher(text).matches();
            case "number" -> NUMBER.matcher(text).matches();
            default -> true;
        };
    }

    static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Several texts for one parameter are joined by a backslash and an n, not by a line end: the server does so. */
    private static void add(Map<String, String> errors, String path, String text) {
        errors.merge(path, text, (a, b) -> a + "\\n" + b);
    }

    /** Values of a list as strings; a single value is a list of one. */
    static List<String> strings(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> many) {
            List<String> texts = new ArrayList<>();
            many.forEach(item -> texts.add(String.valueOf(item)));
            return texts;
        }
        return List.of(value.toString());
    }
}
