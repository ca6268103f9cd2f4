package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands a client's request on to an engine, and its answer back piece by piece. */
final class Forwarding {
    /** Paths of OpenAI's API that name a model in their body. */
    static final List<String> BY_MODEL = List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings");

    private final Computer computer;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Forwarding(Computer computer) {
        this.computer = computer;
    }

    /**
     * Asks the engine.
     *
     * @param backend {@code http://host:port}
     * @param authorization header to send; null: none
     * @return null when nobody answers there
     */
    @Nullable
    HttpResponse<InputStream> ask(
            String method, String backend, String path, byte[] body, @Nullable String authorization)
            throws InterruptedException {
        URI address = URI.create(backend);
        InetSocketAddress real = computer.reach(address.getHost(), address.getPort());
        if (real == null) {
            return null;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + real.getPort() + path))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        request.header("Content-Type", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException gone) {
            return null;
        }
    }

    /** Passes an answer on as it comes. */
    static void pass(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
        for (String header : List.of("Content-Type", "Retry-After")) {
            answer.headers()
                    .firstValue(header)
                    .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
        }
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        try (InputStream in = answer.body()) {
            OutputStream out = exchange.getResponseBody();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
                out.flush();
            }
        }
    }
}
