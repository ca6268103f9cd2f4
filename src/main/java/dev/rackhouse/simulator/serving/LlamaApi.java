package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What llama.cpp's server answers, while it loads and after. */
final class LlamaApi {
    private final Launch launch;
    private final LlamaFlags flags;
    private final ModelFacts model;
    private final Batch batch;
    private volatile boolean ready;

    LlamaApi(Launch launch, LlamaFlags flags, ModelFacts model, Consumer<Boolean> busy) {
        this.launch = launch;
        this.flags = flags;
        this.model = model;
        Batch[] made = new Batch[1];
        made[0] = new Batch(
                launch.computer().tempo(),
                model.tokensPerSecond(),
                flags.slots(),
                () -> busy.accept(made[0].running() > 0));
        this.batch = made[0];
    }

    void ready() {
        ready = true;
    }

    Map<String, Object> state() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("served", List.of(flags.alias()));
        all.put("running", batch.running());
        all.put("waiting", batch.waiting());
        all.put("generatedTokens", batch.generated());
        return all;
    }

    void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path;
        boolean open = List.of("/health", "/v1/health", "/models", "/v1/models").contains(path);
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (!open && !flags.apiKey().isEmpty() && !("Bearer " + flags.apiKey()).equals(given)) {
            error(exchange, 401, "Invalid API Key", "authentication_error");
            return;
        }
        if (!ready && !path.endsWith("/models")) {
            error(exchange, 503, "Loading model", "unavailable_error");
            return;
        }
        switch (call) {
            case "GET /health", "GET /v1/health" -> Web.json(exchange, 200, Map.of("status", "ok"));
            case "GET /v1/models", "GET /models" -> Web.json(exchange, 200, models());
            case "GET /props" -> Web.json(exchange, 200, properties());
            case "GET /slots" -> Web.json(exchange, 200, slots());
            case "GET /metrics" -> {
                if (flags.metrics()) {
                    Web.text(exchange, 200, "text/plain; version=0.0.4", metrics());
                } else {
                    error(
                            exchange,
                            501,
                            "This server does not support metrics endpoint. Start it with `--metrics`",
                            "not_supported_error");
                }
            }
            case "POST /v1/embeddings", "POST /embeddings", "POST /v1/chat/completions", "POST /v1/completions" ->
                asked(exchange, path);
            default -> error(exchange, 404, "File Not Found", "not_found_error");
        }
    }

    private void asked(HttpExchange exchange, String path) throws IOException {
        JsonNode body;
        try {
            body = EngineApi.body(exchange);
        } catch (JacksonException unreadable) {
            error(exchange, 500, "parse error", "server_error");
            return;
        }
        boolean embeddings = path.endsWith("/embeddings");
        if (embeddings != flags.embeddings()) {
            error(
                    exchange,
                    501,
                    embeddings
                            ? "This server does not support embeddings. Start it with `--embeddings`"
                            : "This server does not support chat completion. Start it without `--embeddings`",
                    "not_supported_error");
            return;
        }
        if (launch.faults().now(launch.name()).equals("dead-but-200")) {
            error(exchange, 500, "Compute error.", "server_error");
            return;
        }
        if (embeddings) {
            embed(exchange, body);
            return;
        }
        ChatRequest request = ChatRequest.of(body);
        int context = flags.context() / flags.slots();
        if (request.promptTokens() > context) {
            error(
                    exchange,
                    400,
                    "request (" + request.promptTokens() + " tokens) exceeds the available context size (" + context
                            + " tokens), try increasing it",
                    "exceed_context_size_error");
            return;
        }
        new Answering(batch, request, flags.alias(), path.contains("chat")).to(exchange, () -> false, this::stuck);
    }

    private boolean stuck() {
        return launch.faults().now(launch.name()).equals("wedge");
    }

    private void embed(HttpExchange exchange, JsonNode body) throws IOException {
        Embeddings asked = Embeddings.of(body);
        try {
            batch.work(asked.tokens(), 0, () -> false, this::stuck, count -> {});
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        Web.json(exchange, 200, asked.answer(flags.alias()));
    }

    private Map<String, Object> models() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", flags.alias());
        row.put("object", "model");
        row.put("created", System.currentTimeMillis() / 1000);
        row.put("owned_by", "llamacpp");
        row.put(
                "meta",
                ready
                        ? Map.of(
                                "n_params", model.parameters(),
                                "size", model.weightBytes(),
                                "n_ctx_train", model.positions(),
                                "n_embd", model.hidden(),
                                "n_vocab", model.vocabulary())
                        : null);
        return Map.of("object", "list", "data", List.of(row));
    }

    private Map<String, Object> properties() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "default_generation_settings",
                Map.of("id", 0, "n_ctx", flags.context() / flags.slots(), "is_processing", false));
        all.put("total_slots", flags.slots());
        all.put("model_alias", flags.alias());
        all.put("model_path", flags.model());
        all.put("modalities", Map.of("vision", false, "audio", false));
        all.put("build_info", "b10380-0b1bad14f");
        all.put("is_sleeping", false);
        return all;
    }

    private List<Object> slots() {
        List<Object> rows = new ArrayList<>();
        for (int slot = 0; slot < flags.slots(); slot++) {
            boolean processing = slot < batch.running();
            rows.add(Map.of(
                    "id",
                    slot,
                    "id_task",
                    processing ? slot + 1 : -1,
                    "n_ctx",
                    flags.context() / flags.slots(),
                    "is_processing",
                    processing,
                    "next_token",
                    Map.of("has_next_token", processing, "n_remain", -1, "n_decoded", 0)));
        }
        return rows;
    }

    private String metrics() {
        StringBuilder text = new StringBuilder();
        double seconds = batch.secondsBusy();
        one(text, "prompt_tokens_total", "counter", "Number of prompt tokens processed.", batch.prompted());
        one(text, "prompt_seconds_total", "counter", "Prompt process time", batch.prompted() / 4000.0);
        one(text, "tokens_predicted_total", "counter", "Number of generation tokens processed.", batch.generated());
        one(text, "tokens_predicted_seconds_total", "counter", "Predict process time", seconds);
        one(text, "n_decode_total", "counter", "Total number of llama_decode() calls", batch.generated());
        one(
                text,
                "prompt_tokens_seconds",
                "gauge",
                "Average prompt throughput in tokens/s.",
                batch.prompted() == 0 ? 0 : 4000);
        one(
                text,
                "predicted_tokens_seconds",
                "gauge",
                "Average generation throughput in tokens/s.",
                seconds == 0 ? 0 : batch.generated() / seconds);
        one(text, "requests_processing", "gauge", "Number of requests processing.", batch.running());
        one(text, "requests_deferred", "gauge", "Number of requests deferred.", batch.waiting());
        return text.toString();
    }

    private static void one(StringBuilder text, String name, String type, String help, double value) {
        text.append("# HELP llamacpp:%s %s%n# TYPE llamacpp:%s %s%nllamacpp:%s %s%n"
                .formatted(name, help, name, type, name, value));
    }

    private static void error(HttpExchange exchange, int status, String message, String type) throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", status);
        error.put("message", message);
        error.put("type", type);
        Web.json(exchange, status, Map.of("error", error));
    }
}
