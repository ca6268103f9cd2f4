package dev.rackhouse.simulator.pve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTPS port of one node: accepts on a virtual thread, one more per connection. While the node is off the port is
 * closed, so that connecting is refused.
 */
final class NodeListener implements AutoCloseable {
    private static final Http1Config CONFIG = Http1Config.custom()
            .setMaxHeaderCount(64)
            .setMaxLineLength(8192)
            .setBufferSize(64 * 1024)
            .build();

    /** Answers a request that came in at a node; null ends the connection without an answer. */
    interface Responder {
        @Nullable
        ClassicHttpResponse respond(String node, ClassicHttpRequest request) throws IOException;
    }

    private final String node;
    private final SSLContext tls;
    private final Responder responder;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocket server;
    /** Keeps the port while the node is off: bound but not listening, so that connecting is refused. */
    private @Nullable Socket placeholder;

    private final int port;

    NodeListener(String node, SSLContext tls, Responder responder, int port, boolean online) throws IOException {
        this.node = node;
        this.tls = tls;
        this.responder = responder;
        ServerSocket first = bind(port);
        this.port = first.getLocalPort();
        if (online) {
            serve(first);
        } else {
            first.close();
            hold();
        }
    }

    int port() {
        return port;
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 256);
        return socket;
    }

    /** Opens or closes the port to follow the node's power. */
    synchronized void power(boolean on) throws IOException {
        ServerSocket now = server;
        if (on && now == null) {
            Socket kept = placeholder;
            if (kept != null) {
                kept.close();
                placeholder = null;
            }
            serve(bindAgain());
        } else if (!on && now != null) {
            server = null;
            now.close();
            open.forEach(NodeListener::shut);
            hold();
        }
    }

    /** Between giving the port up and taking it, somebody's outgoing connection may have it for a moment. */
    private ServerSocket bindAgain() throws IOException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (true) {
            try {
                return bind(port);
            } catch (java.net.BindException taken) {
                if (System.nanoTime() > deadline) {
                    throw taken;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000L);
            }
        }
    }

    private void hold() {
        Socket kept = new Socket();
        try {
            kept.setReuseAddress(true);
            kept.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            placeholder = kept;
        } catch (IOException e) {
            shut(kept);
        }
    }

    private void serve(ServerSocket socket) {
        server = socket;
        Thread.ofVirtual().name("pveproxy " + node).start(() -> accept(socket));
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofVirtual().name("pveproxy " + node + " worker").start(() -> connection(client));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                // a client that is gone before it is accepted
            }
        }
    }

    private void connection(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(60_000);
            int first = client.getInputStream().read();
            if (first < 0) {
                return;
            }
            if (first != 0x16) {
                plain(client, first);
                return;
            }
            SSLSocket secure = (SSLSocket) tls.getSocketFactory()
                    .createSocket(client, new ByteArrayInputStream(new byte[] {(byte) first}), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            try (DefaultBHttpServerConnection connection = new DefaultBHttpServerConnection("https", CONFIG)) {
                connection.bind(secure);
                connection.setSocketTimeout(Timeout.ofMinutes(1));
                while (serveOne(connection)) {
                    // keep-alive
                }
            }
        } catch (IOException | HttpException e) {
            // the peer went away or does not speak HTTP: nothing to answer
        } finally {
            open.remove(client);
        }
    }

    private boolean serveOne(DefaultBHttpServerConnection connection) throws IOException, HttpException {
        ClassicHttpRequest request = connection.receiveRequestHeader();
        if (request == null) {
            return false;
        }
        if (request.containsHeader("Content-Length") || request.containsHeader("Transfer-Encoding")) {
            if (!request.containsHeader("Transfer-Encoding")) {
                connection.receiveRequestEntity(request);
            }
        }
        ClassicHttpResponse response = responder.respond(node, request);
        if (response == null || server == null) {
            return false;
        }
        boolean close = response.getCode() >= 400 || asksToClose(request);
        response.setHeader("Connection", close ? "close" : "Keep-Alive");
        connection.sendResponseHeader(response);
        if (response.getEntity() != null) {
            connection.sendResponseEntity(response);
        }
        connection.flush();
        return !close;
    }

    private static boolean asksToClose(ClassicHttpRequest request) {
        var header = request.getFirstHeader("Connection");
        return header != null && "close".equalsIgnoreCase(header.getValue());
    }

    /** Plain HTTP on the TLS port: a redirect, permanent for GET, method-keeping for the others. */
    private static void plain(Socket client, int first) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder().append((char) first);
        int c;
        while (head.length() < 8192 && (c = in.read()) >= 0 && head.indexOf("\r\n\r\n") < 0) {
            head.append((char) c);
        }
        String[] words = head.toString().split("\\s+", 3);
        String host = "localhost";
        for (String line : head.toString().split("\r\n")) {
            if (line.regionMatches(true, 0, "Host:", 0, 5)) {
                host = line.substring(5).strip();
            }
        }
        String status =
                words[0].equals("GET") || words[0].equals("HEAD") ? "301 Moved Permanently" : "308 Permanent Redirect";
        String answer = "HTTP/1.1 " + status + "\r\nConnection: close\r\nLocation: https://" + host
                + (words.length > 1 ? words[1] : "/") + "\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() {
        try {
            power(false);
            Socket kept = placeholder;
            if (kept != null) {
                kept.close();
            }
        } catch (IOException e) {
            // nothing left to close
        }
    }
}
