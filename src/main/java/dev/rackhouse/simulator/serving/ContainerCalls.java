package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls below {@code /containers}. */
final class ContainerCalls {
    private final DockerDaemon daemon;

    ContainerCalls(DockerDaemon daemon) {
        this.daemon = daemon;
    }

    void answer(HttpExchange exchange, String method, List<String> path)
            throws IOException, DockerRefusal, InterruptedException {
        Map<String, String> query = Web.query(exchange);
        if (path.size() == 1) {
            switch (method + " " + path.getFirst()) {
                case "GET json" -> Web.json(exchange, 200, list(query));
                case "POST create" -> {
                    Container made = daemon.create(name(query), EngineApi.body(exchange));
                    Web.json(exchange, 201, Map.of("Id", made.id, "Warnings", List.of()));
                }
                default -> {
                    if (!method.equals("DELETE")) {
                        throw new DockerRefusal(404, "page not found");
                    }
                    daemon.remove(daemon.get(path.getFirst()), on(query, "force"));
                    Web.empty(exchange, 204);
                }
            }
            return;
        }
        if (path.size() != 2) {
            throw new DockerRefusal(404, "page not found");
        }
        Container container = daemon.get(path.getFirst());
        switch (method + " " + path.getLast()) {
            case "GET json" -> Web.json(exchange, 200, ContainerJson.inspect(daemon, container));
            case "GET top" -> Web.json(exchange, 200, ContainerJson.top(container));
            case "GET logs" -> logs(exchange, container, query);
            case "POST start" -> done(exchange, daemon.start(container));
            case "POST stop" -> done(exchange, daemon.stop(container, seconds(query)));
            case "POST restart" -> {
                daemon.stop(container, seconds(query));
                daemon.start(container);
                Web.empty(exchange, 204);
            }
            case "POST kill" -> {
                daemon.kill(container);
                Web.empty(exchange, 204);
            }
            case "POST rename" -> {
                daemon.rename(container, query.getOrDefault("name", ""));
                Web.empty(exchange, 204);
            }
            case "POST wait" -> {
                while (container.alive()) {
                    Thread.sleep(5);
                }
                Web.json(exchange, 200, Map.of("StatusCode", container.exitCode));
            }
            default -> throw new DockerRefusal(404, "page not found");
        }
    }

    private static void done(HttpExchange exchange, boolean changed) throws IOException {
        Web.empty(exchange, changed ? 204 : 304);
    }

    private static String name(Map<String, String> query) {
        String given = query.getOrDefault("name", "");
        return given.isEmpty() ? "gallant_" + Long.toHexString(System.nanoTime() & 0xffffff) : given;
    }

    private static double seconds(Map<String, String> query) {
        String given = query.getOrDefault("t", "");
        return given.matches("\\d{1,6}") ? Double.parseDouble(given) : 10;
    }

    private static boolean on(Map<String, String> query, String name) {
        return query.getOrDefault(name, "").matches("(?i)1|true");
    }

    private List<Object> list(Map<String, String> query) {
        JsonNode filters = JsonMapper.shared().readTree(query.getOrDefault("filters", "{}"));
        boolean all = on(query, "all") || filters.has("status");
        List<Object> rows = new ArrayList<>();
        for (Container one : daemon.all()) {
            if ((all || one.alive()) && matches(one, filters)) {
                rows.add(ContainerJson.row(one));
            }
        }
        return rows;
    }

    private static boolean matches(Container one, JsonNode filters) {
        return any(
                        filters.path("name"),
                        wanted ->
                                Pattern.compile(wanted).matcher("/" + one.name).find())
                && any(filters.path("status"), wanted -> ContainerJson.word(one).equals(wanted))
                && any(filters.path("id"), wanted -> one.id.startsWith(wanted))
                && any(filters.path("label"), wanted -> {
                    int at = wanted.indexOf('=');
                    JsonNode labels = one.body.path("Labels");
                    return at < 0
                            ? labels.has(wanted)
                            : labels.path(wanted.substring(0, at)).asString("").equals(wanted.substring(at + 1))
                                    && labels.has(wanted.substring(0, at));
                });
    }

    /** Docker sends a filter's values as a list, older clients as an object of values to true. */
    private static boolean any(JsonNode wanted, java.util.function.Predicate<String> fits) {
        if (wanted.isMissingNode() || wanted.isEmpty()) {
            return true;
        }
        return wanted.isArray()
                ? wanted.valueStream().anyMatch(one -> fits.test(one.asString("")))
                : wanted.propertyStream().anyMatch(one -> fits.test(one.getKey()));
    }

    /** Frames of eight bytes before each line, since no container here has a terminal. */
    private void logs(HttpExchange exchange, Container container, Map<String, String> query)
            throws IOException, DockerRefusal, InterruptedException {
        boolean out = on(query, "stdout");
        boolean err = on(query, "stderr");
        if (!out && !err) {
            throw new DockerRefusal(400, "Bad parameters: you must choose at least one stream");
        }
        boolean follow = on(query, "follow");
        boolean stamps = on(query, "timestamps");
        String tail = query.getOrDefault("tail", "all");
        String since = query.getOrDefault("since", "0");
        double from = since.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(since) : 0;
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.docker.multiplexed-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream to = exchange.getResponseBody();
        long next = 0;
        List<LogLines.Line> lines =
                container.log.tail(tail.matches("\\d{1,9}") ? Integer.parseInt(tail) : Integer.MAX_VALUE);
        while (true) {
            for (LogLines.Line line : lines) {
                next = line.number() + 1;
                boolean wanted = line.stream() == 1 ? out : err;
                if (wanted && line.at().toEpochMilli() / 1000.0 >= from) {
                    to.write(frame(line.stream(), (stamps ? line.at() + " " : "") + line.text() + "\n"));
                }
            }
            to.flush();
            if (!follow || !container.alive() && lines.isEmpty()) {
                return;
            }
            lines = container.log.from(next, 200);
        }
    }

    private static byte[] frame(int stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .put((byte) stream)
                .put(new byte[3])
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}
