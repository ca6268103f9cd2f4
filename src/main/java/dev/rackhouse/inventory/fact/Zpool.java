package dev.rackhouse.inventory.fact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ZFS pool that the host has imported.
 *
 * @param health {@code ONLINE}, {@code DEGRADED}...; empty when the line did not say
 * @param members names of the block devices in it, as {@code /dev/sdb1} shows them: {@code sdb1}
 */
public record Zpool(String name, String health, List<String> members) {

    private static final Set<String> CLASSES = Set.of("logs", "log", "cache", "spare", "spares", "special", "dedup");
    private static final Set<String> HEALTHS =
            Set.of("ONLINE", "DEGRADED", "FAULTED", "OFFLINE", "UNAVAIL", "REMOVED", "SUSPENDED");

    public Zpool {
        members = List.copyOf(members);
    }

    /** Reads {@code zpool list -vHPL}, tabs as blanks: a pool stands at the margin, its parts are indented. */
    static List<Zpool> parse(List<String> lines) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        Map<String, String> health = new LinkedHashMap<>();
        String pool = null;
        for (String line : lines) {
            String[] words = line.strip().split(" +");
            if (!line.startsWith(" ") && !CLASSES.contains(words[0])) {
                pool = words[0];
                members.put(pool, new ArrayList<>());
                for (String word : words) {
                    if (HEALTHS.contains(word)) {
                        health.put(pool, word);
                    }
                }
            } else if (pool != null && words[0].startsWith("/")) {
                members.getOrDefault(pool, new ArrayList<>()).add(words[0].substring(words[0].lastIndexOf('/') + 1));
            }
        }
        return members.entrySet().stream()
                .map(e -> new Zpool(e.getKey(), health.getOrDefault(e.getKey(), ""), e.getValue()))
                .toList();
    }
}
