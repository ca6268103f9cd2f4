package dev.rackhouse.access;

import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/**
 * Where the master key lies: a file named by {@code RACKHOUSE_MASTER_KEY_FILE}, else {@code master.key} in the data directory.
 *
 * @param named whether a setting named it: then its permissions are the business of whoever mounted it
 */
public record MasterKeyFile(Path path, boolean named) {

    private static final Logger LOG = LoggerFactory.getLogger(MasterKeyFile.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    public static MasterKeyFile of(Environment environment) {
        String named = environment.getProperty("rackhouse.master-key-file", "");
        return named.isBlank()
                ? new MasterKeyFile(DataDirectory.of(environment).path().resolve("master.key"), false)
                : new MasterKeyFile(Path.of(named).toAbsolutePath(), true);
    }

    /**
     * The key, or nothing when there is no such file.
     *
     * @throws StartRefused when the file is there but is no key or cannot be read
     */
    public Optional<MasterKey> read() {
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        try {
            if (!named) {
                keepPrivate();
            }
            return Optional.of(MasterKey.parse(Files.readString(path, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException | java.nio.charset.MalformedInputException e) {
            throw new StartRefused(
                    "The master key file " + path + " does not hold a key (32 bytes in Base64).",
                    "Bring back the file from your backup. Without it the stored credentials cannot be read.");
        } catch (IOException e) {
            throw new StartRefused(
                    "The master key file " + path + " cannot be read (" + e + ").",
                    "Give the user that runs the console the right to read it.",
                    e);
        }
    }

    /**
     * Writes a key to a file that is not there yet, readable by its owner only.
     *
     * @throws StartRefused when that is not possible
     */
    public void write(MasterKey key) {
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else {
                Files.createFile(path);
            }
            Files.writeString(path, key.reveal() + "\n", StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
        } catch (FileAlreadyExistsException e) {
            throw new StartRefused(
                    "The master key file " + path + " is already there and is not overwritten.",
                    "Move it away first, if it is really not needed any more.",
                    e);
        } catch (IOException e) {
            throw new StartRefused(
                    "The master key cannot be written to " + path + " (" + e + ").",
                    "Make the folder writable for the user that runs the console, or name another file in RACKHOUSE_MASTER_KEY_FILE.",
                    e);
        }
    }

    private void keepPrivate() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> found =
                    EnumSet.copyOf(view.readAttributes().permissions());
            if (!OWNER_ONLY.containsAll(found)) {
                view.setPermissions(OWNER_ONLY);
                LOG.warn("The master key file {} was open to others; only its owner may read it now.", path);
            }
        }
    }
}
