package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the files say about the network of a machine that boots: how interfaces are called, and whether the one with the
 * cable to everybody else is still the one that is configured.
 *
 * @param interfaces text of {@code /etc/network/interfaces} with what it sources; empty when the machine does without
 * @param pins MAC address to name, from {@code .link} files
 */
record NetworkFiles(String interfaces, Map<String, String> pins) {
    static NetworkFiles read(HostTree tree) {
        StringBuilder text = new StringBuilder(HostFiles.text(tree, "/etc/network/interfaces"));
        HostFiles.list(tree, "/etc/network/interfaces.d")
                .forEach(file -> text.append('\n').append(HostFiles.text(tree, file)));
        Map<String, String> pins = new LinkedHashMap<>();
        for (String folder : new String[] {"/usr/local/lib/systemd/network", "/etc/systemd/network"}) {
            for (String file : HostFiles.list(tree, folder)) {
                if (file.endsWith(".link")) {
                    String mac = "";
                    String name = "";
                    for (String line : HostFiles.lines(tree, file)) {
                        int equals = line.indexOf('=');
                        String key = equals < 0 ? "" : line.substring(0, equals).strip();
                        String value = line.substring(equals + 1).strip();
                        switch (key) {
                            case "MACAddress", "PermanentMACAddress" -> mac = value.toLowerCase(Locale.ROOT);
                            case "Name" -> name = value;
                            default -> {}
                        }
                    }
                    if (!mac.isEmpty() && name.matches("[A-Za-z0-9_.-]{1,15}")) {
                        pins.putIfAbsent(mac, name);
                    }
                }
            }
        }
        return new NetworkFiles(text.toString(), pins);
    }

    /** Interfaces of PCI cards that are called otherwise by {@code .link} files: old name to new name. */
    Map<String, String> renames(ProbeDump board) {
        Map<String, String> names = new LinkedHashMap<>();
        board.paths("net").forEach((name, row) -> {
            String pin = pins.get(row.value("mac").orElse("").toLowerCase(Locale.ROOT));
            if (pin != null && row.field(2).contains("/pci") && !pin.equals(name)) {
                names.put(name, pin);
            }
        });
        return names;
    }

    /** A field of a dump with interfaces called otherwise: the name itself, as the end of a path, or as the first word. */
    static String renamed(String field, Map<String, String> names) {
        String result = field;
        for (Map.Entry<String, String> name : names.entrySet()) {
            if (field.equals(name.getKey())) {
                return name.getValue();
            }
            if (field.endsWith("/" + name.getKey())) {
                result = field.substring(0, field.length() - name.getKey().length()) + name.getValue();
            } else if (field.startsWith(name.getKey() + " ")) {
                result = name.getValue() + field.substring(name.getKey().length());
            }
        }
        return result;
    }

    /**
     * Whether the machine is reached after the boot.
     *
     * @param dump the machine as it is now, its interfaces by their present names
     * @param working addresses of the functions that have their own driver
     */
    boolean up(ProbeDump dump, Set<String> working) {
        for (Row nic : cables(dump)) {
            boolean configured = interfaces.isBlank() || interfaces.lines().anyMatch(line -> names(line, nic.field(1)));
            if (configured && working.contains(PciFromDump.lastAddress(nic.field(2)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(String line, String name) {
        return !line.strip().startsWith("#")
                && java.util.Arrays.asList(line.strip().split("\\s+")).contains(name);
    }

    /** Physical interfaces below the one with the default route. */
    private static Set<Row> cables(ProbeDump dump) {
        Map<String, Row> nets = dump.paths("net");
        Set<String> below = new LinkedHashSet<>(dump.facts("default_route"));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Row lower : dump.rows("LOWER")) {
                if (below.contains(lower.field(0))) {
                    grew |= below.add(lower.field(1));
                }
            }
        }
        Set<Row> cables = new LinkedHashSet<>();
        nets.forEach((name, row) -> {
            if (below.contains(name) && row.field(2).contains("/pci")) {
                cables.add(row);
            }
        });
        return cables;
    }
}
