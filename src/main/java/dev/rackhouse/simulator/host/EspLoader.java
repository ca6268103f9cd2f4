package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * EFI system partitions that proxmox-boot-tool manages. They are not mounted while the machine runs, so they lie beside its
 * tree, one folder for each id in {@code /etc/kernel/proxmox-boot-uuids}. systemd-boot starts from the first; what counts
 * at boot is what was copied there, not what lies on the root.
 */
final class EspLoader {
    static final String UUIDS = "/etc/kernel/proxmox-boot-uuids";

    private final Path folder;

    /** @param folder that holds one folder for each partition */
    EspLoader(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    static List<String> uuids(HostTree tree) {
        return HostFiles.lines(tree, UUIDS).stream()
                .map(line -> line.split("\\s+")[0])
                .filter(id -> id.matches("[0-9A-Fa-f-]{4,36}"))
                .toList();
    }

    private Path entry(String uuid, String kernel) {
        return folder.resolve(uuid).resolve("loader/entries/proxmox-" + kernel + ".conf");
    }

    private Path image(String uuid, String kernel) {
        return folder.resolve(uuid).resolve("EFI/proxmox/" + kernel + "/initrd.img-" + kernel);
    }

    /**
     * Copies kernel words and initial RAM disk to one partition.
     *
     * @param share how much of the RAM disk arrives, 1 for all of it: less when there is no room or the power goes
     */
    void copy(String uuid, String kernel, String words, byte[] initrd, double share) {
        String conf = "title    Proxmox Virtual Environment\nversion  " + kernel + "\noptions  " + words
                + "\nlinux    /EFI/proxmox/" + kernel + "/vmlinuz-" + kernel + "\ninitrd   /EFI/proxmox/" + kernel
                + "/initrd.img-" + kernel + "\n";
        byte[] part = java.util.Arrays.copyOf(initrd, (int) (initrd.length * share));
        try {
            Files.createDirectories(entry(uuid, kernel).getParent());
            Files.createDirectories(image(uuid, kernel).getParent());
            Files.write(image(uuid, kernel), part);
            if (share >= 1) {
                Files.writeString(entry(uuid, kernel), conf, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kernel words of the entry on a partition; empty when it has none. */
    Optional<String> words(String uuid, String kernel) {
        try {
            Path conf = entry(uuid, kernel);
            return Files.exists(conf)
                    ? Files.readString(conf)
                            .lines()
                            .filter(line -> line.startsWith("options "))
                            .map(line -> line.substring(8).strip())
                            .findFirst()
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Initramfs> image(String kernel, List<String> uuids) {
        return uuids.isEmpty() ? Optional.empty() : Initramfs.read(image(uuids.getFirst(), kernel));
    }
}
