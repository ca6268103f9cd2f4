package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.Router.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** The router's control side: reading and changing routes. */
final class RouterControl {
    private final Router router;

    RouterControl(Router router) {
        this.router = router;
    }

    void handle(HttpExchange exchange) throws IOException {
        try {
            if (router.refuses()) {
                error(exchange, 500, "the router cannot write its routes");
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (method.equals("GET") && path.equals("/health")) {
            Web.json(exchange, 200, Map.of("status", "ok"));
        } else if (method.equals("GET") && path.equals("/routes")) {
            List<Object> rows = new ArrayList<>();
            router.routes().values().forEach(route -> rows.add(shown(route)));
            Web.json(exchange, 200, Map.of("routes", rows));
        } else if (path.matches("/routes/[^/]+")) {
            one(exchange, method, Web.decoded(path.substring(8).replace("+", "%2B")));
        } else {
            error(exchange, 404, "there is no " + path);
        }
    }

    private void one(HttpExchange exchange, String method, String name) throws IOException {
        switch (method) {
            case "PUT" -> {
                try {
                    Route route = Route.of(name, EngineApi.body(exchange));
                    router.set(route);
                    Web.json(exchange, 200, shown(route));
                } catch (IllegalArgumentException | JacksonException wrong) {
                    error(exchange, 400, String.valueOf(wrong.getMessage()));
                }
            }
            case "GET" -> {
                Route there = router.find(name).orElse(null);
                if (there == null) {
                    error(exchange, 404, "there is no route " + name);
                } else {
                    Web.json(exchange, 200, shown(there));
                }
            }
            case "DELETE" -> {
                if (router.remove(name)) {
                    Web.empty(exchange, 204);
                } else {
                    error(exchange, 404, "there is no route " + name);
                }
            }
            default -> error(exchange, 405, "GET, PUT or DELETE");
        }
    }

    private Map<String, Object> shown(Route route) {
        Map<String, Object> row = route.json();
        row.put("inFlight", router.inFlight(route.name()));
        return row;
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        Web.json(exchange, status, Map.of("error", Map.of("message", message)));
    }
}
