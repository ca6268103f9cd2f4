package dev.rackhouse.ssh;

import java.util.List;
import java.util.Optional;

/** Files of another machine. Paths are absolute. Failures are {@link dev.rackhouse.base.RemoteFailure}s. */
public interface RemoteFiles {

    /** Largest file that is read or written. */
    int LARGEST_FILE = 16 * 1024 * 1024;

    /** Owner and group by number, as SFTP carries them. */
    record Owner(int uid, int gid) {
        public static final Owner ROOT = new Owner(0, 0);
    }

    /** What kind of thing stands at a path. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        OTHER
    }

    /**
     * @param mode permission bits, {@code 0644}
     */
    record Stat(Kind kind, long size, Owner owner, int mode, long modifiedEpochSeconds) {}

    /** The whole file; empty when there is none. Works for files of sysfs and proc, whose size is a lie. */
    Optional<byte[]> read(String path);

    /**
     * Puts the file there as a whole or not at all: written beside it, then renamed over it. A symbolic link stays; what it points
     * to is replaced. The folder must exist.
     *
     * @param mode permission bits, {@code 0644}
     */
    void writeAtomically(String path, byte[] content, Owner owner, int mode);

    /** Writes into an existing file in one go, keeping owner and mode: for sysfs, where files cannot be replaced. */
    void writeInPlace(String path, byte[] content);

    /** What stands there, links not followed; empty when there is nothing. */
    Optional<Stat> stat(String path);

    /** Names in a folder, sorted; empty when there is none. */
    List<String> list(String folder);

    /** Removes a file or link; does nothing when there is none. */
    void delete(String path);

    /** Removes an empty folder; does nothing when there is none. */
    void deleteFolder(String path);

    /** Makes the folder and the missing ones above it, with mode 0755; does nothing when it is there. */
    void makeFolders(String path);
}
