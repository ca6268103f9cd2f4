package dev.rackhouse.preparation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts words on a kernel command line: what is missing is added at the end, all others keep their place. */
final class KernelWords {

    private static final Set<String> PAGES = Set.of("default_hugepagesz", "hugepagesz", "hugepages");

    private KernelWords() {}

    /**
     * @param line as it stands in the file, its blanks kept
     * @param wanted {@code key=value}; a key that stands there with another value gets this one, in place
     * @return the same text when nothing is missing
     */
    static String with(String line, List<String> wanted) {
        String edited = line;
        List<String> pages = wanted.stream().filter(w -> PAGES.contains(key(w))).toList();
        if (!pages.isEmpty() && !hasAll(edited, pages)) {
            edited = pages(edited, pages);
        }
        for (String word : wanted) {
            if (!PAGES.contains(key(word)) && !words(edited).contains(word)) {
                edited = replaced(edited, word).orElse(added(edited, word));
            }
        }
        return edited;
    }

    static List<String> words(String line) {
        return List.of(line.strip().split("\\s+"));
    }

    static boolean hasAll(String line, List<String> wanted) {
        return words(line).containsAll(wanted);
    }

    static String key(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    /**
     * The page words belong together: a size counts for the numbers behind it. Where all three stand once, in this order, only values
     * change; else they are taken out and put at the end together.
     */
    private static String pages(String line, List<String> wanted) {
        List<String> there =
                words(line).stream().map(KernelWords::key).filter(PAGES::contains).toList();
        if (there.equals(wanted.stream().map(KernelWords::key).toList())) {
            String edited = line;
            for (String word : wanted) {
                edited = replaced(edited, word).orElse(edited);
            }
            return edited;
        }
        String edited = line;
        for (String word : words(line)) {
            if (PAGES.contains(key(word))) {
                edited = removed(edited, word);
            }
        }
        for (String word : wanted) {
            edited = added(edited, word);
        }
        return edited;
    }

    private static String added(String line, String word) {
        String kept = line.stripTrailing();
        return kept.isEmpty() ? word : kept + " " + word;
    }

    private static Optional<String> replaced(String line, String word) {
        List<String> parts = parts(line);
        for (int i = 0; i < parts.size(); i++) {
            if (word.contains("=") && parts.get(i).startsWith(key(word) + "=")) {
                parts.set(i, word);
                return Optional.of(String.join("", parts));
            }
        }
        return Optional.empty();
    }

    private static String removed(String line, String word) {
        List<String> parts = parts(line);
        int at = parts.indexOf(word);
        if (at < 0) {
            return line;
        }
        parts.remove(at);
        if (at > 0 && parts.get(at - 1).isBlank()) {
            parts.remove(at - 1);
        } else if (at < parts.size() && parts.get(at).isBlank()) {
            parts.remove(at);
        }
        return String.join("", parts);
    }

    /** Words and the blanks between them, in turn. */
    private static List<String> parts(String line) {
        return new ArrayList<>(List.of(line.split("(?<=\\s)(?=\\S)|(?<=\\S)(?=\\s)")));
    }
}
