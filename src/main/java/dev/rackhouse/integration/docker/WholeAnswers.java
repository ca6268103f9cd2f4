package dev.rackhouse.integration.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpReply;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Gives the library answers that have come as a whole, so that it reads from memory only. */
record WholeAnswers(Containers.Engine engine, String machine) implements DockerHttpClient {

    @Override
    public Response execute(Request request) {
        if (!request.method().equals("GET")) {
            throw new UnsupportedOperationException("Only reads: " + request.method());
        }
        HttpReply reply = engine.get(request.path());
        if (reply.truncated()) {
            throw new RemoteFailure.Unreadable(
                    "ask Docker for " + request.path(),
                    machine,
                    "the answer is longer than is read",
                    "Remove containers that nobody needs.",
                    null);
        }
        return new Whole(reply);
    }

    @Override
    public void close() {
        // nothing is held
    }

    private record Whole(HttpReply reply) implements Response {
        @Override
        public int getStatusCode() {
            return reply.status();
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            return Map.of();
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(reply.text().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
