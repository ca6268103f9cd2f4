package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The units on a machine's disk, and the links that make them start at boot. Nothing is kept: every question reads the disk. */
final class UnitFiles {
    static final String FOLDER = "/etc/systemd/system";
    /** Stands for {@code /usr/lib/systemd/system}: a pretend machine has its {@code /usr/lib} from the real one. */
    static final String PACKAGED = "/usr/.units";

    private static final List<String> AT_BOOT = List.of(
            "local-fs",
            "sysinit",
            "basic",
            "network",
            "network-online",
            "timers",
            "multi-user",
            "graphical",
            "default");

    private final Box box;

    UnitFiles(Box box) {
        this.box = box;
    }

    private HostTree tree() {
        return box.tree();
    }

    static String full(String name) {
        return name.matches(".*\\.(service|timer|scope|socket|target|mount|path)") ? name : name + ".service";
    }

    Optional<UnitFile> find(String name) {
        String file = file(name);
        return name.contains("/") || !tree().exists(file)
                ? Optional.empty()
                : Optional.of(UnitFile.parse(full(name), HostFiles.text(tree(), file) + dropIns(name)));
    }

    /** What an administrator wrote goes before what a package brought. */
    private String file(String name) {
        String own = FOLDER + "/" + full(name);
        return tree().exists(own) ? own : PACKAGED + "/" + full(name);
    }

    private String dropIns(String name) {
        String folder = FOLDER + "/" + full(name) + ".d";
        StringBuilder text = new StringBuilder();
        tree().names(folder).stream()
                .filter(file -> file.endsWith(".conf"))
                .forEach(file -> text.append('\n').append(HostFiles.text(tree(), folder + "/" + file)));
        return text.toString();
    }

    /** Text of a unit's file, empty when it has none. */
    String text(String name) {
        return HostFiles.text(tree(), file(name)) + dropIns(name);
    }

    /** {@code enabled}, {@code disabled}, {@code static}; empty when there is no such file. */
    Optional<String> state(String name) {
        return find(name)
                .map(unit -> links(unit).stream().anyMatch(tree()::exists)
                        ? "enabled"
                        : unit.installable() ? "disabled" : "static");
    }

    private static List<String> links(UnitFile unit) {
        List<String> links = new ArrayList<>();
        for (String target : unit.names("Install.WantedBy")) {
            links.add(FOLDER + "/" + target + ".wants/" + unit.name());
        }
        for (String target : unit.names("Install.RequiredBy")) {
            links.add(FOLDER + "/" + target + ".requires/" + unit.name());
        }
        return links.stream().filter(link -> !link.contains("..")).toList();
    }

    /** Makes the links of a unit. @return what systemctl says about it */
    String enable(UnitFile unit) {
        StringBuilder said = new StringBuilder();
        for (String link : links(unit)) {
            if (!tree().exists(link)) {
                tree().link(link, file(unit.name()));
                said.append("Created symlink ")
                        .append(link)
                        .append(" → ")
                        .append(FOLDER)
                        .append('/')
                        .append(unit.name())
                        .append(".\n");
            }
        }
        return said.toString();
    }

    /** Takes the links of a unit away, also those that its file no longer asks for. */
    String disable(String name) {
        StringBuilder said = new StringBuilder();
        for (String folder : wants()) {
            String link = folder + "/" + full(name);
            if (tree().exists(link)) {
                tree().delete(link);
                tree().deleteIfEmpty(folder);
                said.append("Removed \"").append(link).append("\".\n");
            }
        }
        return said.toString();
    }

    private List<String> wants() {
        return tree().names(FOLDER).stream()
                .filter(name -> name.endsWith(".wants") || name.endsWith(".requires"))
                .map(name -> FOLDER + "/" + name)
                .toList();
    }

    /** Units that start at boot, each after those that its file names. */
    List<UnitFile> atBoot() {
        Set<UnitFile> enabled = new LinkedHashSet<>();
        for (String target : AT_BOOT) {
            for (String kind : List.of(".target.wants", ".target.requires")) {
                tree().names(FOLDER + "/" + target + kind)
                        .forEach(name -> find(name).ifPresent(enabled::add));
            }
        }
        List<UnitFile> ordered = new ArrayList<>();
        while (!enabled.isEmpty()) {
            UnitFile next = enabled.stream()
                    .filter(unit -> enabled.stream().noneMatch(other -> !other.equals(unit) && after(unit, other)))
                    .findFirst()
                    .orElse(enabled.iterator().next());
            enabled.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static boolean after(UnitFile unit, UnitFile other) {
        return unit.names("Unit.After").contains(other.name())
                || other.names("Unit.Before").contains(unit.name());
    }

    /** Names and states of all files, sorted. */
    List<String> all() {
        return tree().names(FOLDER).stream()
                .filter(name -> name.matches(".*\\.(service|timer|path|mount|socket)"))
                .map(name -> "%-40s %s".formatted(name, state(name).orElse("-")))
                .toList();
    }
}
