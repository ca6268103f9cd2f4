package dev.rackhouse.integration.docker;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Foreign texts, cut: whoever made a container or an image may have written anything. */
final class Bounded {

    private static final int LONGEST = 4_096;
    private static final int MOST = 500;
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(token|key|password|passwd|secret|credential|authorization).*");

    private Bounded() {}

    static String text(@Nullable String text) {
        return text == null ? "" : text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    /** Docker puts a slash before names. */
    static String name(@Nullable String name) {
        String text = text(name);
        return text.startsWith("/") ? text.substring(1) : text;
    }

    static List<String> list(String @Nullable [] texts) {
        return texts == null ? List.of() : list(Arrays.asList(texts));
    }

    static List<String> list(@Nullable List<String> texts) {
        return texts == null
                ? List.of()
                : texts.stream()
                        .filter(Objects::nonNull)
                        .limit(MOST)
                        .map(Bounded::text)
                        .toList();
    }

    static Map<String, String> map(@Nullable Map<String, String> texts) {
        Map<String, String> cut = new LinkedHashMap<>();
        if (texts != null) {
            texts.entrySet().stream().limit(MOST).forEach(e -> cut.put(text(e.getKey()), text(e.getValue())));
        }
        return cut;
    }

    /** {@code NAME=value} as a map; what looks like a secret keeps its name only. */
    static Map<String, String> environment(String @Nullable [] texts) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : list(texts)) {
            int equals = line.indexOf('=');
            String name = equals < 0 ? line : line.substring(0, equals);
            String value = equals < 0 ? "" : line.substring(equals + 1);
            environment.put(name, SECRET.matcher(name).matches() && !value.isEmpty() ? "***" : value);
        }
        return environment;
    }
}
