package dev.rackhouse.simulator.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in an initial RAM disk: copies of the files that initramfs-tools takes along, and the names of the modules. On
 * disk it is a plain archive with nothing in it that depends on when it was made: equal inputs, equal bytes. An archive
 * without its end is no archive, and a kernel that finds one stops.
 *
 * @param entries name without leading slash to content, sorted
 */
record Initramfs(String kernel, Map<String, Entry> entries) {
    private static final String MAGIC = "pretend-initramfs ";

    /** @param executable whether the file may be run: scripts that may not are passed over at boot */
    record Entry(boolean executable, String text) {}

    Initramfs {
        entries = new TreeMap<>(entries);
    }

    static String file(String kernel) {
        return "/boot/initrd.img-" + kernel;
    }

    /** Takes along what {@code mkinitramfs} would, from the files as they are now; udev rules and /etc/modules stay behind. */
    static Initramfs made(HostTree tree, String kernel, Predicate<String> left) {
        Map<String, Entry> entries = new TreeMap<>();
        for (String file : HostFiles.list(tree, "/etc/modprobe.d")) {
            if (file.endsWith(".conf") && !left.test(file)) {
                entries.put(file.substring(1), new Entry(false, HostFiles.text(tree, file)));
            }
        }
        String modules = HostFiles.lines(tree, "/etc/initramfs-tools/modules").stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        entries.put("conf/modules", new Entry(false, modules));
        String scripts = "/etc/initramfs-tools/scripts";
        for (String file : HostFiles.walk(tree, scripts)) {
            entries.put(
                    "scripts" + file.substring(scripts.length()),
                    new Entry(Files.isExecutable(tree.at(file)), HostFiles.text(tree, file)));
        }
        ModprobeConfig config = new ModprobeConfig(files(entries));
        Stream<String> vfio = Stream.of("vfio", "vfio_pci", "vfio_pci_core", "vfio_iommu_type1")
                .filter(module -> listed(modules).contains(module)
                        || config.namedBefore(module)
                        || (Modules.dependencies("vfio_pci").contains(module)
                                && (listed(modules).contains("vfio_pci") || config.namedBefore("vfio_pci"))))
                .map(Modules::vfioPath);
        Stream.concat(Modules.initramfsPaths().stream(), vfio)
                .forEach(path -> entries.put("usr/lib/modules/" + kernel + "/kernel/" + path, new Entry(false, "")));
        return new Initramfs(kernel, entries);
    }

    private static List<String> listed(String modules) {
        return modules.lines()
                .map(line -> Modules.normal(line.split("\\s+")[0]))
                .toList();
    }

    private static Map<String, String> files(Map<String, Entry> entries) {
        Map<String, String> files = new TreeMap<>();
        entries.forEach((name, entry) -> {
            if (name.startsWith("etc/modprobe.d/")) {
                files.put("/" + name, entry.text());
            }
        });
        return files;
    }

    /** The modprobe rules in it. */
    ModprobeConfig modprobe() {
        return new ModprobeConfig(files(entries));
    }

    /** Modules that it loads without being asked. */
    List<String> modules() {
        Entry list = entries.get("conf/modules");
        return list == null ? List.of() : listed(list.text());
    }

    /** Whether it holds a module. */
    boolean has(String module) {
        String end = "/" + module.replace('_', '-') + ".ko";
        return entries.keySet().stream().anyMatch(name -> name.endsWith(end));
    }

    /** The scripts that run before any module is loaded, in their order; those that may not be run are left out. */
    List<String> initTop() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("scripts/init-top/")
                        && entry.getValue().executable())
                .map(Map.Entry::getKey)
                .toList();
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, MAGIC + kernel + "\n");
        entries.forEach((name, entry) -> {
            byte[] text = entry.text().getBytes(StandardCharsets.UTF_8);
            put(out, (entry.executable() ? "x " : "- ") + text.length + " " + name + "\n");
            out.writeBytes(text);
            put(out, "\n");
        });
        put(out, "end " + entries.size() + "\n");
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads an archive; empty when it is none, or cut off. */
    static Optional<Initramfs> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<Initramfs> read(byte[] bytes) {
        Map<String, Entry> entries = new TreeMap<>();
        int at = lineEnd(bytes, 0);
        String first = text(bytes, 0, at);
        if (at < 0 || !first.startsWith(MAGIC)) {
            return Optional.empty();
        }
        int start = at + 1;
        while (start < bytes.length) {
            int end = lineEnd(bytes, start);
            String line = text(bytes, start, end);
            String[] words = line.split(" ", 3);
            if (words[0].equals("end") && words.length == 2) {
                return words[1].equals("" + entries.size()) && end == bytes.length - 1
                        ? Optional.of(new Initramfs(first.substring(MAGIC.length()), entries))
                        : Optional.empty();
            }
            if (end < 0 || words.length < 3 || !words[1].matches("\\d{1,8}")) {
                return Optional.empty();
            }
            int length = Integer.parseInt(words[1]);
            if (end + 1 + length >= bytes.length) {
                return Optional.empty();
            }
            entries.put(words[2], new Entry(words[0].equals("x"), text(bytes, end + 1, end + 1 + length)));
            start = end + 2 + length;
        }
        return Optional.empty();
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return to < from ? "" : new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }
}
