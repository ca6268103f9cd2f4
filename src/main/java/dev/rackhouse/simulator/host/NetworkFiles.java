package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.NetworkStanza;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the files say about the network of a machine that boots: how interfaces are called, and whether the one with the
 * cable to everybody else is still the one that is configured. On Proxmox a staged {@code interfaces.new} is what counts at
 * boot: {@code pvenetcommit} puts it into force before the network starts (pve-manager 8 and 9).
 *
 * @param interfaces text of {@code /etc/network/interfaces} with what it sources; empty when the machine does without
 * @param pins MAC address to name, from {@code .link} files
 */
record NetworkFiles(String interfaces, Map<String, String> pins) {
    static final String LIVE = "/etc/network/interfaces";
    static final String STAGED = LIVE + ".new";

    static NetworkFiles read(HostTree tree, ProbeDump board) {
        StringBuilder text = new StringBuilder(HostFiles.text(tree, staged(tree, board) ? STAGED : LIVE));
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

    private static boolean staged(HostTree tree, ProbeDump board) {
        return board.lines().containsKey("pveversion") && Files.isRegularFile(tree.at(STAGED));
    }

    /** What was staged is live now, as far as there is something. @return whether there was */
    static boolean commit(HostTree tree, ProbeDump board) {
        boolean staged = staged(tree, board);
        if (staged) {
            makeLive(tree);
        }
        return staged;
    }

    /** The staged file takes the place of the live one. */
    static void makeLive(HostTree tree) {
        try {
            Files.move(tree.at(STAGED), tree.at(LIVE), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Text of one of the two files when the dump was taken; empty when there was none. */
    static String dumped(ProbeDump dump, boolean staged) {
        if (staged && dump.fact("interfaces_new").isEmpty()) {
            return "";
        }
        List<String> next =
                dump.rows("STAGED").stream().map(row -> row.field(0)).toList();
        List<String> lines = staged && !next.isEmpty() ? next : dump.lines().getOrDefault(LIVE, List.of());
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The machine as it runs with these interfaces. */
    ProbeDump shown(ProbeDump dump) {
        String before = dumped(dump, false);
        return interfaces.isBlank() || interfaces.equals(before)
                ? dump
                : LiveNetwork.of(before, interfaces).shown(dump);
    }

    /** Address under which a machine is known: that of the interface with the default route. */
    static String address(ProbeDump dump) {
        String device = dump.fact("default_route").orElse("");
        for (String line : dump.lines().getOrDefault("ip_addr", List.of())) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 2 && words[0].split("@")[0].equals(device)) {
                return words[2].split("/")[0];
            }
        }
        return "127.0.0.1";
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
     * Whether the machine is reached after the boot: under its old address, on an interface that comes up by itself and that
     * the cable to everybody else carries.
     *
     * @param dump the machine as it is now, its interfaces by their present names
     * @param working addresses of the functions that have their own driver
     */
    boolean up(ProbeDump dump, Set<String> working) {
        Set<String> plugged = cables(dump).stream()
                .filter(nic -> working.contains(PciFromDump.lastAddress(nic.field(2))))
                .map(nic -> nic.field(1))
                .collect(Collectors.toSet());
        if (interfaces.isBlank()) {
            return !plugged.isEmpty();
        }
        String address = address(dump);
        Map<String, NetworkStanza> stanzas = LiveNetwork.byName(interfaces);
        return stanzas.values().stream()
                .filter(stanza -> stanza.auto() && (stanza.address().equals(address) || leased(stanza, dump)))
                .anyMatch(stanza -> carriers(stanza.name(), stanzas).stream().anyMatch(plugged::contains));
    }

    private static boolean leased(NetworkStanza stanza, ProbeDump dump) {
        return stanza.method().equals("dhcp") && dump.facts("default_route").contains(stanza.name());
    }

    /** An interface and all that is below it. */
    private static Set<String> carriers(String name, Map<String, NetworkStanza> stanzas) {
        Set<String> all = new LinkedHashSet<>(List.of(name));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (String upper : List.copyOf(all)) {
                NetworkStanza stanza = stanzas.get(upper);
                grew |= stanza != null && all.addAll(stanza.below());
            }
        }
        return all;
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
