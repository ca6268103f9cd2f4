package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.OllamaRunners.Loaded;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Ollama answers: its own API, and OpenAI's below {@code /v1}. It logs each request as its web framework does. */
final class OllamaApi {
    /** What a client sees as the end of a model that is kept for ever. */
    private static final Duration FOR_EVER = Duration.ofDays(292L * 365);

    /** When the models were pulled does not matter here, and must be the same each time. */
    private static final String PULLED = "2026-09-30T18:02:11Z";

    private final Launch launch;
    private final OllamaModels models;
    private final OllamaRunners runners;
    private final double keepSeconds;
    private final int mostWaiting;

    OllamaApi(Launch launch, OllamaModels models, OllamaRunners runners, double keepSeconds, int mostWaiting) {
        this.launch = launch;
        this.models = models;
        this.runners = runners;
        this.keepSeconds = keepSeconds;
        this.mostWaiting = mostWaiting;
    }

    void handle(HttpExchange exchange) throws IOException {
        long asked = System.nanoTime();
        String path = exchange.getRequestURI().getPath();
        try {
            answer(exchange, path);
        } catch (JacksonException unreadable) {
            error(exchange, path, 400, "invalid character in request body");
        } catch (Refusal refused) {
            error(exchange, path, refused.code(), refused.printed());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        launch.log()
                .out(String.format(
                        Locale.ROOT,
                        "[GIN] %s | %d | %12.6fs | %15s | %-8s \"%s\"",
                        Stamp.ofRequest(),
                        exchange.getResponseCode(),
                        launch.computer().tempo().since(asked),
                        "172.17.0.1",
                        exchange.getRequestMethod(),
                        path));
    }

    private void answer(HttpExchange exchange, String path) throws IOException, Refusal, InterruptedException {
        switch (exchange.getRequestMethod() + " " + path) {
            case "GET /", "HEAD /" -> Web.text(exchange, 200, "text/plain; charset=utf-8", "Ollama is running");
            case "GET /api/version" -> Web.json(exchange, 200, Map.of("version", OllamaServer.VERSION));
            case "GET /api/tags" -> Web.json(exchange, 200, Map.of("models", tags()));
            case "GET /api/ps" ->
                Web.json(
                        exchange,
                        200,
                        Map.of(
                                "models",
                                runners.all().stream().map(this::running).toList()));
            case "GET /v1/models" -> Web.json(exchange, 200, Map.of("object", "list", "data", served()));
            case "POST /api/pull" -> pull(exchange, EngineApi.body(exchange));
            case "POST /api/show" -> Web.json(exchange, 200, shown(named(EngineApi.body(exchange))));
            case "DELETE /api/delete" -> delete(exchange, EngineApi.body(exchange));
            case "POST /api/generate" -> generate(exchange, EngineApi.body(exchange));
            case "POST /api/embed" -> embed(exchange, EngineApi.body(exchange));
            case "POST /v1/embeddings", "POST /v1/chat/completions", "POST /v1/completions" ->
                compute(exchange, path, EngineApi.body(exchange));
            default -> Web.text(exchange, 404, "text/plain", "404 page not found");
        }
    }

    private static String name(JsonNode body) {
        return body.path("model").asString(body.path("name").asString(""));
    }

    /** The model that a request names; it must have been pulled. */
    private String named(JsonNode body) throws Refusal {
        String name = name(body);
        if (models.find(name).isEmpty()) {
            throw new Refusal(404, "model '" + name + "' not found");
        }
        return OllamaModels.full(name);
    }

    private ModelFacts facts(String full) throws Refusal {
        return models.find(full).orElseThrow(() -> new Refusal(404, "model '" + full + "' not found"));
    }

    private Loaded loaded(String full, JsonNode body) throws Refusal, InterruptedException {
        Loaded model = runners.get(full, facts(full), KeepAlive.seconds(body.path("keep_alive"), keepSeconds));
        if (model.batch.waiting() >= mostWaiting) {
            throw new Refusal(503, "server busy, please try again.  maximum pending requests exceeded");
        }
        return model;
    }

    private boolean stuck() {
        return fault().equals("wedge");
    }

    private String fault() {
        return launch.faults().now(launch.name());
    }

    private static boolean embeds(ModelFacts facts) {
        return facts.architecture().equals("nomic-bert");
    }

    private void compute(HttpExchange exchange, String path, JsonNode body)
            throws IOException, Refusal, InterruptedException {
        String full = named(body);
        boolean vectors = path.endsWith("/embeddings");
        if (!vectors && embeds(facts(full))) {
            throw new Refusal(400, "\"" + name(body) + "\" does not support chat");
        }
        Loaded model = loaded(full, body);
        if (fault().equals("dead-but-200")) {
            throw new Refusal(500, "an error was encountered while running the model: unexpected EOF");
        }
        if (vectors) {
            Embeddings asked = Embeddings.of(body);
            model.batch.work(asked.tokens(), 0, () -> false, this::stuck, count -> {});
            Web.json(exchange, 200, asked.answer(name(body)));
        } else {
            new Answering(model.batch, ChatRequest.of(body), name(body), path.contains("chat"))
                    .to(exchange, () -> gone(model), this::stuck);
        }
        model.usedAt = System.nanoTime();
    }

    private boolean gone(Loaded model) {
        return !runners.all().contains(model);
    }

    /** Without a prompt it only loads the model, or puts it away. */
    private void generate(HttpExchange exchange, JsonNode body) throws IOException, Refusal, InterruptedException {
        String full = named(body);
        if (embeds(facts(full))) {
            throw new Refusal(400, "\"" + name(body) + "\" does not support generate");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", name(body));
        answer.put("created_at", Instant.now().toString());
        if (body.path("prompt").asString("").isEmpty()) {
            boolean away = KeepAlive.seconds(body.path("keep_alive"), keepSeconds) == 0;
            if (away) {
                runners.unload(full);
            } else {
                loaded(full, body);
            }
            answer.put("response", "");
            answer.put("done", true);
            answer.put("done_reason", away ? "unload" : "load");
            Web.json(exchange, 200, answer);
            return;
        }
        ChatRequest request = ChatRequest.of(body);
        Loaded model = loaded(full, body);
        model.batch.work(request.promptTokens(), request.answerTokens(), () -> gone(model), this::stuck, count -> {});
        answer.put("response", request.words(0, request.answerTokens()));
        answer.put("done", true);
        answer.put("done_reason", request.finish());
        answer.put("eval_count", request.answerTokens());
        Web.json(exchange, 200, answer);
        model.usedAt = System.nanoTime();
    }

    /** Without an input it only loads the model. */
    private void embed(HttpExchange exchange, JsonNode body) throws IOException, Refusal, InterruptedException {
        Loaded model = loaded(named(body), body);
        Embeddings asked = Embeddings.of(body);
        List<String> texts =
                asked.texts().stream().filter(text -> !text.isEmpty()).toList();
        if (!texts.isEmpty()) {
            model.batch.work(asked.tokens(), 0, () -> false, this::stuck, count -> {});
        }
        Web.json(
                exchange,
                200,
                Map.of(
                        "model",
                        name(body),
                        "embeddings",
                        texts.stream().map(Embeddings::vector).toList()));
        model.usedAt = System.nanoTime();
    }

    /** One JSON object a line; a failure stands inside an answer that began well. */
    private void pull(HttpExchange exchange, JsonNode body) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        Optional<String> failed = models.pull(name(body), one -> line(out, one));
        if (failed.isPresent()) {
            line(out, Map.of("error", failed.get()));
        }
    }

    private static void line(OutputStream out, Map<String, Object> one) throws IOException {
        out.write((JsonMapper.shared().writeValueAsString(one) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void delete(HttpExchange exchange, JsonNode body) throws IOException, Refusal {
        String full = named(body);
        runners.unload(full);
        models.delete(full);
        Web.empty(exchange, 200);
    }

    private List<Object> tags() throws Refusal {
        List<Object> rows = new ArrayList<>();
        for (String name : models.names()) {
            Map<String, Object> row = head(name);
            row.put("modified_at", PULLED);
            row.put("size", facts(name).weightBytes());
            row.put("digest", OllamaModels.digest(name));
            row.put("details", details(facts(name)));
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Object> head(String name) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("model", name);
        return row;
    }

    private Map<String, Object> running(Loaded one) {
        Map<String, Object> row = head(one.name);
        row.put("size", one.size);
        row.put("digest", OllamaModels.digest(one.name));
        row.put("details", details(one.facts));
        double left = one.keepSeconds - launch.computer().tempo().since(one.usedAt);
        row.put(
                "expires_at",
                Instant.now()
                        .plus(one.keepSeconds < 0 ? FOR_EVER : Duration.ofMillis((long) (left * 1000)))
                        .toString());
        row.put("size_vram", one.onGpu);
        row.put("context_length", runners.context());
        return row;
    }

    private static Map<String, Object> details(ModelFacts facts) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("parent_model", "");
        details.put("format", "gguf");
        details.put("family", facts.architecture());
        details.put("families", List.of(facts.architecture()));
        double billions = facts.parameters() / 1e9;
        details.put(
                "parameter_size",
                billions >= 1
                        ? String.format(Locale.ROOT, "%.1fB", billions)
                        : String.format(Locale.ROOT, "%.0fM", billions * 1000));
        details.put("quantization_level", facts.weightBytes() * 8.0 / facts.parameters() > 12 ? "F16" : "Q4_K_M");
        return details;
    }

    private Map<String, Object> shown(String full) throws Refusal {
        ModelFacts facts = facts(full);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("details", details(facts));
        all.put(
                "model_info",
                Map.of(
                        "general.architecture",
                        facts.architecture(),
                        "general.parameter_count",
                        facts.parameters(),
                        facts.architecture() + ".context_length",
                        facts.positions()));
        all.put("capabilities", List.of(embeds(facts) ? "embedding" : "completion"));
        all.put("modified_at", PULLED);
        return all;
    }

    private List<Object> served() {
        List<Object> rows = new ArrayList<>();
        for (String name : models.names()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", name);
            row.put("object", "model");
            row.put("created", Instant.parse(PULLED).getEpochSecond());
            row.put("owned_by", "library");
            rows.add(row);
        }
        return rows;
    }

    private static void error(HttpExchange exchange, String path, int status, String message) throws IOException {
        if (!path.startsWith("/v1/")) {
            Web.json(exchange, status, Map.of("error", message));
            return;
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put(
                "type",
                switch (status) {
                    case 400 -> "invalid_request_error";
                    case 404 -> "not_found_error";
                    default -> "api_error";
                });
        error.put("param", null);
        error.put("code", null);
        Web.json(exchange, status, Map.of("error", error));
    }
}
