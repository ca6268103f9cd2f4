package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.TraefikConfig.Middleware;
import dev.rackhouse.simulator.serving.TraefikConfig.Router;
import dev.rackhouse.simulator.serving.TraefikConfig.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * Traefik v3 with the file provider: it watches one file of the computer, takes a change over two seconds later, and goes on with what it
 * had when the file cannot be used. Its API only tells.
 */
final class Traefik extends RouterProgram {
    static final int CLIENTS = 80;
    static final int API = 8080;
    static final String FILE = "/etc/traefik/dynamic/llm.yaml";

    private static final String STATIC = "/etc/traefik/traefik.yaml";
    private static final double THROTTLE_SECONDS = 2;

    private final Forwarding forwarding;
    private volatile TraefikConfig config = TraefikConfig.NONE;
    private @Nullable Thread watch;

    Traefik(Computer computer, Effects effects) {
        super(computer, effects, "traefik", CLIENTS, API);
        this.forwarding = new Forwarding(computer);
    }

    @Override
    String kind() {
        return "traefik-file";
    }

    @Override
    List<String> files() {
        return List.of(STATIC, "/etc/traefik");
    }

    /** A path for each model, taken away before the engine sees it. */
    @Override
    void install(JsonNode seed) {
        Map<String, Object> routers = new LinkedHashMap<>();
        Map<String, Object> services = new LinkedHashMap<>();
        List<String> paths = new ArrayList<>();
        for (JsonNode route : seed.path("routes")) {
            String name = route.path("name").asString("");
            paths.add("/" + name);
            routers.put(
                    name,
                    new TreeMap<>(Map.of(
                            "rule",
                            "PathPrefix(`/" + name + "`)",
                            "service",
                            name,
                            "middlewares",
                            new ArrayList<>(List.of("model-path")))));
            boolean active = route.path("state").asString("").equals("active");
            Map<String, Object> server =
                    new TreeMap<>(Map.of("url", route.path("backend").asString("")));
            services.put(
                    name,
                    new TreeMap<>(Map.of(
                            "loadBalancer",
                            new TreeMap<>(Map.of("servers", new ArrayList<>(active ? List.of(server) : List.of()))))));
        }
        Map<String, Object> strip = new TreeMap<>(Map.of("prefixes", paths));
        Map<String, Object> middlewares =
                new TreeMap<>(Map.of("model-path", new TreeMap<>(Map.of("stripPrefix", strip))));
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("routers", routers);
        http.put("middlewares", middlewares);
        http.put("services", services);
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        computer()
                .write(
                        FILE,
                        "# One service for each model; see traefik.yaml for the entry points.\n"
                                + new Yaml(options).dump(Map.of("http", http)));
        computer().write(STATIC, """
                        entryPoints:
                          web: { address: ":80" }
                          traefik: { address: "127.0.0.1:8080" }
                        api: { insecure: true }
                        providers:
                          file: { directory: /etc/traefik/dynamic, watch: true }
                        """);
    }

    @Override
    void begin() {
        String first = computer().read(FILE).orElse("");
        take(first);
        watch = Thread.ofVirtual().name("traefik watches").start(() -> watch(first));
        listen(CLIENTS, this::client);
        listen(API, this::api);
    }

    @Override
    void ended() {
        Thread now = watch;
        watch = null;
        if (now != null) {
            now.interrupt();
        }
    }

    private void watch(String first) {
        String taken = first;
        try {
            while (true) {
                computer().tempo().sleep(THROTTLE_SECONDS);
                String now = computer().read(FILE).orElse("");
                if (!now.equals(taken)) {
                    taken = now;
                    take(now);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(String file) {
        try {
            config = TraefikConfig.read(file);
        } catch (TraefikConfig.Unusable logged) {
            // as Traefik does: an error in its log, and what it had goes on
        }
    }

    private void api(HttpExchange exchange) throws IOException {
        try {
            if (refuses()) {
                Web.text(exchange, 500, "text/plain; charset=utf-8", "Internal Server Error\n");
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        TraefikConfig now = config;
        switch (exchange.getRequestURI().getPath()) {
            case "/api/version" -> Web.json(exchange, 200, Map.of("Version", "3.7.9", "Codename", "langres"));
            case "/api/http/services" -> {
                List<Object> rows = new ArrayList<>();
                now.services().forEach((name, service) -> rows.add(shown(now, name, service)));
                Web.json(exchange, 200, rows);
            }
            case "/api/http/routers" -> {
                List<Object> rows = new ArrayList<>();
                now.routers().values().forEach(router -> rows.add(shown(router)));
                Web.json(exchange, 200, rows);
            }
            default -> Web.text(exchange, 404, "text/plain; charset=utf-8", "404 page not found\n");
        }
    }

    private static Map<String, Object> shown(TraefikConfig now, String name, Service service) {
        Map<String, Object> balancer = new LinkedHashMap<>();
        Map<String, Object> status = new TreeMap<>();
        if (!service.servers().isEmpty()) {
            balancer.put(
                    "servers",
                    service.servers().stream().map(url -> Map.of("url", url)).toList());
            service.servers().forEach(url -> status.put(url, "UP"));
        }
        balancer.put("strategy", "wrr");
        balancer.put("passHostHeader", true);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("loadBalancer", balancer);
        row.put("status", "enabled");
        row.put(
                "usedBy",
                now.routers().values().stream()
                        .filter(router -> router.service().equals(name))
                        .map(router -> router.name() + "@file")
                        .toList());
        row.put("serverStatus", status);
        row.put("name", name + "@file");
        row.put("provider", "file");
        row.put("type", "loadbalancer");
        return row;
    }

    private static Map<String, Object> shown(Router router) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("entryPoints", List.of("web"));
        if (!router.middlewares().isEmpty()) {
            row.put(
                    "middlewares",
                    router.middlewares().stream().map(one -> one + "@file").toList());
        }
        row.put("service", router.service());
        row.put("rule", router.rule());
        row.put("priority", router.rule().length());
        if (!router.error().isEmpty()) {
            row.put("error", List.of(router.error()));
        }
        row.put("status", router.error().isEmpty() ? "enabled" : "disabled");
        row.put("using", List.of("web"));
        row.put("name", router.name() + "@file");
        row.put("provider", "file");
        return row;
    }

    private void client(HttpExchange exchange) throws IOException {
        TraefikConfig now = config;
        String host =
                String.valueOf(exchange.getRequestHeaders().getFirst("Host")).replaceFirst(":\\d+$", "");
        String path = exchange.getRequestURI().getRawPath();
        Router router = now.router(host, path).orElse(null);
        if (router == null) {
            Web.text(exchange, 404, "text/plain; charset=utf-8", "404 page not found\n");
            return;
        }
        for (String name : router.middlewares()) {
            Middleware middleware = now.middlewares().getOrDefault(name, new Middleware(List.of(), Map.of()));
            middleware.responseHeaders().forEach(exchange.getResponseHeaders()::set);
            for (String prefix : middleware.stripped()) {
                if (path.startsWith(prefix)) {
                    path = path.substring(prefix.length());
                    break;
                }
            }
        }
        List<String> servers = now.services()
                .getOrDefault(router.service(), new Service(List.of()))
                .servers();
        if (servers.isEmpty()) {
            Web.text(exchange, 503, "text/plain; charset=utf-8", "no available server\n");
            return;
        }
        try {
            HttpResponse<InputStream> answer = forwarding.ask(
                    exchange.getRequestMethod(),
                    servers.getFirst(),
                    path.isEmpty() ? "/" : path,
                    exchange.getRequestBody().readAllBytes(),
                    exchange.getRequestHeaders().getFirst("Authorization"));
            if (answer == null) {
                Web.text(exchange, 502, "text/plain; charset=utf-8", "Bad Gateway");
            } else {
                Forwarding.pass(exchange, answer);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
