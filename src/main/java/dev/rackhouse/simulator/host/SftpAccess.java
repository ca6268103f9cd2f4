package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.security.Principal;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * Files of a box over SFTP. Who runs the simulator owns the tree, and may not be able to give files away; owners are kept
 * beside ({@link Owners}). What was written below {@code /sys} takes effect when the file is closed.
 */
final class SftpAccess implements SftpFileSystemAccessor {
    /** What the box has to say about file transfers; names are absolute in the box. */
    interface Watch {
        /** A file was written and closed. */
        default void written(String name) {}

        /** Why a file cannot be written, in the kernel's words; empty when it can. */
        default String refusal(String name) {
            return "";
        }

        /** Asked when a file is opened for writing: what breaks after half of the first block, besides the connection. */
        default Optional<Runnable> breaks(String name) {
            return Optional.empty();
        }
    }

    private final Box box;
    private final Watch watch;

    SftpAccess(Box box, Watch watch) {
        this.box = box;
        this.watch = watch;
    }

    /** The same, which also counts the files. */
    SftpAccess counting(LongAdder counter) {
        return new SftpAccess(box, new Watch() {
            @Override
            public void written(String name) {
                counter.increment();
                watch.written(name);
            }

            @Override
            public String refusal(String name) {
                return watch.refusal(name);
            }

            @Override
            public Optional<Runnable> breaks(String name) {
                return watch.breaks(name);
            }
        });
    }

    private static boolean writes(Set<? extends OpenOption> options) {
        return options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    }

    @Override
    public SeekableByteChannel openFile(
            SftpSubsystemProxy subsystem,
            FileHandle handle,
            Path file,
            String name,
            Set<? extends OpenOption> options,
            FileAttribute<?>... attributes)
            throws IOException {
        boolean writing = writes(options);
        String refusal = writing ? watch.refusal(file.toString()) : "";
        if (!refusal.isEmpty()) {
            throw new IOException(refusal);
        }
        SeekableByteChannel channel =
                SftpFileSystemAccessor.super.openFile(subsystem, handle, file, name, options, attributes);
        Optional<Runnable> breaks = writing ? watch.breaks(file.toString()) : Optional.empty();
        return breaks.isEmpty() ? channel : new Breakable(channel, breaks.get(), subsystem);
    }

    /** A file in the middle of whose writing the connection breaks. */
    private static final class Breakable implements SeekableByteChannel {
        private final SeekableByteChannel channel;
        private final Runnable breaks;
        private final SftpSubsystemProxy subsystem;

        Breakable(SeekableByteChannel channel, Runnable breaks, SftpSubsystemProxy subsystem) {
            this.channel = channel;
            this.breaks = breaks;
            this.subsystem = subsystem;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            channel.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
            breaks.run();
            subsystem.getServerSession().close(true);
            throw new IOException("Connection reset by peer");
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long place) throws IOException {
            channel.position(place);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
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
        if (writes(options)) {
            watch.written(file.toString());
        }
    }

    @Override
    public NavigableMap<String, Object> resolveReportedFileAttributes(
            SftpSubsystemProxy subsystem,
            Path file,
            int flags,
            NavigableMap<String, Object> attributes,
            LinkOption... options) {
        Path real = box.tree().at(file.toString());
        attributes.put("uid", Owners.user(real));
        attributes.put("gid", Owners.group(real));
        return attributes;
    }

    @Override
    public void setFileOwner(SftpSubsystemProxy subsystem, Path file, Principal owner, LinkOption... options) {
        Owners.set(box.tree().at(file.toString()), number(owner.getName()), -1);
    }

    @Override
    public void setGroupOwner(SftpSubsystemProxy subsystem, Path file, Principal group, LinkOption... options) {
        Owners.set(box.tree().at(file.toString()), -1, number(group.getName()));
    }

    /** Names are no numbers here: only root has one. */
    private static int number(String name) {
        return name.matches("\\d{1,9}") ? Integer.parseInt(name) : 0;
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
            int id = value instanceof Number number ? number.intValue() : number(String.valueOf(value));
            Owners.set(
                    box.tree().at(file.toString()),
                    attribute.equals("uid") ? id : -1,
                    attribute.equals("gid") ? id : -1);
            return;
        }
        SftpFileSystemAccessor.super.setFileAttribute(subsystem, file, view, attribute, value, options);
    }
}
