package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of {@code modprobe.d} files, read as kmod 30 reads them. */
final class ModprobeConfig {
    private final Set<String> blacklist = new LinkedHashSet<>();
    private final Map<String, List<String>> before = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> options = new LinkedHashMap<>();
    private final Set<String> blocked = new LinkedHashSet<>();
    private final List<String> complaints = new ArrayList<>();

    /** @param files name to content; read in the order of their names, as kmod does */
    ModprobeConfig(Map<String, String> files) {
        new java.util.TreeMap<>(files).forEach(this::read);
    }

    private void read(String file, String text) {
        int number = 0;
        for (String line : text.replace("\\\n", " ").split("\n")) {
            number++;
            String[] words = line.strip().split("\\s+");
            if (words[0].isEmpty() || words[0].startsWith("#")) {
                continue;
            }
            if (words.length < 2 || !rule(words)) {
                complaints.add("libkmod: ERROR ../libkmod/libkmod-config.c:712 kmod_config_parse: " + file + " line "
                        + number + ": ignoring bad line starting with '" + words[0] + "'");
            }
        }
    }

    private boolean rule(String[] words) {
        String module = Modules.normal(words[1]);
        switch (words[0]) {
            case "blacklist" -> blacklist.add(module);
            case "options" -> {
                // a blank within a value leaves a word that is no parameter; such a line is of no use to anybody
                for (int i = 2; i < words.length; i++) {
                    if (!words[i].contains("=") || words[i].endsWith("=") || words[i].endsWith(",")) {
                        return words.length == 3 && !words[2].contains("=");
                    }
                }
                for (int i = 2; i < words.length; i++) {
                    int equals = words[i].indexOf('=');
                    options.computeIfAbsent(module, key -> new LinkedHashMap<>())
                            .put(words[i].substring(0, equals), words[i].substring(equals + 1));
                }
            }
            case "softdep" -> {
                boolean pre = false;
                for (int i = 2; i < words.length; i++) {
                    if (words[i].equals("pre:") || words[i].equals("post:")) {
                        pre = words[i].equals("pre:");
                    } else if (pre) {
                        before.computeIfAbsent(module, key -> new ArrayList<>()).add(Modules.normal(words[i]));
                    }
                }
            }
            case "install" -> {
                if (words.length > 2 && words[2].matches("(/usr)?/bin/(false|true)")) {
                    blocked.add(module);
                }
            }
            case "alias", "remove", "config" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether a module is kept from loading by itself. */
    boolean blacklisted(String module) {
        return blacklist.contains(module);
    }

    /** Whether a module cannot be loaded at all ({@code install X /bin/false}). */
    boolean blocked(String module) {
        return blocked.contains(module);
    }

    /** Modules to be loaded before this one ({@code softdep X pre: Y}). */
    List<String> before(String module) {
        return before.getOrDefault(module, List.of());
    }

    /** Whether a softdep names this module as one to come first. */
    boolean namedBefore(String module) {
        return before.values().stream().anyMatch(list -> list.contains(module));
    }

    String option(String module, String name, String otherwise) {
        return options.getOrDefault(module, Map.of()).getOrDefault(name, otherwise);
    }

    /** What {@code modprobe} says about lines that it does not understand. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }
}
