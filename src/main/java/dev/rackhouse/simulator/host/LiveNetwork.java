package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.NetworkStanza;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a machine shows of its network after a boot with other interfaces than those of its dump: addresses, the default
 * route, bridges and what they carry. Interfaces that are described as before stay as in the dump. Pure.
 *
 * @param before stanzas of the dump
 * @param after stanzas that the machine booted with
 */
record LiveNetwork(Map<String, NetworkStanza> before, Map<String, NetworkStanza> after) {

    static LiveNetwork of(String before, String after) {
        return new LiveNetwork(byName(before), byName(after));
    }

    static Map<String, NetworkStanza> byName(String text) {
        Map<String, NetworkStanza> stanzas = new LinkedHashMap<>();
        NetworkStanza.parse(text).forEach(stanza -> stanzas.put(stanza.name(), stanza));
        return stanzas;
    }

    ProbeDump shown(ProbeDump dump) {
        Set<String> changed = changed();
        if (changed.isEmpty()) {
            return dump;
        }
        Map<String, Row> nets = dump.paths("net");
        List<String> fresh = changed.stream()
                .filter(name -> virtual(after.get(name)) && !nets.containsKey(name))
                .toList();
        List<Row> rows = new ArrayList<>();
        dump.with(row -> kept(row, changed)).rows().forEach(rows::add);
        fresh.forEach(name -> rows.add(new Row(
                "PATH",
                List.of(
                        "net",
                        name,
                        "/sys/devices/virtual/net/" + name,
                        "mac=" + mac(name, nets),
                        "state=" + state(name, nets),
                        "speed=-1"))));
        fresh.forEach(name -> rows.add(new Row("L", List.of("ip_addr", line(name, state(name, nets))))));
        changed.forEach(name -> ports(name).stream()
                .filter(port -> nets.containsKey(port) || fresh.contains(port))
                .forEach(port -> rows.add(new Row("LOWER", List.of(name, port)))));
        after.values().stream()
                .filter(stanza -> changed.contains(stanza.name()) && routes(stanza))
                .forEach(stanza -> rows.add(new Row("K", List.of("default_route", stanza.name()))));
        return new ProbeDump(rows);
    }

    private Set<String> changed() {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(effect(before.get(name)), effect(after.get(name))));
        return names;
    }

    /** What of a stanza is to be seen on the running machine. */
    private static String effect(@org.jspecify.annotations.Nullable NetworkStanza stanza) {
        return stanza == null
                ? ""
                : stanza.auto() + " " + stanza.cidr() + " " + stanza.option("gateway") + " " + stanza.below();
    }

    private static boolean virtual(@org.jspecify.annotations.Nullable NetworkStanza stanza) {
        return stanza != null
                && stanza.auto()
                && (stanza.bridge() || !stanza.below().isEmpty());
    }

    private static boolean routes(NetworkStanza stanza) {
        return stanza.auto() && !stanza.option("gateway").isEmpty();
    }

    private boolean gone(String name) {
        return virtual(before.get(name)) && !virtual(after.get(name));
    }

    private @org.jspecify.annotations.Nullable Row kept(Row row, Set<String> changed) {
        return switch (row.tag()) {
            case "K" -> row.field(0).equals("default_route") && changed.contains(row.field(1)) ? null : row;
            case "PATH" -> row.field(0).equals("net") && gone(row.field(1)) ? null : row;
            case "LOWER" -> changed.contains(row.field(0)) || gone(row.field(1)) ? null : row;
            case "L" -> row.field(0).equals("ip_addr") ? address(row, changed) : row;
            default -> row;
        };
    }

    private @org.jspecify.annotations.Nullable Row address(Row row, Set<String> changed) {
        String[] words = row.field(1).strip().split("\\s+");
        String name = words[0].split("@")[0];
        if (!changed.contains(name)) {
            return row;
        }
        return gone(name)
                ? null
                : new Row("L", List.of("ip_addr", line(name, words.length > 1 ? words[1] : "UNKNOWN")));
    }

    private String line(String name, String state) {
        NetworkStanza stanza = after.get(name);
        String cidr = stanza == null || !stanza.auto() ? "" : stanza.cidr();
        return "%-16s %-14s %s"
                .formatted(name, state.toUpperCase(java.util.Locale.ROOT), cidr)
                .strip();
    }

    private List<String> ports(String name) {
        NetworkStanza stanza = after.get(name);
        return stanza == null || !stanza.auto() ? List.of() : stanza.below();
    }

    private String state(String name, Map<String, Row> nets) {
        return ports(name).stream().anyMatch(port -> {
                    Row row = nets.get(port);
                    return row != null && row.value("state").orElse("").equals("up");
                })
                ? "up"
                : "unknown";
    }

    /** A bridge bears the address of its port; one without ports an address that its name gives. */
    private String mac(String name, Map<String, Row> nets) {
        for (String port : ports(name)) {
            Row row = nets.get(port);
            if (row != null) {
                return row.value("mac").orElse("");
            }
        }
        return "5e:1b:aa:01:%02x:%02x".formatted(name.hashCode() >> 8 & 0xff, name.hashCode() & 0xff);
    }
}
