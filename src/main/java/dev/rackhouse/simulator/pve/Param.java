package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a call or one key of a property string.
 *
 * @param type string, integer, number, boolean or array
 * @param format name of a format or property string, with {@code -list} or {@code -opt} where it says so
 * @param since major version that knows it first, 0 for all
 */
record Param(
        String name,
        boolean optional,
        String type,
        boolean defaultKey,
        @Nullable String format,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Integer minLength,
        @Nullable Integer maxLength,
        @Nullable String requires,
        List<String> values,
        @Nullable Pattern pattern,
        @Nullable Param items,
        int since,
        @Nullable String alias,
        @Nullable String keyAlias) {

    /** Reads a line of the table: {@code name[?] type key=value... re=rest of the line}. */
    static Param parse(String line) {
        String text = line.strip();
        Pattern pattern = null;
        int re = text.indexOf(" re=");
        if (re >= 0) {
            pattern = Pattern.compile("^" + text.substring(re + 4) + "$", Pattern.UNIX_LINES);
            text = text.substring(0, re);
        }
        String[] words = text.split(" ");
        boolean optional = words[0].endsWith("?");
        Builder b = new Builder(optional ? words[0].substring(0, words[0].length() - 1) : words[0], optional);
        b.pattern = pattern;
        for (int i = 1; i < words.length; i++) {
            b.word(words[i], i == 1);
        }
        return b.build();
    }

    Param named(String other) {
        return new Param(
                other,
                optional,
                type,
                defaultKey,
                format,
                min,
                max,
                minLength,
                maxLength,
                requires,
                values,
                pattern,
                items,
                since,
                alias,
                keyAlias);
    }

    private static final class Builder {
        private final String name;
        private final boolean optional;
        private String type = "string";
        private boolean defaultKey;
        private @Nullable String format;
        private @Nullable Double min;
        private @Nullable Double max;
        private @Nullable Integer minLength;
        private @Nullable Integer maxLength;
        private @Nullable String requires;
        private List<String> values = List.of();
        private @Nullable Pattern pattern;
        private @Nullable Param items;
        private int since;
        private @Nullable String alias;
        private @Nullable String keyAlias;

        Builder(String name, boolean optional) {
            this.name = name;
            this.optional = optional;
        }

        void word(String word, boolean first) {
            int eq = word.indexOf('=');
            if (eq < 0) {
                if (first) {
                    type = word;
                } else if (word.equals("default-key")) {
                    defaultKey = true;
                } else {
                    throw new IllegalArgumentException("Parameter " + name + ": unknown word " + word);
                }
                return;
            }
            String value = word.substring(eq + 1);
            switch (word.substring(0, eq)) {
                case "fmt" -> format = value;
                case "min" -> min = Double.valueOf(value);
                case "max" -> max = Double.valueOf(value);
                case "minlen" -> minLength = Integer.valueOf(value);
                case "maxlen" -> maxLength = Integer.valueOf(value);
                case "requires" -> requires = value;
                case "enum" -> values = List.of(value.split("\\|", -1));
                case "items" -> items = Param.parse("- " + value.replace('~', ' '));
                case "since" -> since = Integer.parseInt(value);
                case "alias" -> alias = value;
                case "keyAlias" -> keyAlias = value;
                default -> throw new IllegalArgumentException("Parameter " + name + ": unknown word " + word);
            }
        }

        Param build() {
            return new Param(
                    name,
                    optional || alias != null,
                    type,
                    defaultKey,
                    format,
                    min,
                    max,
                    minLength,
                    maxLength,
                    requires,
                    new ArrayList<>(values),
                    pattern,
                    items,
                    since,
                    alias,
                    keyAlias);
        }
    }
}
