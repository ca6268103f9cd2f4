package dev.rackhouse.passthrough;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code iface} of {@code /etc/network/interfaces}; several blocks of one name are merged. ifupdown2 reads options with hyphens and
 * with underscores alike.
 *
 * @param lines its options as written
 */
record InterfaceStanza(String name, List<Ipv4Network> addresses, List<String> lines) {

    static final String FILE = "/etc/network/interfaces";

    private static final Pattern SOURCE = Pattern.compile(".*\\s-s\\s+'?([0-9./]+)'?.*MASQUERADE.*");

    static List<InterfaceStanza> all(List<String> file) {
        Map<String, InterfaceStanza> found = new LinkedHashMap<>();
        InterfaceStanza current = null;
        for (String raw : file) {
            String line = raw.strip();
            String[] words = line.split("\\s+");
            switch (words[0]) {
                case "iface" ->
                    current = words.length > 1 && !words[1].equals("lo")
                            ? found.computeIfAbsent(
                                    words[1], n -> new InterfaceStanza(n, new ArrayList<>(), new ArrayList<>()))
                            : null;
                case "auto", "allow-hotplug", "source", "mapping", "source-directory" -> current = null;
                default -> {
                    if (current != null && !line.startsWith("#")) {
                        current.lines().add(line);
                        if (words[0].equals("address") && words.length > 1) {
                            InterfaceStanza stanza = Objects.requireNonNull(current);
                            Ipv4Network.find(words[1]).ifPresent(stanza.addresses()::add);
                        }
                    }
                }
            }
        }
        // the older spelling: address and netmask on lines of their own
        for (InterfaceStanza stanza : found.values()) {
            stanza.values("netmask").stream()
                    .findFirst()
                    .ifPresent(mask -> stanza.addresses().replaceAll(a -> a.prefix() == 32 ? a.withMask(mask) : a));
        }
        return List.copyOf(found.values());
    }

    /** The values of an option, written with hyphens here. */
    List<String> values(String option) {
        return lines.stream()
                .map(l -> l.split("\\s+", 2))
                .filter(w -> w.length == 2 && w[0].replace('_', '-').equals(option))
                .map(w -> w[1].strip())
                .toList();
    }

    /** Names that an option lists; {@code none} is no name. */
    List<String> names(String... options) {
        return Arrays.stream(options)
                .flatMap(o -> values(o).stream())
                .flatMap(v -> Arrays.stream(v.split("\\s+")))
                .filter(n -> !n.equals("none") && !n.equals("regex"))
                .toList();
    }

    /** A bridge for guests only: an address, no port, no gateway. */
    boolean internal() {
        return values("bridge-ports").contains("none")
                && !addresses.isEmpty()
                && values("gateway").isEmpty();
    }

    /** The networks whose addresses it translates. */
    List<Ipv4Network> masqueraded() {
        List<Ipv4Network> found = new ArrayList<>();
        for (String line : lines) {
            Matcher m = SOURCE.matcher(line);
            if (line.contains("post-up") && m.matches()) {
                Ipv4Network.find(m.group(1)).ifPresent(found::add);
            }
        }
        return found;
    }

    /** {@code L /etc/network/interfaces vmbr0: bridge-ports wlp12s0} */
    String line(String text) {
        return "L " + FILE + " " + name + ": " + text;
    }
}
