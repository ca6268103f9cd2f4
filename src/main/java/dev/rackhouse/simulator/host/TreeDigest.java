package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What lies on a machine's disk: name to mode, owner and content hash. Left out is what differs by nature (the kernel's
 * views, {@code /run}, logs, the wrapper's step folders), what the Proxmox side writes and answers for itself
 * ({@code /etc/pve}), and the simulator's own.
 */
record TreeDigest(Map<String, String> files) {
    private static final Set<String> LEFT_OUT = Set.of(
            "/proc",
            "/sys",
            "/run",
            "/dev",
            "/cmd",
            "/.machine",
            "/usr/bin",
            "/usr/sbin",
            "/etc/pve",
            "/var/log",
            "/var/lib/rackhouse/steps");

    /** Folders that come into being with something that is left out. */
    private static final Set<String> NOT_BY_THEMSELVES = Set.of("/var/lib/rackhouse");

    static TreeDigest of(Path root) {
        Map<String, String> files = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return new TreeDigest(files);
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    String name = "/" + root.relativize(folder);
                    if (LEFT_OUT.contains(name)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    if (!NOT_BY_THEMSELVES.contains(name)) {
                        files.put(name, "folder " + mode(folder) + " " + Owners.of(folder));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = "/" + root.relativize(file);
                    if (attributes.isSymbolicLink()) {
                        files.put(name, "link " + Files.readSymbolicLink(file));
                    } else if (attributes.isRegularFile()) {
                        files.put(name, mode(file) + " " + Owners.of(file) + " " + hash(Files.readAllBytes(file)));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE; // taken away while we looked
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TreeDigest(files);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Names that are not as they were, with what they are now ({@code gone} for none). */
    Map<String, String> changedSince(TreeDigest before) {
        Map<String, String> changed = new TreeMap<>();
        Set<String> names = new TreeSet<>(files.keySet());
        names.addAll(before.files.keySet());
        for (String name : names) {
            String now = files.getOrDefault(name, "gone");
            if (!now.equals(before.files.getOrDefault(name, "gone"))) {
                changed.put(name, now);
            }
        }
        return changed;
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
