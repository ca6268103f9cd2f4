package dev.rackhouse.runbook;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A question about an answer, as data: the name of a {@link NamedCondition} and its arguments, which may hold placeholders. A
 * stored run can ask it in another process. Generic ones are made by {@link Conditions}.
 */
public record Condition(String name, SortedMap<String, String> arguments) {

    public Condition {
        arguments = Collections.unmodifiableSortedMap(new TreeMap<>(arguments));
    }

    /** @param arguments key, value, key, value, ... */
    public static Condition of(String name, String... arguments) {
        SortedMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put(arguments[i], arguments[i + 1]);
        }
        return new Condition(name, map);
    }

    /** As shown in previews: {@code json-equals path=/status value=stopped}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            text.append(' ').append(argument.getKey()).append('=').append(argument.getValue());
        }
        return text.toString();
    }
}
