package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.warning;

import dev.rackhouse.inventory.fact.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks of {@code /etc/network/interfaces} that Proxmox itself does not make. */
final class NetworkRules {

    private static final Pattern SOURCE = Pattern.compile(".*\\s-s\\s+'?([0-9./]+)'?.*MASQUERADE.*");

    private NetworkRules() {}

    /** One {@code iface}; several blocks of one name are merged. */
    private record Stanza(String name, List<Ipv4Network> addresses, List<String> lines) {

        boolean has(String start) {
            return lines.stream().anyMatch(l -> l.replace('_', '-').startsWith(start));
        }

        /** A bridge for guests only: an address, no port, no gateway. */
        boolean internal() {
            return lines.stream().anyMatch(l -> l.replace('_', '-').matches("bridge-ports\\s+none"))
                    && !addresses.isEmpty()
                    && !has("gateway");
        }

        List<Ipv4Network> masqueraded() {
            List<Ipv4Network> found = new ArrayList<>();
            for (String line : lines) {
                Matcher m = SOURCE.matcher(line);
                if (line.contains("post-up") && m.matches()) {
                    Ipv4Network network = Ipv4Network.find(m.group(1)).orElse(null);
                    if (network != null) {
                        found.add(network);
                    }
                }
            }
            return found;
        }
    }

    static List<Finding> check(HostFacts facts) {
        List<Stanza> stanzas = stanzas(facts.lines("/etc/network/interfaces"));
        List<Finding> found = new ArrayList<>(duplicates(stanzas));
        found.addAll(halfTranslated(stanzas));
        return found;
    }

    private static List<Finding> duplicates(List<Stanza> stanzas) {
        List<Finding> found = new ArrayList<>();
        for (Stanza one : stanzas) {
            for (Stanza other : stanzas) {
                if (one == other) {
                    continue;
                }
                for (Ipv4Network a : one.addresses()) {
                    for (Ipv4Network b : other.addresses()) {
                        if (a.overlaps(b) && a.prefix() < 32 && b.prefix() < 32) {
                            found.add(Finding.blocker(
                                    "net.dup-addr",
                                    new Target.Iface(one.name()),
                                    "%s has %s and %s has %s: two routes to one network, the first one wins, and guests behind the other get no answers."
                                            .formatted(one.name(), a, other.name(), b),
                                    "Renumber one of them.",
                                    "L /etc/network/interfaces " + one.name() + " address " + a,
                                    "L /etc/network/interfaces " + other.name() + " address " + b));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static List<Finding> halfTranslated(List<Stanza> stanzas) {
        List<Stanza> internal = stanzas.stream().filter(Stanza::internal).toList();
        boolean some = internal.stream().anyMatch(s -> !s.masqueraded().isEmpty());
        if (!some) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        for (Stanza bridge : internal) {
            boolean byOther = stanzas.stream()
                    .filter(s -> s != bridge)
                    .anyMatch(s -> s.masqueraded().stream()
                            .anyMatch(source -> bridge.addresses().stream().anyMatch(source::overlaps)
                                    && s.addresses().stream().noneMatch(source::overlaps)));
            if (bridge.masqueraded().isEmpty() && !byOther) {
                found.add(warning(
                        "net.nat-half",
                        new Target.Iface(bridge.name()),
                        bridge.name()
                                + " is an internal network without address translation, while another one has it: its guests do"
                                + " not reach the Internet.",
                        "Add a MASQUERADE rule for its network, if its guests are to reach out.",
                        "L /etc/network/interfaces iface " + bridge.name() + ": no MASQUERADE"));
            }
        }
        return found;
    }

    private static List<Stanza> stanzas(List<String> lines) {
        Map<String, Stanza> found = new LinkedHashMap<>();
        Stanza current = null;
        for (String raw : lines) {
            String line = raw.strip();
            String[] words = line.split("\\s+");
            switch (words[0]) {
                case "iface" ->
                    current = words.length > 1 && !words[1].equals("lo")
                            ? found.computeIfAbsent(words[1], n -> new Stanza(n, new ArrayList<>(), new ArrayList<>()))
                            : null;
                case "auto", "allow-hotplug", "source", "mapping", "source-directory" -> current = null;
                default -> {
                    if (current != null && !line.startsWith("#")) {
                        current.lines().add(line);
                        if (words[0].equals("address") && words.length > 1) {
                            Stanza stanza = Objects.requireNonNull(current);
                            Ipv4Network.find(words[1]).ifPresent(stanza.addresses()::add);
                        }
                    }
                }
            }
        }
        // the older spelling: address and netmask on lines of their own
        for (Stanza stanza : found.values()) {
            stanza.lines().stream()
                    .filter(l -> l.startsWith("netmask "))
                    .findFirst()
                    .ifPresent(mask -> stanza.addresses()
                            .replaceAll(a -> a.prefix() == 32
                                    ? a.withMask(mask.substring(8).strip())
                                    : a));
        }
        return List.copyOf(found.values());
    }
}
