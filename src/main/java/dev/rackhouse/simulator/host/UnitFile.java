package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A unit as it lies on disk.
 *
 * @param name {@code rackhouse-revert.service}
 * @param values {@code Section.Key} to its values; an empty assignment forgets those before it
 */
record UnitFile(String name, Map<String, List<String>> values) {

    static UnitFile parse(String name, String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String section = "";
        for (String raw : text.replace("\\\n", " ").split("\n")) {
            String line = raw.strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                String value = line.substring(equals + 1).strip();
                List<String> known = values.computeIfAbsent(
                        section + "." + line.substring(0, equals).strip(), key -> new ArrayList<>());
                if (value.isEmpty()) {
                    known.clear();
                } else {
                    known.add(value);
                }
            }
        }
        return new UnitFile(name, values);
    }

    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    String last(String key, String otherwise) {
        List<String> known = all(key);
        return known.isEmpty() ? otherwise : known.getLast();
    }

    /** Values that are lists of names, taken apart. */
    List<String> names(String key) {
        return all(key).stream()
                .flatMap(value -> Arrays.stream(value.split("\\s+")))
                .toList();
    }

    boolean timer() {
        return name.endsWith(".timer");
    }

    boolean oneshot() {
        return last("Service.Type", "simple").equals("oneshot");
    }

    boolean remains() {
        return last("Service.RemainAfterExit", "no").matches("(?i)yes|true|1|on");
    }

    boolean installable() {
        return values.keySet().stream().anyMatch(key -> key.startsWith("Install."));
    }

    /** The unit that a timer starts. */
    String activates() {
        return last("Timer.Unit", name.replaceFirst("\\.timer$", ".service"));
    }

    /** Why it is not started, empty when its conditions hold. */
    String unmet(HostTree tree) {
        for (String prefix : List.of("Condition", "Assert")) {
            for (String value : all("Unit." + prefix + "PathExists")) {
                boolean no = value.startsWith("!");
                if (tree.exists(value.replaceFirst("^[!|]+", "")) == no) {
                    return prefix + "PathExists=" + value + " was not met";
                }
            }
            for (String value : all("Unit." + prefix + "FileNotEmpty")) {
                if (HostFiles.text(tree, value).isEmpty()) {
                    return prefix + "FileNotEmpty=" + value + " was not met";
                }
            }
        }
        return "";
    }

    /** What it runs, one request for each line; the first words of lines that may fail stand in {@code mayFail}. */
    List<RunRequest> commands(String... keys) {
        Map<String, String> properties = new LinkedHashMap<>();
        values.forEach((key, list) -> {
            if (key.startsWith("Service.") && !list.isEmpty() && !key.startsWith("Service.Exec")) {
                properties.put(key.substring(8), list.getLast());
            }
        });
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : all("Service.Environment")) {
            for (String assignment : words(line)) {
                int equals = assignment.indexOf('=');
                if (equals > 0) {
                    environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
                }
            }
        }
        List<RunRequest> requests = new ArrayList<>();
        for (String key : keys) {
            for (String line : all("Service." + key)) {
                List<String> words = new ArrayList<>(words(line));
                String first = words.getFirst();
                Map<String, String> own = new LinkedHashMap<>(properties);
                if (first.matches("[@:+!]*-.*")) {
                    own.put("MayFail", "yes");
                }
                words.set(0, first.replaceFirst("^[-@:+!]+", ""));
                requests.add(RunRequest.ofUnit(name, own, environment, words));
            }
        }
        return requests;
    }

    /** Words of a command line with systemd's quotes and escapes; specifiers other than {@code %%} stay as they are. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean any = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() && quote != '\'') {
                char next = line.charAt(++i);
                word.append(
                        switch (next) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            default -> next;
                        });
                any = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                any = true;
            } else if (Character.isWhitespace(c)) {
                if (any) {
                    words.add(word.toString());
                    word.setLength(0);
                    any = false;
                }
            } else {
                word.append(c);
                any = true;
            }
        }
        if (any) {
            words.add(word.toString());
        }
        return words.stream()
                .map(text -> text.replace("%%", "%").replace("$$", "$"))
                .toList();
    }
}
