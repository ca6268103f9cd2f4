package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.SFTPClient;
import org.jspecify.annotations.Nullable;

/** Files by SFTP version 3, with OpenSSH's posix-rename for the atomic exchange. */
final class SftpFiles implements RemoteFiles {

    private static final int CHUNK = 32 * 1024;

    private final SharedHost host;

    SftpFiles(SharedHost host) {
        this.host = host;
    }

    @Override
    public Optional<byte[]> read(String path) {
        String doing = "read " + checked(path);
        return host.withFiles(doing, files -> {
            try (RemoteFile file = files.open(path)) {
                return Optional.of(content(doing, file));
            } catch (IOException e) {
                if (SshErrors.missing(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private byte[] content(String doing, RemoteFile file) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = file.read(0, chunk, 0, CHUNK); n > 0; n = file.read(content.size(), chunk, 0, CHUNK)) {
            content.write(chunk, 0, n);
            if (content.size() > LARGEST_FILE) {
                throw new RemoteFailure.Unreadable(
                        doing,
                        host.machine(),
                        "a file larger than 16 MiB",
                        "This is not a file the console can handle.",
                        null);
            }
        }
        return content.toByteArray();
    }

    @Override
    public void writeAtomically(String path, byte[] content, Owner owner, int mode) {
        host.withFiles("write " + checked(path), files -> {
            String real = behindLinks(files, path);
            int slash = real.lastIndexOf('/');
            String beside = real.substring(0, slash + 1) + ".rackhouse-"
                    + UUID.randomUUID().toString().substring(0, 8) + "-" + real.substring(slash + 1);
            try {
                write(files, beside, content, EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL), 0600);
                FileAttributes now = files.stat(beside);
                if (now.getUID() != owner.uid() || now.getGID() != owner.gid()) {
                    files.setattr(
                            beside,
                            new FileAttributes.Builder()
                                    .withUIDGID(owner.uid(), owner.gid())
                                    .build());
                }
                files.chmod(beside, mode & 07777);
                files.rename(beside, real, EnumSet.of(RenameFlags.OVERWRITE, RenameFlags.ATOMIC));
            } catch (IOException e) {
                removeQuietly(files, beside);
                throw e;
            }
            return true;
        });
    }

    /** Follows links by hand: what servers make of "canonical" differs. */
    private static String behindLinks(SFTPClient files, String path) throws IOException {
        String at = path;
        for (int hops = 0; hops < 8; hops++) {
            try {
                if (files.lstat(at).getType() != FileMode.Type.SYMLINK) {
                    return at;
                }
            } catch (IOException e) {
                if (SshErrors.missing(e)) {
                    return at;
                }
                throw e;
            }
            at = Path.of(at).resolveSibling(files.readlink(at)).normalize().toString();
        }
        throw new IOException("too many symbolic links at " + path);
    }

    private static void removeQuietly(SFTPClient files, String path) {
        try {
            files.rm(path);
        } catch (IOException gone) {
            // never made, or the connection broke: nothing more can be done from here
        }
    }

    @Override
    public void writeInPlace(String path, byte[] content) {
        host.withFiles("write " + checked(path), files -> {
            write(files, path, content, EnumSet.of(OpenMode.WRITE, OpenMode.TRUNC), null);
            return true;
        });
    }

    private static void write(
            SFTPClient files, String path, byte[] content, EnumSet<OpenMode> modes, @Nullable Integer mode)
            throws IOException {
        FileAttributes attributes = mode == null
                ? FileAttributes.EMPTY
                : new FileAttributes.Builder().withPermissions(mode).build();
        try (RemoteFile file = files.open(path, modes, attributes)) {
            for (int at = 0; at < content.length; at += CHUNK) {
                file.write(at, content, at, Math.min(CHUNK, content.length - at));
            }
        }
    }

    @Override
    public Optional<Stat> stat(String path) {
        return host.withFiles("look at " + checked(path), files -> {
            try {
                FileAttributes a = files.lstat(path);
                Kind kind = switch (a.getType()) {
                    case REGULAR -> Kind.FILE;
                    case DIRECTORY -> Kind.DIRECTORY;
                    case SYMLINK -> Kind.LINK;
                    default -> Kind.OTHER;
                };
                return Optional.of(new Stat(
                        kind,
                        a.getSize(),
                        new Owner(a.getUID(), a.getGID()),
                        a.getMode().getPermissionsMask(),
                        a.getMtime()));
            } catch (IOException e) {
                if (SshErrors.missing(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public List<String> list(String folder) {
        return host.withFiles("list " + checked(folder), files -> {
            try {
                return files.ls(folder).stream().map(f -> f.getName()).sorted().toList();
            } catch (IOException e) {
                if (SshErrors.missing(e)) {
                    return List.of();
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(String path) {
        host.withFiles("delete " + checked(path), files -> unlessMissing(() -> files.rm(path)));
    }

    @Override
    public void deleteFolder(String path) {
        host.withFiles("delete folder " + checked(path), files -> {
            if (files.statExistence(path) == null) {
                return false;
            }
            return unlessMissing(() -> files.rmdir(path));
        });
    }

    @Override
    public void makeFolders(String path) {
        host.withFiles("make folder " + checked(path), files -> {
            for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                make(files, path.substring(0, slash));
            }
            make(files, path);
            return true;
        });
    }

    private static void make(SFTPClient files, String folder) throws IOException {
        if (files.statExistence(folder) == null) {
            try {
                files.mkdir(folder);
                files.chmod(folder, 0755);
            } catch (IOException e) {
                if (files.statExistence(folder) == null) {
                    throw e;
                }
            }
        }
    }

    private interface Removal {
        void run() throws IOException;
    }

    private static boolean unlessMissing(Removal removal) throws IOException {
        try {
            removal.run();
            return true;
        } catch (IOException e) {
            if (SshErrors.missing(e)) {
                return false;
            }
            throw e;
        }
    }

    private static String checked(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + path + "' is no absolute path");
        }
        return path;
    }
}
