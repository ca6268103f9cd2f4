package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The file tree of one pretend machine. Names are absolute as the machine sees them ({@code /sys/...}); nothing outside
 * the tree is ever touched. Not thread-safe: the machine that owns it guards it.
 */
public final class HostTree {
    private final Path root;

    HostTree(Path root) {
        this.root = root;
    }

    /** Where the tree lies on the real machine. */
    public Path root() {
        return root;
    }

    /** Real place of a file of the machine. */
    public Path at(String name) {
        Path path =
                root.resolve(name.startsWith("/") ? name.substring(1) : name).normalize();
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException(name + " leaves the tree");
        }
        return path;
    }

    public boolean exists(String name) {
        return Files.exists(at(name), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    void directory(String name) {
        run(() -> Files.createDirectories(at(name)));
    }

    /** Writes text and a line end. */
    void line(String name, String text) {
        write(name, text + "\n");
    }

    void write(String name, String text) {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    void write(String name, byte[] bytes) {
        Path file = at(name);
        run(() -> inFolder(file, () -> Files.write(file, bytes)));
    }

    /** Makes a relative symbolic link, both names absolute in the machine. An existing link is replaced. */
    void link(String name, String target) {
        run(() -> {
            Path link = at(name);
            Path folder = Objects.requireNonNull(link.getParent());
            Path relative = folder.relativize(at(target));
            inFolder(link, () -> {
                try {
                    Files.createSymbolicLink(link, relative);
                } catch (FileAlreadyExistsException old) {
                    Files.delete(link);
                    Files.createSymbolicLink(link, relative);
                }
            });
        });
    }

    void mode(String name, java.util.Set<java.nio.file.attribute.PosixFilePermission> mode) {
        run(() -> Files.setPosixFilePermissions(at(name), mode));
    }

    /** Names of what lies in a folder, sorted; none when there is no such folder. */
    java.util.List<String> names(String folder) {
        Path path = at(folder);
        if (!Files.isDirectory(path)) {
            return java.util.List.of();
        }
        try (var all = Files.list(path)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteIfEmpty(String folder) {
        if (names(folder).isEmpty()) {
            delete(folder);
        }
    }

    void delete(String name) {
        run(() -> Files.deleteIfExists(at(name)));
    }

    /** Content without the last line end; empty when there is no such file. */
    Optional<String> read(String name) {
        try {
            Path path = at(name);
            return Files.isRegularFile(path)
                    ? Optional.of(Files.readString(path).stripTrailing())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Step {
        void go() throws IOException;
    }

    /** Trees have thousands of files: their folders are made when one is missing, not looked for each time. */
    private static void inFolder(Path file, Step step) throws IOException {
        try {
            step.go();
        } catch (NoSuchFileException noFolder) {
            Files.createDirectories(file.getParent());
            step.go();
        }
    }

    private static void run(Step step) {
        try {
            step.go();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
