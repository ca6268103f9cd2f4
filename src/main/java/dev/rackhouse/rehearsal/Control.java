package dev.rackhouse.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control page of one pretend lab: what it counted, what it looks like, what shall go wrong. Blocks. */
public final class Control {

    private final URI base;
    private final HttpClient http = HttpClient.newHttpClient();

    Control(URI base) {
        this.base = base;
    }

    /** Counters of calls and effects. */
    public JsonNode counters() {
        return get("/counters");
    }

    /** All calls since the last reset. */
    public long calls() {
        return counters().path("total").asLong();
    }

    /** Calls by method and path with names and numbers taken out, in the order of the alphabet. */
    public Map<String, Long> callsByPath() {
        Map<String, Long> calls = new TreeMap<>();
        counters().path("calls").propertyStream().forEach(e -> {
            String template = e.getKey()
                    .replaceAll("UPID:[^/]+", "{upid}")
                    .replaceAll("/(qemu|lxc)/\\d+", "/$1/{vmid}")
                    .replaceAll("/nodes/[^/]+", "/nodes/{node}");
            calls.merge(template, e.getValue().path("calls").asLong(), Long::sum);
        });
        return calls;
    }

    /** How often each thing has been changed since the counters were last cleared. */
    Map<String, Integer> effects() {
        Map<String, Integer> effects = new TreeMap<>();
        counters()
                .path("effects")
                .propertyStream()
                .forEach(e -> effects.put(e.getKey(), e.getValue().asInt()));
        return effects;
    }

    /** Counters to zero. */
    public void clear() {
        post("/counters", "{}");
    }

    JsonNode get(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)).GET());
    }

    JsonNode post(String path, String json) {
        return send(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "The control page answered " + answer.statusCode() + ": " + answer.body());
            }
            return JsonMapper.shared().readTree(answer.body().isBlank() ? "null" : answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("The control page of the pretend labs does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
