package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.Router.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The router's clients' side. A request that was accepted is carried to its end, whatever becomes of its route meanwhile. */
final class RouterClients {
    private static final List<String> FORWARDED = List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings");

    private final Router router;
    private final Computer computer;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RouterClients(Router router, Computer computer) {
        this.router = router;
        this.computer = computer;
    }

    void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (method.equals("GET") && path.equals("/health")) {
            Web.json(exchange, 200, Map.of("status", "ok"));
        } else if (method.equals("GET") && path.equals("/v1/models")) {
            Web.json(exchange, 200, Map.of("object", "list", "data", models()));
        } else if (method.equals("POST") && FORWARDED.contains(path)) {
            accept(exchange, path);
        } else {
            error(exchange, 404, "There is no " + path, "not_found");
        }
    }

    private List<Object> models() {
        List<Object> rows = new ArrayList<>();
        for (Route route : router.routes().values()) {
            if (route.state().equals("active")) {
                rows.add(Map.of("id", route.name(), "object", "model", "owned_by", "llm-router"));
            }
        }
        return rows;
    }

    private void accept(HttpExchange exchange, String path) throws IOException {
        JsonNode body;
        try {
            body = EngineApi.body(exchange);
        } catch (JacksonException unreadable) {
            error(exchange, 400, "The body is no JSON", "invalid_request");
            return;
        }
        String name = body.path("model").asString("");
        Route route = router.enter(name).orElse(null);
        if (route == null) {
            error(exchange, 404, "There is no model " + name, "model_not_found");
            return;
        }
        if (!route.state().equals("active")) {
            boolean draining = route.state().equals("draining");
            exchange.getResponseHeaders().set("Retry-After", "" + route.retryAfter());
            error(
                    exchange,
                    503,
                    route.message().isEmpty() ? "Model " + name + " is offline" : route.message(),
                    draining ? "model_switching" : "model_offline");
            return;
        }
        try {
            forward(exchange, path, route, body);
        } finally {
            router.left(name);
        }
    }

    private void forward(HttpExchange exchange, String path, Route route, JsonNode body) throws IOException {
        HttpResponse<InputStream> answer;
        try {
            answer = asked(exchange, path, route, body);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        if (answer == null) {
            error(exchange, 502, "The engine of " + route.name() + " does not answer", "backend_unreachable");
            return;
        }
        answer.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        answer.headers()
                .firstValue("Retry-After")
                .ifPresent(type -> exchange.getResponseHeaders().set("Retry-After", type));
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

    /** Null: the engine does not answer. */
    private @Nullable HttpResponse<InputStream> asked(HttpExchange exchange, String path, Route route, JsonNode body)
            throws InterruptedException {
        URI backend = URI.create(route.backend());
        InetSocketAddress real = computer.reach(backend.getHost(), backend.getPort());
        if (real == null || !(body instanceof ObjectNode object)) {
            return null;
        }
        object.put("model", route.model());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + real.getPort() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(object)));
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException gone) {
            return null;
        }
    }

    private static void error(HttpExchange exchange, int status, String message, String code) throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", status >= 500 ? "server_error" : "invalid_request_error");
        error.put("param", null);
        error.put("code", code);
        Web.json(exchange, status, Map.of("error", error));
    }
}
