package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One answer of a model in the form of OpenAI's API, whole or as a stream of events. */
final class Answering {
    /**
     * How it ended.
     *
     * @param reason {@code stop}, {@code length}, {@code abort}
     * @param took null when it was broken off
     */
    record Told(String reason, Batch.@Nullable Took took) {}

    private final Batch batch;
    private final ChatRequest request;
    private final String model;
    private final boolean chat;
    private final String id;
    private int said;

    Answering(Batch batch, ChatRequest request, String model, boolean chat) {
        this.batch = batch;
        this.request = request;
        this.model = model;
        this.chat = chat;
        this.id = ChatRequest.id(chat ? "chatcmpl" : "cmpl");
    }

    /** Answers; when the engine goes, the connection breaks in the middle, as that of the real one does. */
    Told to(HttpExchange exchange, BooleanSupplier broken, BooleanSupplier stuck) {
        try {
            Batch.Took took = request.stream() ? stream(exchange, broken, stuck) : whole(exchange, broken, stuck);
            return new Told(request.finish(), took);
        } catch (IOException gone) {
            return new Told("abort", null);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Told("abort", null);
        }
    }

    private Batch.Took whole(HttpExchange exchange, BooleanSupplier broken, BooleanSupplier stuck)
            throws IOException, InterruptedException {
        int tokens = request.answerTokens();
        Batch.Took took = batch.work(request.promptTokens(), tokens, broken, stuck, count -> {});
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        if (chat) {
            choice.put(
                    "message",
                    Map.of("role", "assistant", "content", request.words(0, tokens), "tool_calls", List.of()));
        } else {
            choice.put("text", request.words(0, tokens));
        }
        choice.put("logprobs", null);
        choice.put("finish_reason", request.finish());
        choice.put("stop_reason", null);
        Map<String, Object> answer = frame(chat ? "chat.completion" : "text_completion", List.of(choice));
        answer.put("usage", usage(tokens));
        Web.json(exchange, 200, answer);
        return took;
    }

    private Batch.Took stream(HttpExchange exchange, BooleanSupplier broken, BooleanSupplier stuck)
            throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        if (chat) {
            event(out, part(Map.of("role", "assistant", "content", ""), null));
        }
        int tokens = request.answerTokens();
        Batch.Took took = batch.work(request.promptTokens(), tokens, broken, stuck, count -> {
            String words = request.words(said, said + count);
            said += count;
            if (!words.isEmpty()) {
                event(out, part(Map.of("content", words), null));
            }
        });
        event(out, part(Map.of(), request.finish()));
        if (request.usage()) {
            Map<String, Object> last = frame(chat ? "chat.completion.chunk" : "text_completion", List.of());
            last.put("usage", usage(tokens));
            event(out, last);
        }
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        return took;
    }

    private Map<String, Object> part(Map<String, Object> delta, @Nullable String finish) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        if (chat) {
            choice.put("delta", delta);
        } else {
            choice.put("text", delta.getOrDefault("content", ""));
        }
        choice.put("logprobs", null);
        choice.put("finish_reason", finish);
        return frame(chat ? "chat.completion.chunk" : "text_completion", List.of(choice));
    }

    private Map<String, Object> frame(String object, List<Object> choices) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", id);
        answer.put("object", object);
        answer.put("created", System.currentTimeMillis() / 1000);
        answer.put("model", model);
        answer.put("choices", choices);
        return answer;
    }

    private Map<String, Object> usage(int tokens) {
        return Map.of(
                "prompt_tokens",
                request.promptTokens(),
                "completion_tokens",
                tokens,
                "total_tokens",
                request.promptTokens() + tokens);
    }

    private static void event(OutputStream out, Map<String, Object> data) throws IOException {
        out.write(("data: " + JsonMapper.shared().writeValueAsString(data) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
