package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.Router.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The router's clients' side. A request that was accepted is carried to its end, whatever becomes of its route meanwhile. */
final class RouterClients {
    private final Router router;
    private final Forwarding forwarding;

    RouterClients(Router router, Computer computer) {
        this.router = router;
        this.forwarding = new Forwarding(computer);
    }

    void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (method.equals("GET") && path.equals("/health")) {
            Web.json(exchange, 200, Map.of("status", "ok"));
        } else if (method.equals("GET") && path.equals("/v1/models")) {
            Web.json(exchange, 200, Map.of("object", "list", "data", models()));
        } else if (method.equals("POST") && Forwarding.BY_MODEL.contains(path)) {
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
        HttpResponse<InputStream> answer = null;
        try {
            if (body instanceof ObjectNode object) {
                object.put("model", route.model());
                answer = forwarding.ask(
                        "POST",
                        route.backend(),
                        path,
                        JsonMapper.shared().writeValueAsBytes(object),
                        exchange.getRequestHeaders().getFirst("Authorization"));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        if (answer == null) {
            error(exchange, 502, "The engine of " + route.name() + " does not answer", "backend_unreachable");
        } else {
            Forwarding.pass(exchange, answer);
        }
    }

    private static void error(HttpExchange exchange, int status, String message, String code) throws IOException {
        RouterProgram.error(exchange, status, message, status >= 500 ? "server_error" : "invalid_request_error", code);
    }
}
