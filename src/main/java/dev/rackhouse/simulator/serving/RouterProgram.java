package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A program of one computer that hands clients' requests to engines. It is set up by files on the computer's disk, and reads them when
 * it starts. Safe for many threads.
 */
abstract class RouterProgram implements AutoCloseable {
    private final Computer computer;
    private final Effects effects;
    private final String name;
    private final int clients;
    private final int control;
    private final Map<Integer, Web> open = new TreeMap<>();
    private volatile String fault = "";

    /**
     * @param name under which it holds its ports
     * @param clients port on which clients ask
     * @param control port on which it is told; may be the same
     */
    RouterProgram(Computer computer, Effects effects, String name, int clients, int control) {
        this.computer = computer;
        this.effects = effects;
        this.name = name;
        this.clients = clients;
        this.control = control;
    }

    /** As the console's files call it: {@code llama-swap}. */
    abstract String kind();

    /** Files and folders that make it be there; the first one tells whether it is. */
    abstract List<String> files();

    /** Writes them as somebody did long ago, from the routes of a seed. */
    abstract void install(JsonNode seed);

    /** Reads its files and listens. */
    abstract void begin();

    /** What else ends with it. */
    void ended() {}

    final boolean installed() {
        return computer.read(files().getFirst()).isPresent();
    }

    final void uninstall() {
        files().forEach(computer::delete);
    }

    /** Nothing happens where it is not set up, or runs already. */
    final synchronized void start() {
        if (installed() && open.isEmpty()) {
            begin();
        }
    }

    /** Ends it; requests under way break. */
    @Override
    public final synchronized void close() {
        computer.ports().release(name);
        open.values().forEach(Web::close);
        open.clear();
        ended();
    }

    final void listen(int port, HttpHandler handler) {
        Web web = new Web(handler);
        open.put(port, web);
        computer.ports().listen(port, name, web.address());
    }

    final synchronized boolean running() {
        return !open.isEmpty();
    }

    final @Nullable String clientsUrl() {
        return url(clients);
    }

    final @Nullable String controlUrl() {
        return url(control);
    }

    private synchronized @Nullable String url(int port) {
        Web web = open.get(port);
        return web == null ? null : "http://127.0.0.1:" + web.address().getPort();
    }

    final void fault(String wanted) {
        fault = wanted.equals("none") ? "" : wanted;
    }

    /** The fault of its control side, if there is one now: slow is waited for. @return whether it refuses */
    final boolean refuses() throws InterruptedException {
        if (fault.equals("slow")) {
            computer.tempo().sleep(10);
        }
        return fault.equals("refuse");
    }

    final Computer computer() {
        return computer;
    }

    final void count(String effect) {
        effects.count(effect);
    }

    /** In the form of OpenAI. */
    static void error(HttpExchange exchange, int status, String message, @Nullable String type, @Nullable String code)
            throws IOException {
        Map<String, @Nullable Object> error = new java.util.LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", null);
        error.put("code", code);
        Web.json(exchange, status, Map.of("error", error));
    }
}
