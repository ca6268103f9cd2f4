package dev.rackhouse.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Executors;

/**
 * Serves one cloud image over plain HTTP on loopback, with its checksum beside it. The image is a valid, empty qcow2 file
 * of a few hundred bytes: pretend machines only look at its header.
 */
final class ImageServer implements AutoCloseable {
    static final String NAME = "ubuntu-24.04-server-cloudimg-amd64.qcow2";
    private static final long VIRTUAL_BYTES = 3_758_096_384L;

    private final HttpServer server;
    private final byte[] image = image();

    ImageServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/images/" + NAME, exchange -> send(exchange, "application/octet-stream", image));
        server.createContext(
                "/images/SHA256SUMS",
                exchange -> send(
                        exchange, "text/plain", (sha256() + " *" + NAME + "\n").getBytes(StandardCharsets.US_ASCII)));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/images/" + NAME;
    }

    String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Header of qcow2 version 3, big endian, with empty tables. */
    private static byte[] image() {
        return ByteBuffer.allocate(512)
                .put(new byte[] {'Q', 'F', 'I', (byte) 0xfb})
                .putInt(3)
                .putLong(0)
                .putInt(0)
                .putInt(16)
                .putLong(VIRTUAL_BYTES)
                .putInt(0)
                .putInt(0)
                .putLong(0)
                .putLong(0)
                .putInt(0)
                .putInt(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putInt(4)
                .putInt(104)
                .array();
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
