package dev.rackhouse.preparation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Files with one kernel module a line, and what modprobe's own files say about vfio-pci. */
final class ModuleLists {

    private static final Pattern IDS = Pattern.compile("\\s*options\\s+vfio[-_]pci\\s+.*\\bids=(\\S+).*");
    private static final Pattern AGAINST =
            Pattern.compile("\\s*(?:blacklist\\s+vfio[-_]pci|install\\s+vfio[-_]pci\\s+.*)\\s*");

    private ModuleLists() {}

    /** The modules for a kernel of this version: vfio_virqfd is part of vfio since 6.2 and its own module is gone. */
    static List<String> needed(boolean kernelAtLeast62) {
        List<String> modules = new ArrayList<>(List.of("vfio", "vfio_iommu_type1", "vfio_pci"));
        if (!kernelAtLeast62) {
            modules.add("vfio_virqfd");
        }
        return modules;
    }

    /** Modules that are loaded at boot already, by the administrator's own files. */
    static Set<String> loadedAtBoot(HostFiles files) {
        List<HostFile> all = new ArrayList<>(files.in("/etc/modules-load.d/"));
        files.find(HostFiles.MODULES).ifPresent(all::add);
        return all.stream()
                .filter(f -> !f.path().equals(EarlyBinding.MODULES_LOAD))
                .flatMap(f -> f.content().lines())
                .map(l -> l.strip().replace('-', '_'))
                .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String file(List<String> modules) {
        return EarlyBinding.HEAD + modules.stream().map(m -> m + "\n").collect(Collectors.joining());
    }

    /** The file with this line at its end, unless it stands there. */
    static String withLine(String text, String line) {
        return text.lines().anyMatch(l -> l.strip().replace('-', '_').equals(line.replace('-', '_')))
                ? text
                : text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + line + "\n";
    }

    static String withoutLine(String text, String line) {
        return text.isEmpty()
                ? text
                : List.of(text.split("(?<=\n)")).stream()
                        .filter(l -> !l.strip().equals(line))
                        .collect(Collectors.joining());
    }

    /** Ids by which an option of vfio-pci takes devices at boot, with the file where it stands. */
    record ByIds(String path, String line, List<String> ids) {
        boolean matches(String deviceIds) {
            return ids.stream().anyMatch(i -> i.equals(deviceIds));
        }
    }

    static List<ByIds> byIds(HostFiles files) {
        List<ByIds> found = new ArrayList<>();
        for (HostFile file : files.in("/etc/modprobe.d/")) {
            for (String line : file.content().lines().toList()) {
                Matcher m = IDS.matcher(line);
                if (m.matches()) {
                    List<String> ids = new ArrayList<>();
                    for (String each : m.group(1).split(",")) {
                        String[] parts = each.toLowerCase(java.util.Locale.ROOT).split(":");
                        if (parts.length >= 2) {
                            ids.add(parts[0] + ":" + parts[1]);
                        }
                    }
                    found.add(new ByIds(file.path(), line.strip(), ids));
                }
            }
        }
        return found;
    }

    /** Lines that keep vfio-pci from being loaded. */
    static List<String> against(HostFiles files) {
        return files.in("/etc/modprobe.d/").stream()
                .flatMap(f -> f.content()
                        .lines()
                        .filter(l -> AGAINST.matcher(l).matches())
                        .map(l -> f.path() + ": " + l.strip()))
                .toList();
    }
}
