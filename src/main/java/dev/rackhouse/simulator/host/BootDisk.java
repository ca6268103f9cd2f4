package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine finds on its disks when it is switched on: the words and the RAM disk of the boot loader in use, and the
 * files that count once the root is mounted.
 *
 * @param commandLine as the kernel will show it in {@code /proc/cmdline}
 */
record BootDisk(
        String commandLine,
        Initramfs image,
        ModprobeConfig modprobe,
        List<String> modules,
        Map<String, String> overrides,
        NetworkFiles network) {

    /** What is there, or empty when the boot loader or the kernel stops. */
    static Optional<BootDisk> read(HostTree tree, EspLoader esp, ProbeDump board) {
        String kernel = kernel(board);
        List<String> uuids = EspLoader.uuids(tree);
        Optional<String> line;
        Optional<Initramfs> image;
        if (uuids.isEmpty()) {
            line = Grub.words(HostFiles.text(tree, Grub.FILE))
                    .map(words -> "BOOT_IMAGE=/boot/vmlinuz-" + kernel + " " + words);
            image = Initramfs.read(tree.at(Initramfs.file(kernel)));
        } else {
            String prefix = systemdBoot(board)
                    ? "initrd=\\EFI\\proxmox\\" + kernel + "\\initrd.img-" + kernel + " "
                    : "BOOT_IMAGE=/vmlinuz-" + kernel + " ";
            line = esp.words(uuids.getFirst(), kernel).map(words -> prefix + words);
            image = esp.image(kernel, uuids);
        }
        if (line.isEmpty() || image.isEmpty() || !rightRoot(line.get(), board)) {
            return Optional.empty();
        }
        return Optional.of(new BootDisk(
                line.get(),
                image.get(),
                modprobe(tree),
                HostFiles.modulesToLoad(tree),
                UdevRules.overrides(tree, board),
                NetworkFiles.read(tree, board)));
    }

    static ModprobeConfig modprobe(HostTree tree) {
        Map<String, String> files = new java.util.TreeMap<>();
        HostFiles.list(tree, "/etc/modprobe.d").stream()
                .filter(file -> file.endsWith(".conf"))
                .forEach(file -> files.put(file, HostFiles.text(tree, file)));
        return new ModprobeConfig(files);
    }

    private static boolean rightRoot(String line, ProbeDump board) {
        return new KernelWords(line).last("root").equals(root(board).map(word -> word.substring(5)));
    }

    static String kernel(ProbeDump dump) {
        return dump.fact("kernel").orElse("6.8.12-15-pve");
    }

    static boolean systemdBoot(ProbeDump dump) {
        return dump.fact("loader").orElse("").startsWith("systemd-boot");
    }

    /** The word {@code root=...} with which a machine was booted. */
    static Optional<String> root(ProbeDump dump) {
        return new KernelWords(dump.fact("cmdline").orElse(""))
                .all().stream().filter(word -> word.startsWith("root=")).findFirst();
    }

    /**
     * Writes the boot files as they must have been when the dump was taken, so that a boot without any change in between
     * gives the machine of the dump again. A blacklist of a driver that is at work in the dump is younger than the RAM disk.
     */
    static void asDumped(ProbeDump dump, HostTree tree, EspLoader esp) {
        String kernel = kernel(dump);
        List<String> atWork = dump.rows("DRV").stream()
                .map(row -> Modules.ofDriver(row.field(1)))
                .toList();
        Map<String, String> files = NativeDrivers.modprobeFiles(dump);
        Initramfs image = Initramfs.made(tree, kernel, file -> {
            ModprobeConfig one = new ModprobeConfig(Map.of(file, files.getOrDefault(file, "")));
            return atWork.stream().anyMatch(module -> !Modules.vfio(module) && one.blacklisted(module));
        });
        tree.write("/boot/vmlinuz-" + kernel, "pretend-kernel " + kernel + "\n");
        tree.write(Initramfs.file(kernel), image.bytes());
        String words = words(dump);
        List<String> grub = dump.lines().getOrDefault("/etc/default/grub", List.of());
        tree.write(
                Grub.FILE,
                Grub.text(
                        setting(grub, "GRUB_DEFAULT", "0"),
                        setting(grub, "GRUB_TIMEOUT", "5"),
                        setting(grub, "GRUB_DISTRIBUTOR", "Debian"),
                        kernel,
                        words));
        for (String uuid : EspLoader.uuids(tree)) {
            esp.copy(uuid, kernel, words, image.bytes(), 1);
        }
    }

    /** The words of a dump's command line without those that the boot loader puts before them. */
    static String words(ProbeDump dump) {
        return dump.fact("cmdline").orElse("").replaceFirst("^(BOOT_IMAGE|initrd)=\\S+\\s+", "");
    }

    private static String setting(List<String> lines, String name, String otherwise) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .reduce((first, second) -> second)
                .orElse(otherwise);
    }

    /** Address to row of all functions. */
    static Map<String, Row> functions(ProbeDump dump) {
        Map<String, Row> functions = new java.util.TreeMap<>();
        dump.rows("P").forEach(row -> functions.put(row.field(0), row));
        return functions;
    }
}
