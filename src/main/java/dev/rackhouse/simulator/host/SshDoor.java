package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileSystem;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/**
 * The SSH server of one box on a loopback port: an ed25519 host key, public keys only, commands as real processes on the
 * box, SFTP rooted at its tree, and forwarding to the addresses that the box reaches. The keys that may come in are read
 * from {@code .ssh/authorized_keys} in the tree at each sign-in.
 */
final class SshDoor implements AutoCloseable {
    private final Box box;
    private final Map<String, String> homes;
    private final String address;
    private final @Nullable Reachable reachable;
    private final SshFaults faults = new SshFaults();
    private final LongAdder commands = new LongAdder();
    private final LongAdder filesWritten = new LongAdder();
    private final SftpAccess files;
    private volatile KeyPair hostKey;
    private @Nullable SshServer server;
    private int port;

    /** Where an address of the lab's networks really is; null when nothing answers there. */
    interface Reachable {
        @Nullable
        InetSocketAddress real(String host, int port);
    }

    /**
     * @param homes who may sign in, with their home folders; all of them are root in the tree
     * @param address of the box in its own network, as {@code SSH_CONNECTION} tells it
     * @param reachable what can be reached from here by forwarding, null for nothing
     */
    SshDoor(
            Box box,
            Map<String, String> homes,
            String address,
            KeyPair hostKey,
            SftpAccess files,
            @Nullable Reachable reachable) {
        this.box = box;
        this.homes = Map.copyOf(homes);
        this.address = address;
        this.hostKey = hostKey;
        this.files = files.counting(filesWritten);
        this.reachable = reachable;
    }

    SshFaults faults() {
        return faults;
    }

    /** Commands since the start. */
    long commands() {
        return commands.sum();
    }

    /** Files closed after writing over SFTP since the start. */
    long filesWritten() {
        return filesWritten.sum();
    }

    PublicKey hostKey() {
        return hostKey.getPublic();
    }

    /** From the next connection on the box shows another key. */
    void replaceHostKey(KeyPair key) {
        hostKey = key;
    }

    synchronized int port() {
        return port;
    }

    synchronized boolean isOpen() {
        return server != null;
    }

    /** Listens on this port of 127.0.0.1, 0 for any; does nothing when it listens already. */
    synchronized void open(int wanted) {
        if (server != null) {
            return;
        }
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost("127.0.0.1");
        made.setPort(wanted);
        // two threads serve one box; hundreds of boxes live in one process
        made.setNioWorkers(1);
        made.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory(SshThreads::shared));
        made.setScheduledExecutorService(SshThreads.timer());
        made.setKeyPairProvider(new KeyPairProvider() {
            @Override
            public Iterable<KeyPair> loadKeys(@Nullable SessionContext session) {
                return List.of(hostKey);
            }
        });
        made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        made.setPublickeyAuthenticator((user, key, session) -> authorized(user, key));
        made.setCommandFactory((channel, line) -> {
            commands.increment();
            return new ProcessCommand(box, line, environment(channel), faults);
        });
        made.setShellFactory(channel -> new ProcessCommand(box, "exec sh", environment(channel), faults));
        made.setSubsystemFactories(List.of(
                new SftpSubsystemFactory.Builder().withFileSystemAccessor(files).build()));
        made.setFileSystemFactory(new VirtualFileSystemFactory() {
            @Override
            public FileSystem createFileSystem(SessionContext session) throws IOException {
                setDefaultHomeDir(box.tree().root());
                return super.createFileSystem(session);
            }
        });
        made.setForwardingFilter(
                reachable == null ? RejectAllForwardingFilter.INSTANCE : AcceptAllForwardingFilter.INSTANCE);
        made.setChannelFactories(channels());
        CoreModuleProperties.SERVER_IDENTIFICATION.set(made, "OpenSSH_9.2p1 Debian-2+deb12u7");
        try {
            made.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1:" + wanted + " for " + box.name(), e);
        }
        server = made;
        port = made.getPort();
    }

    private List<ChannelFactory> channels() {
        Reachable from = reachable;
        return from == null
                ? List.of(ChannelSessionFactory.INSTANCE)
                : List.of(ChannelSessionFactory.INSTANCE, new LabForwarding(from));
    }

    private boolean authorized(String user, PublicKey offered) {
        String home = homes.get(user);
        if (home == null) {
            return false;
        }
        for (String line :
                box.tree().read(home + "/.ssh/authorized_keys").orElse("").split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line.strip());
                PublicKey key = entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
                if (key != null && KeyUtils.compareKeys(key, offered)) {
                    return true;
                }
            } catch (IOException | GeneralSecurityException | IllegalArgumentException notAKey) {
                // OpenSSH skips lines that it does not understand
            }
        }
        return false;
    }

    private Map<String, String> environment(ChannelSession channel) {
        Map<String, String> environment = new LinkedHashMap<>();
        String user = channel.getSession().getUsername();
        environment.put("USER", user);
        environment.put("LOGNAME", user);
        environment.put("HOME", homes.getOrDefault(user, "/root"));
        SocketAddress client = channel.getSession().getIoSession().getRemoteAddress();
        int clientPort = client instanceof InetSocketAddress inet ? inet.getPort() : 0;
        // the console sits somewhere in the box's network; the third field tells by which interface it came in
        environment.put("SSH_CONNECTION", neighbour(address) + " " + clientPort + " " + address + " 22");
        environment.put("SSH_CLIENT", neighbour(address) + " " + clientPort + " 22");
        return environment;
    }

    private static String neighbour(String address) {
        int dot = address.lastIndexOf('.');
        return dot < 0 ? "127.0.0.1" : address.substring(0, dot) + ".250";
    }

    /** Stops listening and cuts all connections. */
    @Override
    public synchronized void close() {
        SshServer running = server;
        server = null;
        if (running != null) {
            try {
                running.stop(true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
