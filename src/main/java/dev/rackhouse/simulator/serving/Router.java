package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program that hands clients' requests to the engines by the name of the model. Its routes lie on the computer's disk. Safe for many
 * threads.
 */
final class Router extends RouterProgram {
    static final int CLIENTS = 4000;
    static final int CONTROL = 4001;

    private static final String FILE = "/var/lib/llm-router/routes.json";

    /**
     * Where requests for a name go.
     *
     * @param state {@code active}, {@code draining}: no new ones, {@code off}
     * @param retryAfter seconds after which a refused client shall ask again
     */
    record Route(String name, String backend, String model, String state, int retryAfter, String message) {
        static Route of(String name, JsonNode body) {
            String state = body.path("state").asString("active");
            String backend = body.path("backend").asString("");
            if (!List.of("active", "draining", "off").contains(state)) {
                throw new IllegalArgumentException("state is active, draining or off, not " + state);
            }
            if (!backend.matches("http://[A-Za-z0-9.-]+:\\d{1,5}/?")) {
                throw new IllegalArgumentException("backend is http://host:port, not " + backend);
            }
            return new Route(
                    name,
                    backend.replaceFirst("/$", ""),
                    body.path("model").asString(name),
                    state,
                    body.path("retryAfter").asInt(30),
                    body.path("message").asString(""));
        }

        Map<String, Object> json() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("name", name);
            all.put("backend", backend);
            all.put("model", model);
            all.put("state", state);
            all.put("retryAfter", retryAfter);
            all.put("message", message);
            return all;
        }
    }

    private final Map<String, Route> routes = new TreeMap<>();
    private final Map<String, AtomicInteger> inFlight = new TreeMap<>();
    private final RouterClients clients;

    Router(Computer computer, Effects effects) {
        super(computer, effects, "llm-router", CLIENTS, CONTROL);
        this.clients = new RouterClients(this, computer);
    }

    static void put(Computer computer, JsonNode routes) {
        computer.write(FILE, JsonMapper.shared().writeValueAsString(routes) + "\n");
    }

    @Override
    String kind() {
        return "rackhouse";
    }

    @Override
    List<String> files() {
        return List.of(FILE, "/var/lib/llm-router");
    }

    @Override
    void install(JsonNode seed) {
        put(computer(), seed.path("routes"));
    }

    @Override
    void begin() {
        routes.clear();
        JsonMapper.shared()
                .readTree(computer().read(FILE).orElse("[]"))
                .valueStream()
                .forEach(one -> {
                    Route route = Route.of(one.path("name").asString(""), one);
                    routes.put(route.name(), route);
                });
        listen(CLIENTS, clients::handle);
        listen(CONTROL, new RouterControl(this)::handle);
    }

    synchronized Map<String, Route> routes() {
        return new TreeMap<>(routes);
    }

    synchronized Optional<Route> find(String name) {
        return Optional.ofNullable(routes.get(name));
    }

    synchronized int inFlight(String name) {
        AtomicInteger count = inFlight.get(name);
        return count == null ? 0 : count.get();
    }

    /** The route of a request that is accepted now, counted until {@link #left}; empty: no such name. One that is not active is not counted. */
    synchronized Optional<Route> enter(String name) {
        Route route = routes.get(name);
        if (route != null && route.state().equals("active")) {
            inFlight.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
        }
        return Optional.ofNullable(route);
    }

    synchronized void left(String name) {
        AtomicInteger count = inFlight.get(name);
        if (count != null) {
            count.decrementAndGet();
        }
    }

    synchronized void set(Route route) {
        if (!route.equals(routes.put(route.name(), route))) {
            count("route " + route.name());
            write();
        }
    }

    synchronized boolean remove(String name) {
        boolean there = routes.remove(name) != null;
        if (there) {
            count("route " + name);
            write();
        }
        return there;
    }

    private void write() {
        put(
                computer(),
                JsonMapper.shared()
                        .valueToTree(routes.values().stream().map(Route::json).toList()));
    }
}
