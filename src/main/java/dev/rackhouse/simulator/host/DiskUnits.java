package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Unit files on a pretend machine's disk: {@code /etc/systemd/system} before {@code /usr/lib/systemd/system}, drop-ins on top,
 * and the links that say what starts at boot. Only text is read and written here; nothing is started.
 */
final class DiskUnits {
    static final String LOCAL = "/etc/systemd/system/";
    /** Stands for {@code /usr/lib/systemd/system}: a pretend machine has its {@code /usr/lib} from the real one. */
    static final String PACKAGED = "/usr/.units/";
    private static final String WANTS = LOCAL + "multi-user.target.wants/";

    private final HostTree tree;

    DiskUnits(HostTree tree) {
        this.tree = tree;
    }

    /** How a unit stands to the next boot. */
    enum Enabling {
        ENABLED,
        DISABLED,
        /** It has no install section. */
        STATIC,
        ABSENT
    }

    /** One unit with its drop-ins: {@code Service.ExecStart} to the values in their order. */
    record UnitFile(String name, Map<String, List<String>> values) {
        List<String> all(String key) {
            return values.getOrDefault(key, List.of());
        }

        String last(String key) {
            List<String> found = all(key);
            return found.isEmpty() ? "" : found.getLast();
        }

        boolean oneShot() {
            return last("Service.Type").equals("oneshot");
        }

        boolean remains() {
            return last("Service.RemainAfterExit").matches("yes|true|1|on");
        }
    }

    Optional<UnitFile> find(String name) {
        String file = tree.exists(LOCAL + name) ? LOCAL + name : PACKAGED + name;
        Optional<String> text = tree.read(file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        read(text.get(), values);
        dropIns(name).forEach(more -> read(more, values));
        return Optional.of(new UnitFile(name, values));
    }

    private List<String> dropIns(String name) {
        return names(LOCAL + name + ".d").stream()
                .filter(n -> n.endsWith(".conf"))
                .map(n -> tree.read(LOCAL + name + ".d/" + n).orElse(""))
                .toList();
    }

    /** An empty assignment clears what was said before, as systemd has it. */
    private static void read(String text, Map<String, List<String>> values) {
        String section = "";
        for (String raw : text.replace("\\\n", " ").split("\n")) {
            String line = raw.strip();
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (line.indexOf('=') > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                String key = section + "." + line.substring(0, line.indexOf('=')).strip();
                String value = line.substring(line.indexOf('=') + 1).strip();
                if (value.isEmpty()) {
                    values.put(key, new ArrayList<>());
                } else {
                    values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
                }
            }
        }
    }

    Enabling enabling(String name) {
        Optional<UnitFile> unit = find(name);
        if (unit.isEmpty()) {
            return Enabling.ABSENT;
        }
        if (tree.exists(WANTS + name)) {
            return Enabling.ENABLED;
        }
        return unit.get().all("Install.WantedBy").isEmpty() ? Enabling.STATIC : Enabling.DISABLED;
    }

    void enable(String name) {
        tree.link(WANTS + name, tree.exists(LOCAL + name) ? LOCAL + name : PACKAGED + name);
    }

    void disable(String name) {
        tree.delete(WANTS + name);
    }

    /** What is started at boot. */
    List<String> wanted() {
        return names(WANTS);
    }

    private List<String> names(String folder) {
        Path place = tree.at(folder);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
