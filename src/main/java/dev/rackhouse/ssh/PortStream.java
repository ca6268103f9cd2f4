package dev.rackhouse.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;

/** A connection to a port of the other machine, made by its sshd. */
final class PortStream implements DuplexStream {

    private final DirectConnection connection;
    private final WakingInput input;
    private final Runnable released;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param released called once, when the channel is free again */
    PortStream(DirectConnection connection, Windows windows, Runnable released) {
        this.connection = connection;
        this.input = new WakingInput(connection.getInputStream(), windows);
        this.released = released;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return connection.getOutputStream();
    }

    @Override
    public String errors() {
        return "";
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            input.close();
            SshConnection.closeLater(connection);
            released.run();
        }
    }
}
