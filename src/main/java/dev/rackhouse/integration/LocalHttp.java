package dev.rackhouse.integration;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.ssh.DuplexStream;
import dev.rackhouse.ssh.SshHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A program that serves HTTP on {@code 127.0.0.1} of a machine, asked through the machine's SSH connection. */
public record LocalHttp(SshHost host, int port) {

    /** Bytes of an answer that are read. */
    public static final int LARGEST = 2 * 1024 * 1024;

    /**
     * Sends one request and reads the whole answer; blocks.
     *
     * @param bearer empty: no authorization is sent
     * @param body JSON; null: none
     * @param timeout from the connection to the port to the end of the answer
     * @return whatever the status
     * @throws RemoteFailure when there was no answer, no whole one, or none in time
     * @throws java.util.concurrent.CancellationException when the calling thread is interrupted
     */
    public HttpReply call(String method, String path, String bearer, @Nullable String body, Duration timeout) {
        Map<String, String> headers = new TreeMap<>(Map.of("Host", "127.0.0.1:" + port, "Accept", "*/*"));
        if (!bearer.isEmpty()) {
            headers.put("Authorization", "Bearer " + bearer);
        }
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        String doing = HttpFailures.asking(method, path) + " of port " + port;
        try (DuplexStream stream = host.openPort(port);
                Deadline deadline = Deadline.after(timeout, stream::close)) {
            try (HttpExchange exchange = HttpExchange.send(
                    stream, method, path, headers, body == null ? null : body.getBytes(StandardCharsets.UTF_8))) {
                HttpReply reply = exchange.reply(LARGEST);
                if (deadline.passed()) {
                    throw new IOException("the time is over"); // a body without length ends when the stream is closed
                }
                return reply;
            } catch (IOException e) {
                throw new HttpFailures(doing, host.machine(), timeout).of(e, deadline.passed(), !method.equals("GET"));
            }
        }
    }
}
