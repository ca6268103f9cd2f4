package dev.rackhouse.database;

import dev.rackhouse.base.StartRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs that come with the console (io.zonky.test.postgres: the archive holds {@code initdb, pg_ctl, postgres} and
 * no {@code pg_dump}), unpacked once into the data directory and never into a shared temporary folder.
 */
final class PostgresBinaries {

    /** The major version, part of the data folder's name: its files are not readable by another major version. */
    static final int MAJOR = 18;

    private PostgresBinaries() {}

    /** The folder that holds {@code bin/}; unpacks it when it is not there (about 2 s), and drops those of earlier versions. */
    static Path in(Path dataDirectory) throws IOException {
        String resource = "/postgres-" + system() + ".txz";
        Path home = dataDirectory.resolve("postgres-" + fingerprint(resource));
        if (Files.isDirectory(home)) {
            return home;
        }
        Path unpacking = Files.createTempDirectory(dataDirectory, "unpacking-");
        try (InputStream packed = open(resource)) {
            unpack(packed, unpacking);
            try {
                Files.move(unpacking, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(unpacking, home);
            }
        } finally {
            FileSystemUtils.deleteRecursively(unpacking);
        }
        dropOthers(dataDirectory, home);
        return home;
    }

    private static void unpack(InputStream packed, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("The archive of PostgreSQL leads out of its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (!entry.getName().endsWith(".a")) {
                    Files.createDirectories(target.resolveSibling("."));
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, target);
                        boolean program = (entry.getMode() & 0100) != 0;
                        Files.setPosixFilePermissions(
                                target, PosixFilePermissions.fromString(program ? "rwx------" : "rw-------"));
                    }
                }
            }
        }
    }

    private static void dropOthers(Path dataDirectory, Path home) throws IOException {
        try (Stream<Path> entries = Files.list(dataDirectory)) {
            for (Path other : entries.filter(Files::isDirectory).toList()) {
                String name = String.valueOf(other.getFileName());
                if (!other.equals(home) && (name.matches("postgres-[0-9a-f]{12}") || name.startsWith("unpacking-"))) {
                    FileSystemUtils.deleteRecursively(other);
                }
            }
        }
    }

    private static String fingerprint(String resource) throws IOException {
        try (var digesting = new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream found = PostgresBinaries.class.getResourceAsStream(resource);
        if (found == null) {
            throw new StartRefused(
                    "This build of the console brings no PostgreSQL for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + ".",
                    "Name a PostgreSQL database in RACKHOUSE_DATABASE_URL, RACKHOUSE_DATABASE_USER and RACKHOUSE_DATABASE_PASSWORD.");
        }
        return found;
    }

    private static String system() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "darwin" : os.startsWith("linux") ? "linux" : os.replace(' ', '-'))
                + (architecture.equals("aarch64") || architecture.equals("arm64") ? "-arm_64" : "-x86_64");
    }
}
