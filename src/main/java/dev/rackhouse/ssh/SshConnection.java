package dev.rackhouse.ssh;

import java.io.IOException;
import java.util.function.UnaryOperator;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import org.jspecify.annotations.Nullable;

/** One connection that stands: signed in, kept alive. A dead peer is noticed after about 30 seconds. */
final class SshConnection {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int MISSED = 3;
    /**
     * A reader that asks for more tells the server before SSHJ 0.40 notes it; a fast server can then overrun the count, and the whole
     * connection dies with "Window consumed to below 0" (seen with OpenSSH 9.2 and 20 MB of output on a loaded machine). So commands
     * let the receiving thread ask, which also keeps the count. It asks as long as the buffer has room: a late reader finds
     * up to a buffer's worth, and is never overrun ("Attempted overflow", when the window was larger than the buffer). See
     * {@link Windows} for what becomes of one that is later than that.
     */
    private static final int WINDOW = 4 * 1024 * 1024;

    static final int BUFFER = 64 * 1024 * 1024;

    private static final int LARGEST_PACKET = 128 * 1024;

    private final SSHClient client;
    private final HostKey hostKey;

    private SshConnection(SSHClient client, HostKey hostKey) {
        this.client = client;
        this.hostKey = hostKey;
    }

    /**
     * Connects and signs in; blocks at most about 25 seconds.
     *
     * @param jump the connection to go through; null for directly
     */
    static SshConnection open(SshTarget target, @Nullable SshConnection jump, UnaryOperator<HostKey> firstSeen) {
        HostKeyCheck check = HostKeyCheck.of(target.trust(), firstSeen);
        SSHClient client = client(check);
        try {
            connect(client, target.host(), target.port(), jump);
            client.authPublickey(target.user(), target.key().provider(client));
            HostKey seen = check.seen();
            if (seen == null) {
                throw new IOException("the host showed no key");
            }
            return new SshConnection(client, seen);
        } catch (IOException e) {
            closeLater(client);
            throw SshErrors.connecting("connect", target, e, check);
        }
    }

    static SSHClient client(HostKeyCheck check) {
        DefaultConfig config = SshKey.quietConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        config.setMaxCircularBufferSize(BUFFER);
        SSHClient client = new SSHClient(config);
        client.setConnectTimeout(CONNECT_MILLIS);
        client.getTransport().setTimeoutMs(ANSWER_MILLIS);
        client.getConnection().setTimeoutMs(ANSWER_MILLIS);
        client.getConnection().setWindowSize(WINDOW);
        client.getConnection().setMaxPacketSize(LARGEST_PACKET);
        client.addHostKeyVerifier(check);
        return client;
    }

    static void connect(SSHClient client, String host, int port, @Nullable SshConnection jump) throws IOException {
        if (jump == null) {
            client.connect(host, port);
        } else {
            client.connectVia(jump.client.newDirectConnection(host, port));
        }
        if (client.getConnection().getKeepAlive() instanceof KeepAliveRunner runner) {
            runner.setMaxAliveCount(MISSED);
        }
        client.getConnection().getKeepAlive().setKeepAliveInterval(KEEP_ALIVE_SECONDS);
    }

    SSHClient client() {
        return client;
    }

    /** Connects to a port of that machine's loopback; blocks at most {@value #ANSWER_MILLIS} ms. */
    PortStream direct(int port, Runnable released) throws IOException {
        DirectConnection direct = new DirectConnection(client.getConnection(), "127.0.0.1", port);
        Windows windows = new Windows(direct);
        direct.open();
        return new PortStream(direct, windows, released);
    }

    HostKey hostKey() {
        return hostKey;
    }

    boolean stands() {
        return client.getTransport().isRunning() && client.isAuthenticated();
    }

    /** Hangs up, never blocking the caller: SSHJ may wait for the other side. */
    void close() {
        closeLater(client);
    }

    static void closeLater(AutoCloseable closeable) {
        Thread.ofVirtual().name("ssh-close").start(() -> {
            try {
                closeable.close();
            } catch (Exception gone) {
                // it was broken already, which is why it is being closed
            }
        });
    }
}
