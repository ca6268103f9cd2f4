package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.Readiness.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with inputs. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    void add(Field field, String text) {
        found.add(new Problem(field, text));
    }

    /** @return null, after a problem was added, when it is no whole number from..to */
    @Nullable
    Integer whole(Field field, String text, String what, int from, long to) {
        if (text.isBlank()) {
            add(field, "Enter " + what + ".");
            return null;
        }
        if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < from || Long.parseLong(text) > to) {
            add(field, "%s is a whole number from %d to %d, not \"%s\".".formatted(upper(what), from, to, shown(text)));
            return null;
        }
        return Integer.valueOf(text);
    }

    List<Problem> list() {
        return List.copyOf(found);
    }

    boolean none() {
        return found.isEmpty();
    }

    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }

    private static String upper(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
