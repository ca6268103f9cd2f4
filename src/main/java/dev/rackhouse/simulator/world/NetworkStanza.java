package dev.rackhouse.simulator.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One interface as {@code /etc/network/interfaces} describes it for IPv4 (interfaces(5), ifupdown2 3.2).
 *
 * @param auto whether it is brought up at boot
 * @param method {@code static}, {@code manual}, {@code dhcp}, {@code loopback}
 * @param options lines of the stanza, blanks squeezed, {@code address 10.0.10.42/24}
 * @param comments lines after {@code #}, which Proxmox keeps with the stanza above them
 */
public record NetworkStanza(String name, boolean auto, String method, List<String> options, List<String> comments) {
    private static final Set<String> NO_OPTION =
            Set.of("source", "source-directory", "mapping", "rename", "no-auto-down", "no-scripts");

    public NetworkStanza {
        options = List.copyOf(options);
        comments = List.copyOf(comments);
    }

    /** All stanzas in their order; what is not IPv4 is left out. */
    public static List<NetworkStanza> parse(String text) {
        Set<String> auto = new LinkedHashSet<>();
        Map<String, String> methods = new LinkedHashMap<>();
        Map<String, List<String>> options = new LinkedHashMap<>();
        Map<String, List<String>> comments = new LinkedHashMap<>();
        String current = "";
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip().replaceAll("\\s+", " ");
            String[] words = line.split(" ");
            if (line.startsWith("#")) {
                comments.computeIfAbsent(current, name -> new ArrayList<>())
                        .add(line.substring(1).strip());
            } else if (words[0].equals("auto") || words[0].startsWith("allow-")) {
                auto.addAll(List.of(words).subList(1, words.length));
                current = "";
            } else if (words[0].equals("iface") && words.length > 3) {
                current = words[2].equals("inet") ? words[1] : "";
                if (!current.isEmpty()) {
                    methods.putIfAbsent(current, words[3]);
                }
            } else if (NO_OPTION.contains(words[0])) {
                current = "";
            } else if (!line.isEmpty() && !current.isEmpty()) {
                options.computeIfAbsent(current, name -> new ArrayList<>()).add(line);
            }
        }
        List<NetworkStanza> stanzas = new ArrayList<>();
        methods.forEach((name, method) -> stanzas.add(new NetworkStanza(
                name,
                auto.contains(name),
                method,
                options.getOrDefault(name, List.of()),
                comments.getOrDefault(name, List.of()))));
        return stanzas;
    }

    /** Value of an option, empty when there is none. Bridges and bonds write their options with {@code -} or {@code _}. */
    public String option(String key) {
        for (String option : options) {
            int blank = option.indexOf(' ');
            if (blank > 0 && option.substring(0, blank).replace('_', '-').equals(key)) {
                return option.substring(blank + 1);
            }
        }
        return "";
    }

    /** {@code 10.0.10.42/24}, empty when it has no address of its own. */
    public String cidr() {
        String address = option("address");
        String mask = option("netmask");
        return address.isEmpty() || address.contains("/") || mask.isEmpty() ? address : address + "/" + prefix(mask);
    }

    /** {@code 10.0.10.42}, empty when it has no address of its own. */
    public String address() {
        return cidr().split("/")[0];
    }

    public boolean bridge() {
        return !option("bridge-ports").isEmpty();
    }

    /** Interfaces directly below: ports of a bridge, members of a bond, what a VLAN is on. */
    public List<String> below() {
        List<String> below = new ArrayList<>();
        for (String key : List.of("bridge-ports", "bond-slaves", "slaves", "vlan-raw-device")) {
            for (String word : option(key).split(" ")) {
                if (!word.isEmpty() && !word.equals("none")) {
                    below.add(word);
                }
            }
        }
        int dot = name.lastIndexOf('.');
        if (dot > 0 && below.isEmpty()) {
            below.add(name.substring(0, dot));
        }
        return below;
    }

    /** Length of a mask like {@code 255.255.255.0}; a length stays one. */
    public static String prefix(String mask) {
        if (!mask.contains(".")) {
            return mask;
        }
        int bits = 0;
        for (String part : mask.split("\\.")) {
            bits += Integer.bitCount(Integer.parseInt(part));
        }
        return Integer.toString(bits);
    }
}
