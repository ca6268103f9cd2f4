package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.CommandDoor.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** {@code docker system dial-stdio}: the command's standard streams are one connection to the daemon. */
final class DockerDial {
    private DockerDial() {}

    /** @param daemon where it answers; null: it does not run */
    static Answer run(Streams streams, @Nullable InetSocketAddress daemon) {
        try (InputStream in = streams.input();
                OutputStream out = streams.output()) {
            if (daemon == null) {
                return Answer.failed(1, Docker.DOWN);
            }
            try (Socket socket = new Socket(daemon.getAddress(), daemon.getPort())) {
                socket.setTcpNoDelay(true);
                Thread asking = Thread.ofPlatform().daemon().name("dial-stdio").start(() -> {
                    pump(in, output(socket));
                    close(socket);
                });
                pump(socket.getInputStream(), out);
                asking.interrupt();
            }
            return Answer.ok("");
        } catch (IOException gone) {
            return Answer.failed(1, String.valueOf(gone.getMessage()) + "\n");
        }
    }

    private static @Nullable OutputStream output(Socket socket) {
        try {
            return socket.getOutputStream();
        } catch (IOException gone) {
            return null;
        }
    }

    /** Nothing more will be asked; what is still answered comes. */
    private static void close(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException gone) {
            // as wanted
        }
    }

    private static void pump(InputStream from, @Nullable OutputStream to) {
        if (to == null) {
            return;
        }
        byte[] buffer = new byte[16 * 1024];
        try {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                to.write(buffer, 0, length);
                to.flush();
            }
        } catch (IOException gone) {
            // one side has closed
        }
    }
}
