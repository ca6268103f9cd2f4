package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.security.Principal;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * Files of a box over SFTP. Everything belongs to root, as far as the client is told: who runs the simulator owns the
 * tree, and may not be able to give files away. What was written below {@code /sys} takes effect when the file is closed.
 */
final class SftpAccess implements SftpFileSystemAccessor {
    private final Consumer<String> written;

    /** @param written told the name of each file that was written, absolute in the box */
    SftpAccess(Consumer<String> written) {
        this.written = written;
    }

    /** The same, which also counts the files. */
    SftpAccess counting(LongAdder counter) {
        return new SftpAccess(name -> {
            counter.increment();
            written.accept(name);
        });
    }

    @Override
    public void closeFile(
            SftpSubsystemProxy subsystem,
            FileHandle handle,
            Path file,
            String name,
            Channel channel,
            Set<? extends OpenOption> options)
            throws IOException {
        SftpFileSystemAccessor.super.closeFile(subsystem, handle, file, name, channel, options);
        if (options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND)) {
            written.accept(file.toString());
        }
    }

    @Override
    public NavigableMap<String, Object> resolveReportedFileAttributes(
            SftpSubsystemProxy subsystem,
            Path file,
            int flags,
            NavigableMap<String, Object> attributes,
            LinkOption... options) {
        attributes.put("uid", 0);
        attributes.put("gid", 0);
        return attributes;
    }

    @Override
    public void setFileOwner(SftpSubsystemProxy subsystem, Path file, Principal owner, LinkOption... options) {
        // everything is root's already
    }

    @Override
    public void setGroupOwner(SftpSubsystemProxy subsystem, Path file, Principal group, LinkOption... options) {
        // everything is root's already
    }

    @Override
    public GroupPrincipal resolveGroupOwner(SftpSubsystemProxy subsystem, Path file, GroupPrincipal group) {
        return group;
    }

    @Override
    public void setFileAttribute(
            SftpSubsystemProxy subsystem, Path file, String view, String attribute, Object value, LinkOption... options)
            throws IOException {
        if (attribute.equals("uid") || attribute.equals("gid")) {
            return;
        }
        SftpFileSystemAccessor.super.setFileAttribute(subsystem, file, view, attribute, value, options);
    }
}
