package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The packages of a pretend Ubuntu, kept where dpkg keeps them, {@code /var/lib/dpkg/status}: what is written there is what is
 * installed. What a package brings (a command, a unit, a kernel module) comes and goes with it. Guarded by its owner.
 */
final class Packages {
    private static final String STATUS = "/var/lib/dpkg/status";
    private static final Map<String, Known> TABLE = table();

    private final Box box;

    Packages(Box box) {
        this.box = box;
    }

    /**
     * A package that can be had.
     *
     * @param source {@code image}, {@code ubuntu}, or the name of another repository
     * @param brings {@code command:docker}, {@code unit:docker}, {@code module:nvidia-open}
     */
    record Known(String name, String version, int mib, String source, List<String> needs, List<String> brings) {}

    /** @param held whether it may not be changed by upgrades */
    record Installed(String version, boolean held) {}

    static @Nullable Known known(String name) {
        return TABLE.get(name);
    }

    /** What a stock cloud image holds. */
    void putImage() {
        SortedMap<String, Installed> image = new TreeMap<>();
        TABLE.values().stream()
                .filter(p -> p.source().equals("image"))
                .forEach(p -> image.put(p.name(), new Installed(p.version(), false)));
        write(image);
    }

    SortedMap<String, Installed> installed() {
        SortedMap<String, Installed> found = new TreeMap<>();
        for (String stanza : box.tree().read(STATUS).orElse("").split("\n\n")) {
            Map<String, String> fields = new LinkedHashMap<>();
            stanza.lines()
                    .filter(l -> l.contains(": "))
                    .forEach(l -> fields.put(l.substring(0, l.indexOf(':')), l.substring(l.indexOf(": ") + 2)));
            String name = fields.get("Package");
            if (name != null && fields.getOrDefault("Status", "").endsWith(" installed")) {
                found.put(
                        name,
                        new Installed(
                                fields.getOrDefault("Version", ""),
                                fields.getOrDefault("Status", "").startsWith("hold")));
            }
        }
        return found;
    }

    boolean has(String name) {
        return installed().containsKey(name);
    }

    /** Whether some installed package brings this. */
    boolean brings(String what) {
        return installed().keySet().stream()
                .map(TABLE::get)
                .filter(Objects::nonNull)
                .anyMatch(p -> p.brings().contains(what));
    }

    /** What must be installed for these, dependencies first, without what is there already. */
    List<Known> missing(Collection<String> names) {
        Set<Known> found = new LinkedHashSet<>();
        names.forEach(name -> collect(name, installed(), found));
        return List.copyOf(found);
    }

    private static void collect(String name, Map<String, Installed> there, Set<Known> found) {
        Known known = TABLE.get(name);
        if (known == null || there.containsKey(name) || found.contains(known)) {
            return;
        }
        known.needs().forEach(need -> collect(need, there, found));
        found.add(known);
    }

    /** Installed packages that need one of these, these included, what needs others first. */
    List<String> dependents(Collection<String> names) {
        Set<String> gone = new LinkedHashSet<>(names);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (String name : installed().keySet()) {
                Known known = TABLE.get(name);
                if (known != null
                        && !gone.contains(name)
                        && known.needs().stream().anyMatch(gone::contains)) {
                    grown |= gone.add(name);
                }
            }
        }
        List<String> order = new ArrayList<>(gone);
        order.retainAll(installed().keySet());
        return order.reversed();
    }

    void install(Collection<Known> chosen) {
        SortedMap<String, Installed> now = installed();
        for (Known known : chosen) {
            now.put(known.name(), new Installed(known.version(), false));
            box.tree().line("/var/lib/dpkg/info/" + known.name() + ".list", "/.");
            known.brings().forEach(this::bring);
        }
        write(now);
    }

    void remove(Collection<String> names) {
        SortedMap<String, Installed> now = installed();
        for (String name : names) {
            now.remove(name);
            box.tree().delete("/var/lib/dpkg/info/" + name + ".list");
            Known known = TABLE.get(name);
            if (known != null) {
                known.brings().forEach(this::takeAway);
            }
        }
        write(now);
    }

    void hold(String name, boolean held) {
        SortedMap<String, Installed> now = installed();
        now.computeIfPresent(name, (key, there) -> new Installed(there.version(), held));
        write(now);
    }

    private void bring(String what) {
        String name = what.substring(what.indexOf(':') + 1);
        if (what.startsWith("command:")) {
            Shims.call(box.tree(), name);
            box.tree().link("/usr/bin/" + name, "/usr/sbin/" + name);
        } else if (what.startsWith("unit:")) {
            UnitFiles units = new UnitFiles(box);
            box.tree().write(UnitFiles.PACKAGED + "/" + name + ".service", unitText(name));
            units.find(name).filter(UnitFile::installable).ifPresent(units::enable);
        }
    }

    private void takeAway(String what) {
        String name = what.substring(what.indexOf(':') + 1);
        if (what.startsWith("command:")) {
            box.tree().delete("/usr/bin/" + name);
            box.tree().delete("/usr/sbin/" + name);
        } else if (what.startsWith("unit:")) {
            new UnitFiles(box).disable(name);
            box.tree().delete(UnitFiles.PACKAGED + "/" + name + ".service");
        }
    }

    /** As Ubuntu 24.04 ships them: the persistence daemon without an install section, started by udev, and told not to persist. */
    private static String unitText(String name) {
        return switch (name) {
            case "nvidia-persistenced" -> """
                    [Unit]
                    Description=NVIDIA Persistence Daemon
                    Wants=syslog.target
                    StopWhenUnneeded=true
                    Before=systemd-backlight@backlight:nvidia_0.service

                    [Service]
                    Type=forking
                    ExecStart=/usr/bin/nvidia-persistenced --user nvidia-persistenced --no-persistence-mode --verbose
                    ExecStopPost=/bin/rm -rf /var/run/nvidia-persistenced
                    """;
            case "docker" -> """
                    [Unit]
                    Description=Docker Application Container Engine
                    After=network-online.target containerd.service
                    Wants=network-online.target containerd.service

                    [Service]
                    Type=notify
                    ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock

                    [Install]
                    WantedBy=multi-user.target
                    """;
            default -> """
                    [Unit]
                    Description=%1$s

                    [Service]
                    ExecStart=/usr/bin/%1$s

                    [Install]
                    WantedBy=multi-user.target
                    """.formatted(name);
        };
    }

    private void write(SortedMap<String, Installed> packages) {
        StringBuilder text = new StringBuilder();
        packages.forEach((name, there) -> text.append("Package: ")
                .append(name)
                .append("\nStatus: ")
                .append(there.held() ? "hold" : "install")
                .append(" ok installed\nArchitecture: amd64\nVersion: ")
                .append(there.version())
                .append("\n\n"));
        box.tree().write(STATUS, text.toString());
    }

    private static Map<String, Known> table() {
        Map<String, Known> table = new LinkedHashMap<>();
        for (String[] row : Tables.rows("packages.tsv", 6)) {
            table.put(
                    row[0],
                    new Known(
                            row[0],
                            row[1],
                            Integer.parseInt(row[2]),
                            row[3],
                            row[4].isEmpty() ? List.of() : List.of(row[4].split(",")),
                            row[5].isEmpty() ? List.of() : List.of(row[5].split(" "))));
        }
        return table;
    }
}
