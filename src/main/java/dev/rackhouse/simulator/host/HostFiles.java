package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reading configuration in a machine's tree as its programs do: folders in the order of names, comments skipped. */
final class HostFiles {
    private HostFiles() {}

    /** Plain files directly in a folder, full names, sorted; none when there is no such folder. */
    static List<String> list(HostTree tree, String folder) {
        return find(tree, folder, 1);
    }

    /** Plain files in a folder and those below it, full names, sorted. */
    static List<String> walk(HostTree tree, String folder) {
        return find(tree, folder, 12);
    }

    private static List<String> find(HostTree tree, String folder, int depth) {
        Path start = tree.at(folder);
        if (!Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(start, depth)) {
            return found.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> "/" + tree.root().relativize(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Content, empty when there is no such file. */
    static String text(HostTree tree, String file) {
        try {
            Path path = tree.at(file);
            return Files.isRegularFile(path)
                    ? new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines with something in them, without comments. */
    static List<String> lines(HostTree tree, String file) {
        return text(tree, file)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Modules that the files of {@code systemd-modules-load} name: {@code /etc/modules} and its folder. */
    static List<String> modulesToLoad(HostTree tree) {
        Stream<String> folder = list(tree, "/etc/modules-load.d").stream().filter(file -> file.endsWith(".conf"));
        return Stream.concat(folder, Stream.of("/etc/modules"))
                .flatMap(file -> lines(tree, file).stream())
                .filter(line -> !line.startsWith(";"))
                .map(line -> Modules.normal(line.split("\\s+")[0]))
                .distinct()
                .toList();
    }
}
