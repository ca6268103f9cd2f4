package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a guest that tell whether something was changed for good. */
final class GuestDisk {
    private static final List<String> FOLDERS = List.of("etc", "home", "root", "var", "usr/sbin", "usr/.units");

    /** Caches, and what runs leave of their own: journals of steps, copies for an undo. */
    private static final Pattern NOT_COUNTED = Pattern.compile(
            "var/lib/rackhouse(/.*)?|var/backups/rackhouse(/.*)?|var/lib/apt/lists/.*|.*/\\.local(/.*)?");

    private GuestDisk() {}

    /** {@code 300: /etc/hostname} to a hash of its content; a link to where it leads. */
    static Map<String, String> contents(int vmid, Box box) {
        Path root = box.tree().root();
        Map<String, String> found = new TreeMap<>();
        for (String folder : FOLDERS) {
            Path start = root.resolve(folder);
            if (!Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(start)) {
                files.filter(f -> !Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS))
                        .filter(f -> !NOT_COUNTED
                                .matcher(root.relativize(f).toString())
                                .matches())
                        .forEach(f -> found.put(vmid + ": /" + root.relativize(f), hash(f)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static String hash(Path file) {
        try {
            byte[] bytes = Files.isSymbolicLink(file)
                    ? Files.readSymbolicLink(file).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)
                    : Files.readAllBytes(file);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (java.nio.file.NoSuchFileException goneMeanwhile) {
            return "gone";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
