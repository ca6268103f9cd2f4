package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of {@code /sys} that do something when they are written to: drivers let go and take hold, devices leave and
 * come back, virtual functions and huge pages come and go. Whoever may have written to them, a file transfer or a command, asks {@link #look}
 * afterwards; what is found takes effect in the order of the writes. Two writes to one file between two looks count once,
 * with the later text; what was appended counts line by line.
 */
final class ControlFiles {
    private static final Pattern DRIVER =
            Pattern.compile("/sys/bus/pci/drivers/([^/]+)/(bind|unbind|new_id|remove_id)");
    private static final Pattern PAGES =
            Pattern.compile("/sys/devices/system/node/node(\\d+)/hugepages/hugepages-(\\d+)kB/nr_hugepages");
    /** Files that are emptied after each look, so that every line in them is a write of its own. */
    private static final Pattern BY_LINE =
            Pattern.compile("/sys/bus/pci/(drivers/[^/]+/(bind|unbind|new_id|remove_id)|drivers_probe)");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,8}");
    private static final List<String> OF_DRIVER = List.of("bind", "unbind", "new_id", "remove_id");
    private static final List<String> OF_BUS = List.of("/sys/bus/pci/drivers_probe", "/sys/bus/pci/rescan");

    private final PciState pci;
    private final MachineMemory memory;
    private final Map<String, Stamp> seen = new HashMap<>();

    private record Stamp(FileTime changed, long size) {}

    private record Write(String file, FileTime when, String text) {}

    ControlFiles(PciState pci, MachineMemory memory) {
        this.pci = pci;
        this.memory = memory;
    }

    /** Puts the files there to which one writes; what is there already stays. */
    static void furnish(HostTree tree, Iterable<String> drivers, Map<String, String> functions) {
        for (String driver : drivers) {
            OF_DRIVER.forEach(name -> empty(tree, "/sys/bus/pci/drivers/" + driver + "/" + name));
        }
        OF_BUS.forEach(file -> empty(tree, file));
        functions.values().forEach(path -> empty(tree, path + "/remove"));
    }

    private static void empty(HostTree tree, String file) {
        if (!tree.exists(file)) {
            tree.write(file, "");
        }
    }

    /** The tree was written anew: nothing of what lies in it now was written by anybody. */
    void fresh(HostTree tree) {
        seen.clear();
        watched(tree).forEach(file -> stamp(tree, file));
    }

    private List<String> watched(HostTree tree) {
        List<String> files = new ArrayList<>(OF_BUS);
        Path drivers = tree.at("/sys/bus/pci/drivers");
        if (Files.isDirectory(drivers)) {
            try (var all = Files.newDirectoryStream(drivers)) {
                for (Path driver : all) {
                    OF_DRIVER.forEach(name -> files.add("/sys/bus/pci/drivers/" + driver.getFileName() + "/" + name));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        pci.paths().values().forEach(path -> {
            files.add(path + "/driver_override");
            files.add(path + "/remove");
        });
        pci.cards().forEach(card -> files.add(card + "/sriov_numvfs"));
        files.addAll(memory.hugePages().files());
        return files;
    }

    /** Lets take effect what was written since the last look. @return whether there was anything */
    boolean look(HostTree tree) {
        List<Write> writes = new ArrayList<>();
        for (String file : watched(tree)) {
            Stamp before = seen.get(file);
            Stamp now = stamp(tree, file);
            if (now != null && !now.equals(before) && !(before == null && now.size() == 0)) {
                writes.add(new Write(
                        file, now.changed(), HostFiles.text(tree, file).strip()));
            }
        }
        writes.sort(Comparator.comparing(Write::when));
        for (Write write : writes) {
            if (BY_LINE.matcher(write.file()).matches()) {
                write.text().lines().map(String::strip).forEach(line -> apply(write.file(), line, tree));
            } else {
                apply(write.file(), write.text(), tree);
            }
        }
        if (!writes.isEmpty()) {
            writes.stream()
                    .map(Write::file)
                    .filter(file -> !file.endsWith("nr_hugepages"))
                    .forEach(file -> settle(tree, file));
            memory.hugePages().showIn(tree);
            fresh(tree);
        }
        return !writes.isEmpty();
    }

    private @org.jspecify.annotations.Nullable Stamp stamp(HostTree tree, String file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(tree.at(file), BasicFileAttributes.class);
            Stamp stamp = new Stamp(attributes.lastModifiedTime(), attributes.size());
            seen.put(file, stamp);
            return stamp;
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one reads in such a file after the write: nothing, or what holds now. */
    private void settle(HostTree tree, String file) {
        if (file.endsWith("/driver_override")) {
            String address = PciFromDump.lastAddress(file);
            if (tree.exists(file)) {
                tree.line(file, pci.overrides().getOrDefault(address, "(null)"));
            }
        } else if (file.endsWith("/sriov_numvfs")) {
            tree.line(file, "" + pci.virtualCounts().getOrDefault(PciFromDump.lastAddress(file), 0));
        } else if (tree.exists(file)) {
            tree.write(file, "");
        }
    }

    private void apply(String file, String text, HostTree tree) {
        Matcher driver = DRIVER.matcher(file);
        Matcher pages = PAGES.matcher(file);
        if (driver.matches()) {
            if (driver.group(2).equals("unbind") && pci.driver(text).orElse("").equals(driver.group(1))) {
                pci.virtualFunctions(text, 0, false, tree);
            }
            pci.change(tree, true, drivers -> driver(driver.group(1), driver.group(2), text, drivers));
        } else if (pages.matches() && NUMBER.matcher(text).matches()) {
            memory.hugePages()
                    .resize(Integer.parseInt(pages.group(1)), Integer.parseInt(pages.group(2)), Integer.parseInt(text));
        } else if (file.endsWith("/driver_override")) {
            String address = PciFromDump.lastAddress(file);
            String name = text.equals("(null)")
                    ? ""
                    : text.lines().findFirst().orElse("").strip();
            pci.change(tree, true, drivers -> drivers.override(address, name));
        } else if (file.endsWith("/sriov_numvfs") && NUMBER.matcher(text).matches()) {
            String probed = HostFiles.text(tree, file.replace("numvfs", "drivers_autoprobe"));
            pci.virtualFunctions(
                    PciFromDump.lastAddress(file),
                    Integer.parseInt(text),
                    !probed.strip().equals("0"),
                    tree);
        } else if (file.equals("/sys/bus/pci/drivers_probe")) {
            pci.change(tree, true, drivers -> drivers.probe(text));
        } else if (file.equals("/sys/bus/pci/rescan") && text.equals("1")) {
            pci.rescan(tree);
        } else if (file.endsWith("/remove") && text.equals("1")) {
            pci.remove(PciFromDump.lastAddress(file), tree);
        }
    }

    private static void driver(String name, String verb, String text, DriverBinding drivers) {
        String held = drivers.drivers().get(text);
        switch (verb) {
            case "unbind" -> {
                if (name.equals(held)) {
                    drivers.unbind(text);
                }
            }
            case "bind" -> {
                if (held == null && drivers.takes(name, text)) {
                    drivers.bind(text, name);
                }
            }
            default -> {
                if (name.equals("vfio-pci") && text.matches("[0-9a-f]{4}[ :][0-9a-f]{4}.*")) {
                    drivers.dynamicId(text.substring(0, 9).replace(' ', ':'), verb.equals("new_id"));
                }
            }
        }
    }
}
