package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Small servers on loopback, one thread a request, and their answers. */
final class Web implements AutoCloseable {
    static {
        // an answer is written in two pieces; without this the second waits for the other side's acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Web(HttpHandler handler) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (RuntimeException broken) {
                if (exchange.getResponseCode() < 0) {
                    json(exchange, 500, Map.of("message", String.valueOf(broken)));
                }
                throw broken;
            }
        });
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** Cuts all connections, whatever is being answered. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    static void json(HttpExchange exchange, int status, @Nullable Object body) throws IOException {
        text(exchange, status, "application/json", JsonMapper.shared().writeValueAsString(body) + "\n");
    }

    static void text(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    static void empty(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String part : raw.split("&")) {
                int at = part.indexOf('=');
                query.put(
                        decoded(at < 0 ? part : part.substring(0, at)), at < 0 ? "" : decoded(part.substring(at + 1)));
            }
        }
        return query;
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
