package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program that hands clients' requests to the engines by the name of the model. Its routes lie on the computer's disk. Safe for many
 * threads.
 */
public final class Router implements AutoCloseable {
    public static final int CLIENTS = 4000;
    public static final int CONTROL = 4001;

    private static final String FILE = "/var/lib/llm-router/routes.json";
    private static final String HOLDER = "llm-router";

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
            if (!java.util.List.of("active", "draining", "off").contains(state)) {
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

    private final Computer computer;
    private final Effects effects;
    private final Map<String, Route> routes = new TreeMap<>();
    private final Map<String, AtomicInteger> inFlight = new TreeMap<>();
    private final RouterClients clients;
    private volatile String fault = "";
    private @Nullable Web clientSide;
    private @Nullable Web controlSide;

    public Router(Computer computer, Effects effects) {
        this.computer = computer;
        this.effects = effects;
        this.clients = new RouterClients(this, computer);
    }

    static void put(Computer computer, JsonNode routes) {
        computer.write(FILE, JsonMapper.shared().writeValueAsString(routes) + "\n");
    }

    /** Whether it is set up on this computer. */
    public boolean installed() {
        return computer.read(FILE).isPresent();
    }

    /** Reads its routes and listens; nothing happens where it is not set up or runs already. */
    public synchronized void start() {
        if (!installed() || clientSide != null) {
            return;
        }
        routes.clear();
        JsonMapper.shared()
                .readTree(computer.read(FILE).orElse("[]"))
                .valueStream()
                .forEach(one -> {
                    Route route = Route.of(one.path("name").asString(""), one);
                    routes.put(route.name(), route);
                });
        clientSide = new Web(clients::handle);
        controlSide = new Web(new RouterControl(this)::handle);
        computer.ports().listen(CLIENTS, HOLDER, clientSide.address());
        computer.ports().listen(CONTROL, HOLDER, controlSide.address());
    }

    /** Ends it; requests in flight break. */
    @Override
    public synchronized void close() {
        computer.ports().release(HOLDER);
        Web first = clientSide;
        Web second = controlSide;
        clientSide = null;
        controlSide = null;
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    /** {@code refuse} and {@code slow} meet the control side: it answers 500, or after ten simulated seconds; {@code none} ends that. */
    public void fault(String wanted) {
        if (!java.util.List.of("refuse", "slow", "none").contains(wanted)) {
            throw new IllegalArgumentException("No such fault: " + wanted);
        }
        fault = wanted.equals("none") ? "" : wanted;
    }

    String fault() {
        return fault;
    }

    Tempo tempo() {
        return computer.tempo();
    }

    /** Real address for clients; null: it does not run. */
    public synchronized @Nullable String clientsUrl() {
        Web open = clientSide;
        return open == null ? null : "http://127.0.0.1:" + open.address().getPort();
    }

    /** Real address of its control side; null: it does not run. */
    public synchronized @Nullable String controlUrl() {
        Web open = controlSide;
        return open == null ? null : "http://127.0.0.1:" + open.address().getPort();
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
            effects.count("route " + route.name());
            write();
        }
    }

    synchronized boolean remove(String name) {
        boolean there = routes.remove(name) != null;
        if (there) {
            effects.count("route " + name);
            write();
        }
        return there;
    }

    private void write() {
        put(
                computer,
                JsonMapper.shared()
                        .valueToTree(routes.values().stream().map(Route::json).toList()));
    }
}
