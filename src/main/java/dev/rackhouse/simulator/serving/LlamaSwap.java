package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * llama-swap of 2026 before engines that others start: each model's command only sleeps, its {@code proxy} is the engine. Clients ask for
 * names that a profile pins to models. Which profile is active is kept in memory only.
 */
final class LlamaSwap extends RouterProgram {
    static final int PORT = 8080;

    private static final String FILE = "/etc/llama-swap/config.yaml";

    /** What a model leads to; {@code useModelName} is what its engine calls it. */
    private record Model(String proxy, String useModelName) {}

    private final Forwarding forwarding;
    private final Map<String, Model> models = new TreeMap<>();
    private final Map<String, Map<String, String>> profiles = new TreeMap<>();
    private String active = "";

    LlamaSwap(Computer computer, Effects effects) {
        super(computer, effects, "llama-swap", PORT, PORT);
        this.forwarding = new Forwarding(computer);
    }

    @Override
    String kind() {
        return "llama-swap";
    }

    @Override
    List<String> files() {
        return List.of(FILE, "/etc/llama-swap");
    }

    /** The names of models are none that clients ask for: llama-swap would answer those without any profile. */
    @Override
    void install(JsonNode seed) {
        Map<String, Object> written = new LinkedHashMap<>();
        Map<String, Object> allModels = new LinkedHashMap<>();
        for (JsonNode route : seed.path("routes")) {
            String name = route.path("name").asString("");
            allModels.put(
                    "engine-" + name,
                    new TreeMap<>(Map.of(
                            "cmd", "sleep infinity",
                            "proxy", route.path("backend").asString(""),
                            "useModelName", route.path("model").asString(""))));
        }
        written.put("models", allModels);
        Map<String, Object> allProfiles = new LinkedHashMap<>();
        seed.path("profiles").propertyStream().forEach(profile -> {
            Map<String, Object> pins = new LinkedHashMap<>();
            profile.getValue()
                    .valueStream()
                    .forEach(name -> pins.put(name.asString(""), "engine-" + name.asString("")));
            allProfiles.put(profile.getKey(), new TreeMap<>(Map.of("pins", pins)));
        });
        written.put("profiles", allProfiles);
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        computer().write(FILE, new Yaml(options).dump(written));
        seed.path("profiles").propertyStream().findFirst().ifPresent(first -> active = first.getKey());
    }

    /** Whoever installs it has chosen the first profile; a start after that begins with none. */
    @Override
    void begin() {
        models.clear();
        profiles.clear();
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(computer().read(FILE).orElse(""));
        JsonNode file = JsonMapper.shared().valueToTree(loaded);
        file.path("models")
                .propertyStream()
                .forEach(one -> models.put(
                        one.getKey(),
                        new Model(
                                one.getValue().path("proxy").asString(""),
                                one.getValue().path("useModelName").asString(one.getKey()))));
        file.path("profiles").propertyStream().forEach(one -> {
            Map<String, String> pins = new TreeMap<>();
            one.getValue()
                    .path("pins")
                    .propertyStream()
                    .forEach(pin -> pins.put(pin.getKey(), pin.getValue().asString("")));
            profiles.put(one.getKey(), pins);
        });
        listen(PORT, this::handle);
    }

    @Override
    void ended() {
        active = "";
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        try {
            if (call.contains(" /api/") && refuses()) {
                error(exchange, 500, "llama-swap cannot do that now", "server_error", null);
                return;
            }
            switch (call) {
                case "GET /health" -> Web.text(exchange, 200, "text/plain; charset=utf-8", "OK");
                case "GET /api/profiles" -> Web.json(exchange, 200, listed());
                case "PUT /api/profiles/active" -> activate(exchange);
                case "GET /v1/models" -> Web.json(exchange, 200, Map.of("object", "list", "data", served()));
                default -> client(exchange);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (JacksonException unreadable) {
            error(exchange, 400, "invalid JSON", "invalid_request_error", null);
        }
    }

    private synchronized Map<String, @Nullable Object> listed() {
        List<Object> rows = new ArrayList<>();
        profiles.forEach((id, pins) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", id);
            row.put("description", "");
            row.put("pins", pins);
            rows.add(row);
        });
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("profiles", rows);
        all.put("active", active.isEmpty() ? null : active);
        return all;
    }

    private void activate(HttpExchange exchange) throws IOException {
        String wanted = EngineApi.body(exchange).path("name").asString("");
        synchronized (this) {
            if (wanted.isEmpty() || profiles.containsKey(wanted)) {
                if (!wanted.equals(active)) {
                    count("llama-swap profile");
                }
                active = wanted;
                wanted = "";
            }
        }
        if (wanted.isEmpty()) {
            Web.json(exchange, 200, listed());
        } else {
            error(exchange, 404, "profile not found: " + wanted, "invalid_request_error", null);
        }
    }

    private synchronized Map<String, String> pins() {
        return Map.copyOf(profiles.getOrDefault(active, Map.of()));
    }

    private synchronized List<Object> served() {
        List<Object> rows = new ArrayList<>();
        pins().keySet().stream().sorted().forEach(name -> rows.add(Map.of("id", name, "object", "model")));
        models.keySet().forEach(name -> rows.add(Map.of("id", name, "object", "model")));
        return rows;
    }

    private void client(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("POST") || !Forwarding.BY_MODEL.contains(path)) {
            error(exchange, 404, "404 page not found", "invalid_request_error", null);
            return;
        }
        if (!(EngineApi.body(exchange) instanceof ObjectNode body)) {
            error(exchange, 400, "invalid JSON", "invalid_request_error", null);
            return;
        }
        String name = body.path("model").asString("");
        Model model = models.get(pins().getOrDefault(name, name));
        if (model == null) {
            error(exchange, 404, "no model named '" + name + "'", "invalid_request_error", "model_not_found");
            return;
        }
        body.put("model", model.useModelName());
        HttpResponse<InputStream> answer =
                forwarding.ask("POST", model.proxy(), path, JsonMapper.shared().writeValueAsBytes(body), null);
        if (answer == null) {
            error(exchange, 502, "unable to reach the upstream of " + name, "server_error", null);
        } else {
            Forwarding.pass(exchange, answer);
        }
    }
}
