package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What vLLM answers once it is ready. The key guards only what begins with {@code /v1}, as in the real one. */
final class VllmApi {
    private final Launch launch;
    private final VllmFlags flags;
    private final VllmStart start;
    private final VllmStart.Plan plan;
    private final String version;
    private final Batch batch;
    private final VllmMetrics metrics;
    private final VllmSleep sleep;
    private volatile boolean dead;
    private long promptedBefore;
    private long generatedBefore;

    /** @param killed called when the kernel ends it */
    VllmApi(Launch launch, VllmFlags flags, VllmStart start, VllmStart.Plan plan, String version, Runnable killed) {
        this.launch = launch;
        this.flags = flags;
        this.start = start;
        this.plan = plan;
        this.version = version;
        this.batch = new Batch(launch.computer().tempo(), plan.tokensPerSecond(), flags.sequences(), this::showLoad);
        this.metrics = new VllmMetrics(flags, plan, batch);
        this.sleep = new VllmSleep(launch, flags, start, plan, batch, killed);
    }

    private void showLoad() {
        int running = batch.running();
        List<Card> cards = start.cards();
        for (int rank = 0; rank < cards.size(); rank++) {
            launch.computer()
                    .gpus()
                    .busy(
                            cards.get(rank).uuid(),
                            start.pid(rank),
                            running == 0 ? 0 : Math.min(0.97, 0.82 + 0.03 * running));
        }
    }

    /** Whether a card is gone since: then the engine dies. */
    synchronized void look() {
        dead |= sleep.broken();
        List<Card> cards = start.cards();
        for (int rank = 0; rank < cards.size() && !dead; rank++) {
            if (launch.computer().gpus().lost(cards.get(rank).uuid())) {
                dead = true;
                launch.log().err("(EngineCore pid=77) torch.AcceleratorError: CUDA error: unknown error");
                if (cards.size() > 1) {
                    launch.log()
                            .err("(EngineCore pid=77) ERROR [multiproc_executor.py:246] Worker proc VllmWorker-" + rank
                                    + " died unexpectedly, shutting down executor.");
                }
                launch.log().err("(APIServer pid=1) ERROR [async_llm.py:700] AsyncLLM output_handler failed.");
                launch.log()
                        .err(
                                "(APIServer pid=1) vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.");
                for (int other = 0; other < cards.size(); other++) {
                    launch.computer().gpus().release(start.pid(other));
                }
            }
        }
    }

    synchronized void logThroughput() {
        long prompted = batch.prompted();
        long generated = batch.generated();
        if (flags.statistics() && (prompted != promptedBefore || generated != generatedBefore || batch.running() > 0)) {
            start.api(
                    "[loggers.py:259] Engine 000: Avg prompt throughput: %.1f tokens/s, Avg generation throughput: %.1f tokens/s, Running: %d reqs, Waiting: %d reqs, GPU KV cache usage: %.1f%%, Prefix cache hit rate: 0.0%%"
                            .formatted(
                                    (prompted - promptedBefore) / 10.0,
                                    (generated - generatedBefore) / 10.0,
                                    batch.running(),
                                    batch.waiting(),
                                    100.0 * batch.held() / plan.kvTokens()));
        }
        promptedBefore = prompted;
        generatedBefore = generated;
    }

    Map<String, Object> state() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("served", flags.served());
        all.put("running", batch.running());
        all.put("waiting", batch.waiting());
        all.put("generatedTokens", batch.generated());
        all.put("kvTokens", plan.kvTokens());
        all.put("dead", dead);
        all.put("sleeps", sleep.state().word());
        return all;
    }

    void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path;
        look();
        if (path.startsWith("/v1") && !flags.apiKey().isEmpty()) {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (!("Bearer " + flags.apiKey()).equals(given)) {
                Web.json(exchange, 401, Map.of("error", "Unauthorized"));
                return;
            }
        }
        if (sleep.answered(exchange, call)) {
            return;
        }
        switch (call) {
            case "GET /health", "GET /ping", "POST /ping" -> Web.empty(exchange, dead ? 503 : 200);
            case "GET /version" -> Web.json(exchange, 200, Map.of("version", version));
            case "GET /load" -> Web.json(exchange, 200, Map.of("server_load", batch.running() + batch.waiting()));
            case "GET /metrics" ->
                Web.text(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(sleep.state()));
            case "GET /v1/models" -> Web.json(exchange, 200, models());
            case "POST /tokenize", "POST /v1/chat/completions", "POST /v1/completions" -> asked(exchange, path);
            case "POST /v1/embeddings" ->
                error(exchange, 400, "BadRequestError", "The model does not support Embeddings API", null);
            default -> Web.json(exchange, 404, Map.of("detail", "Not Found"));
        }
    }

    private Map<String, Object> models() {
        List<Object> rows = new ArrayList<>();
        for (String name : flags.served()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", name);
            row.put("object", "model");
            row.put("created", System.currentTimeMillis() / 1000);
            row.put("owned_by", "vllm");
            row.put("root", flags.model());
            row.put("parent", null);
            row.put("max_model_len", plan.context());
            row.put("permission", List.of());
            rows.add(row);
        }
        return Map.of("object", "list", "data", rows);
    }

    private void asked(HttpExchange exchange, String path) throws IOException {
        JsonNode body;
        try {
            body = EngineApi.body(exchange);
        } catch (JacksonException unreadable) {
            error(exchange, 400, "BadRequestError", "JSON decode error", null);
            return;
        }
        ChatRequest request = ChatRequest.of(body);
        if (path.equals("/tokenize")) {
            int count = ChatRequest.tokens(request.text());
            Web.json(
                    exchange,
                    200,
                    Map.of(
                            "count",
                            count,
                            "max_model_len",
                            plan.context(),
                            "tokens",
                            java.util.stream.IntStream.range(0, count)
                                    .map(i -> 100 + i)
                                    .boxed()
                                    .toList()));
            return;
        }
        if (!request.model().isEmpty() && !flags.served().contains(request.model())) {
            error(exchange, 404, "NotFoundError", "The model `" + request.model() + "` does not exist.", "model");
            return;
        }
        if (request.promptTokens() + request.wanted() > plan.context()) {
            error(
                    exchange,
                    400,
                    "BadRequestError",
                    "This model's maximum context length is " + plan.context() + " tokens. However, your request has "
                            + (request.promptTokens() + request.wanted())
                            + " input tokens. Please reduce the length of the input messages.",
                    "input_tokens");
            return;
        }
        if (dead || fault().equals("dead-but-200")) {
            error(
                    exchange,
                    500,
                    "InternalServerError",
                    "EngineCore encountered an issue. See stack trace (above) for the root cause.",
                    null);
            return;
        }
        if (sleep.refuses()) {
            error(exchange, 503, "ServiceUnavailableError", "The engine sleeps. Wake it by POST /wake_up first.", null);
            return;
        }
        Answering.Told told = new Answering(
                        batch, request, flags.served().getFirst(), path.endsWith("/chat/completions"))
                .to(exchange, () -> dead || sleep.breaks(), () -> sleep.keeps() || fault().equals("wedge"));
        metrics.ended(told, request);
    }

    /** Its processes end. */
    void ended() {
        sleep.close();
    }

    private String fault() {
        return launch.faults().now(launch.name());
    }

    private static void error(
            HttpExchange exchange,
            int status,
            String type,
            String message,
            @org.jspecify.annotations.Nullable String param)
            throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", param);
        error.put("code", status);
        Web.json(exchange, status, Map.of("error", error));
    }
}
