package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * LiteLLM's proxy of 2026 with {@code STORE_MODEL_IN_DB}: models lie in its database, {@code /model/update} merges what it is given into
 * one of them and counts at once. Everything but its signs of life wants the master key.
 */
final class LiteLlm extends RouterProgram {
    static final int PORT = 4000;

    private static final String TABLE = "/var/lib/litellm/models.json";
    private static final String ENVIRONMENT = "/etc/litellm/env";
    private static final String KEY_IS = "LITELLM_MASTER_KEY=";

    /** Where nobody listens: so a name is taken out of use. */
    private static final String NOBODY = "http://127.0.0.1:9";

    /** Of the pretend labs; nothing but them is opened by it. */
    private static final String MASTER_KEY = "sk-pretend-master-key";

    private final Forwarding forwarding;
    private ArrayNode models = JsonMapper.shared().createArrayNode();
    private String key = "";

    LiteLlm(Computer computer, Effects effects) {
        super(computer, effects, "litellm", PORT, PORT);
        this.forwarding = new Forwarding(computer);
    }

    @Override
    String kind() {
        return "litellm";
    }

    @Override
    List<String> files() {
        return List.of(TABLE, "/var/lib/litellm", "/etc/litellm");
    }

    /** As somebody has added them: a provider of its own for vLLM, and addresses with their path. */
    @Override
    void install(JsonNode seed) {
        ArrayNode rows = JsonMapper.shared().createArrayNode();
        for (JsonNode route : seed.path("routes")) {
            String name = route.path("name").asString("");
            ObjectNode row = rows.addObject();
            row.put("model_name", name);
            boolean active = route.path("state").asString("").equals("active");
            row.putObject("litellm_params")
                    .put("model", "hosted_vllm/" + route.path("model").asString(""))
                    .put("api_base", (active ? route.path("backend").asString("") : NOBODY) + "/v1");
            row.putObject("model_info").put("id", "model-" + name).put("db_model", true);
        }
        computer().write(TABLE, text(rows));
        computer().write(ENVIRONMENT, KEY_IS + MASTER_KEY + "\nSTORE_MODEL_IN_DB=True\n");
    }

    private static String text(ArrayNode rows) {
        return JsonMapper.shared().writeValueAsString(rows) + "\n";
    }

    @Override
    void begin() {
        models = (ArrayNode) JsonMapper.shared().readTree(computer().read(TABLE).orElse("[]"));
        key = computer()
                .read(ENVIRONMENT)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(KEY_IS))
                .map(line -> line.substring(KEY_IS.length()))
                .findFirst()
                .orElse("");
        listen(PORT, this::handle);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        try {
            if (call.equals("GET /health/liveliness")) {
                Web.json(exchange, 200, "I'm alive!");
            } else if (call.equals("GET /health/readiness")) {
                Web.json(exchange, 200, Map.of("status", "healthy", "db", "connected"));
            } else if (authorized(exchange)) {
                answer(exchange, call);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (JacksonException unreadable) {
            error(exchange, 400, "Invalid JSON payload", "None", "400");
        }
    }

    private boolean authorized(HttpExchange exchange) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (("Bearer " + key).equals(given)) {
            return true;
        }
        String why = given == null
                ? "No api key passed in."
                : "Invalid proxy server token passed. Unable to find token in cache or `LiteLLM_VerificationTokenTable`";
        error(exchange, 401, "Authentication Error, " + why, "auth_error", "401");
        return false;
    }

    private void answer(HttpExchange exchange, String call) throws IOException, InterruptedException {
        if (call.contains(" /model/") && refuses()) {
            error(exchange, 500, "Internal Server Error, the database is not connected", null, "500");
            return;
        }
        switch (call) {
            case "GET /model/info", "GET /v1/model/info" -> Web.json(exchange, 200, Map.of("data", table()));
            case "POST /model/update" -> update(exchange);
            case "GET /health" -> health(exchange);
            case "GET /v1/models" -> Web.json(exchange, 200, Map.of("object", "list", "data", served()));
            default -> client(exchange);
        }
    }

    private synchronized ArrayNode table() {
        return models.deepCopy();
    }

    private List<Object> served() {
        List<Object> rows = new ArrayList<>();
        table().forEach(row ->
                rows.add(Map.of("id", row.path("model_name").asString(""), "object", "model", "owned_by", "openai")));
        return rows;
    }

    /** What is given replaces what was there; what is not given stays. */
    private void update(HttpExchange exchange) throws IOException {
        JsonNode given = EngineApi.body(exchange);
        String id = given.path("model_info").path("id").asString("");
        JsonNode changed = merged(id, given);
        if (changed == null) {
            error(exchange, 400, "Authentication Error, Model id=" + id + " not found in db", "auth_error", "400");
        } else {
            Web.json(exchange, 200, changed);
        }
    }

    private synchronized @Nullable JsonNode merged(String id, JsonNode given) {
        for (JsonNode row : models) {
            if (row.path("model_info").path("id").asString("").equals(id)
                    && row.path("litellm_params") instanceof ObjectNode params) {
                JsonNode before = row.deepCopy();
                given.path("litellm_params")
                        .propertyStream()
                        .filter(one -> !one.getValue().isNull())
                        .forEach(one -> params.set(one.getKey(), one.getValue()));
                if (given.path("model_name").isString()) {
                    ((ObjectNode) row).set("model_name", given.path("model_name"));
                }
                if (!before.equals(row)) {
                    count("litellm model " + id);
                    computer().write(TABLE, text(models));
                }
                return row.deepCopy();
            }
        }
        return null;
    }

    /** Asks every engine for tokens, which is why nobody should ask this often. */
    private void health(HttpExchange exchange) throws IOException, InterruptedException {
        count("litellm health");
        List<Object> well = new ArrayList<>();
        List<Object> ill = new ArrayList<>();
        for (JsonNode row : table()) {
            String prompt = "{\"model\":\"" + engineName(row)
                    + "\",\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"What is the day today?\"}]}";
            HttpResponse<InputStream> answer = forwarding.ask(
                    "POST", base(row), "/v1/chat/completions", prompt.getBytes(StandardCharsets.UTF_8), null);
            boolean healthy = answer != null && answer.statusCode() == 200;
            (healthy ? well : ill).add(Map.of("model", row.path("model_name").asString("")));
        }
        Web.json(exchange, 200, Map.of("healthy_endpoints", well, "unhealthy_endpoints", ill));
    }

    private static String engineName(JsonNode row) {
        return row.path("litellm_params").path("model").asString("").replaceFirst("^[a-z0-9_]+/", "");
    }

    private static String base(JsonNode row) {
        return row.path("litellm_params").path("api_base").asString("").replaceFirst("/v1/?$", "");
    }

    private void client(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("POST") || !Forwarding.BY_MODEL.contains(path)) {
            Web.json(exchange, 404, Map.of("detail", "Not Found"));
            return;
        }
        if (!(EngineApi.body(exchange) instanceof ObjectNode body)) {
            error(exchange, 400, "Invalid JSON payload", "None", "400");
            return;
        }
        String name = body.path("model").asString("");
        for (JsonNode row : table()) {
            if (row.path("model_name").asString("").equals(name)) {
                forward(exchange, path, name, row, body);
                return;
            }
        }
        error(
                exchange,
                400,
                path.replaceFirst("^/v1", "") + ": Invalid model name passed in model=" + name
                        + ". Call `/v1/models` to view available models for your key.",
                "invalid_request_error",
                "400");
    }

    /** The answer names the model as the client has called it. */
    private void forward(HttpExchange exchange, String path, String name, JsonNode row, ObjectNode body)
            throws IOException, InterruptedException {
        body.put("model", engineName(row));
        HttpResponse<InputStream> answer =
                forwarding.ask("POST", base(row), path, JsonMapper.shared().writeValueAsBytes(body), null);
        if (answer == null) {
            error(
                    exchange,
                    500,
                    "litellm.InternalServerError: InternalServerError: Hosted_vllmException - Connection error.. Received Model Group="
                            + name + "\nAvailable Model Group Fallbacks=None",
                    null,
                    "500");
        } else if (body.path("stream").asBoolean(false) || answer.statusCode() != 200) {
            Forwarding.pass(exchange, answer);
        } else {
            try (InputStream in = answer.body()) {
                JsonNode whole = JsonMapper.shared().readTree(in);
                if (whole instanceof ObjectNode object) {
                    object.put("model", name);
                }
                Web.json(exchange, 200, whole);
            }
        }
    }
}
