package dev.rackhouse.integration.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.Deadline;
import dev.rackhouse.integration.HttpExchange;
import dev.rackhouse.integration.HttpFailures;
import dev.rackhouse.ssh.DuplexStream;
import dev.rackhouse.ssh.SshHost;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Engine API through {@code docker system dial-stdio}: the same way that {@code docker -H ssh://} takes, so that nothing listens on
 * the network and the machine's own rights decide. Each request has a channel of the shared SSH connection for itself. Failures of
 * the way are {@link RemoteFailure}s; a status that refuses is an answer.
 *
 * @param asRoot whether {@code sudo -n} is put before it, for users other than root
 * @param timeout from the start of the command to the end of the answer's body
 */
record DialStdio(SshHost host, boolean asRoot, Duration timeout) implements DockerHttpClient {

    @Override
    public Reply execute(Request request) {
        if (request.hijackedInput() != null) {
            throw new UnsupportedOperationException("Containers are not spoken with");
        }
        Map<String, String> headers = new TreeMap<>(Map.of("Host", "docker"));
        headers.putAll(request.headers());
        boolean changes = !request.method().equals("GET") && !request.method().equals("HEAD");
        String doing = HttpFailures.asking(request.method(), request.path()) + " of Docker";
        DockerFailures failures = new DockerFailures(doing, host.machine(), timeout, changes);
        DuplexStream stream = host.open((asRoot ? "sudo -n " : "") + "docker system dial-stdio");
        Deadline deadline = Deadline.after(timeout, stream::close);
        try {
            HttpExchange exchange =
                    HttpExchange.send(stream, request.method(), request.path(), headers, bytes(request.body()));
            return new Reply(exchange, deadline, failures);
        } catch (IOException e) {
            RuntimeException failure = failures.beforeTheAnswer(e, deadline.passed(), stream.errors());
            hangUp(deadline, stream);
            throw failure;
        } catch (RuntimeException | Error e) {
            hangUp(deadline, stream);
            throw e;
        }
    }

    private static void hangUp(Deadline deadline, DuplexStream stream) {
        deadline.close();
        stream.close();
    }

    private static byte @Nullable [] bytes(@Nullable InputStream body) throws IOException {
        return body == null ? null : body.readAllBytes();
    }

    @Override
    public void close() {
        // the connection is shared; each answer closes its own channel
    }

    /** An answer whose body is still coming. */
    record Reply(HttpExchange exchange, Deadline deadline, DockerFailures failures) implements Response {

        @Override
        public int getStatusCode() {
            return exchange.status();
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            return exchange.headers();
        }

        @Override
        public InputStream getBody() {
            try {
                return new Body(exchange.body(), this);
            } catch (IOException e) {
                throw failure(e);
            }
        }

        RuntimeException failure(IOException e) {
            return failures.within(e, deadline.passed());
        }

        @Override
        public void close() {
            deadline.close();
            exchange.close();
        }
    }

    /** Lets nobody mistake a body that was cut for one that ended: a stream that was closed by the deadline ends, too. */
    private static final class Body extends FilterInputStream {
        private final Reply reply;

        Body(InputStream in, Reply reply) {
            super(in);
            this.reply = reply;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return checked(super.read(buffer, offset, length));
        }

        private int checked(int read) throws IOException {
            if (read < 0 && reply.deadline.passed()) {
                throw new IOException("the time is over");
            }
            return read;
        }

        @Override
        public void close() {
            reply.close();
        }
    }
}
