package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.forward.TcpForwardingFilter;
import org.apache.sshd.server.forward.TcpipServerChannel;

/** Direct forwarding into a lab's networks: the address that a client asks for is looked up among the lab's boxes. */
final class LabForwarding extends TcpipServerChannel.TcpipFactory {
    private final SshDoor.Reachable reachable;

    LabForwarding(SshDoor.Reachable reachable) {
        super(TcpForwardingFilter.Type.Direct);
        this.reachable = reachable;
    }

    @Override
    public Channel createChannel(Session session) throws IOException {
        return new TcpipServerChannel(getType(), null) {
            @Override
            protected OpenFuture doInit(Buffer asked) {
                String host = asked.getString();
                int port = asked.getInt();
                InetSocketAddress real = reachable.real(host, port);
                if (real == null) {
                    // nothing listens on port 1: the client is told that the connection failed
                    real = new InetSocketAddress("127.0.0.1", 1);
                }
                Buffer translated = new ByteArrayBuffer();
                translated.putString(real.getHostString());
                translated.putInt(real.getPort());
                translated.putString(asked.getString());
                translated.putInt(asked.getInt());
                return super.doInit(translated);
            }
        };
    }
}
