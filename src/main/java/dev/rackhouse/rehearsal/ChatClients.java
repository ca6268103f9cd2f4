package dev.rackhouse.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of models that never stop asking, as an application would: they take no part in what the console does. Each answer is judged: a
 * whole one, a refusal that says when to come again, or anything else, which counts as lost. Closed, they finish what they asked.
 */
final class ChatClients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BREATH = Duration.ofMillis(120);

    /** How all requests came out. @param lost what else came back, by what it was, with how often */
    record Tally(long answered, long refused, Map<String, Long> lost) {
        long losses() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Map<String, Long> lost = new ConcurrentSkipListMap<>();
    private final List<Thread> threads = new ArrayList<>();

    private ChatClients() {}

    /**
     * Begins to ask.
     *
     * @param address of the router, where clients come
     * @param models names that are asked for, one after the other
     * @param clients how many ask at the same time
     */
    static ChatClients start(URI address, List<String> models, int clients) {
        ChatClients started = new ChatClients();
        for (int i = 0; i < clients; i++) {
            int first = i;
            started.threads.add(
                    Thread.ofVirtual().name("client-" + i).start(() -> started.askOn(address, models, first)));
        }
        return started;
    }

    Tally tally() {
        return new Tally(answered.get(), refused.get(), Map.copyOf(lost));
    }

    private void askOn(URI address, List<String> models, int first) {
        try {
            for (int n = first; !closing.get(); n++) {
                String trouble = ask(address, models.get(n % models.size()));
                if (!trouble.isEmpty()) {
                    lost.merge(trouble, 1L, Long::sum);
                }
                Thread.sleep(BREATH);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty: whole, or refused as it should be. */
    private String ask(URI address, String model) throws InterruptedException {
        String body = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "model",
                        model,
                        "max_tokens",
                        16,
                        "messages",
                        List.of(Map.of("role", "user", "content", "Name a colour of the rainbow."))));
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return judge(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException cutOff) {
            return "cut off: " + cutOff.getClass().getSimpleName();
        }
    }

    private String judge(HttpResponse<String> answer) {
        JsonNode json = read(answer.body());
        return switch (answer.statusCode()) {
            case 200 -> {
                boolean whole = !json.at("/choices/0/message/content")
                                .asString("")
                                .isBlank()
                        && !json.at("/choices/0/finish_reason").asString("").isBlank();
                if (whole) {
                    answered.incrementAndGet();
                }
                yield whole ? "" : "200 without an answer";
            }
            case 503 -> {
                Optional<String> again = answer.headers().firstValue("Retry-After");
                boolean told = again.filter(seconds -> seconds.matches("[1-9]\\d{0,3}"))
                                .isPresent()
                        && json.at("/error/code").asString("").startsWith("model_");
                if (told) {
                    refused.incrementAndGet();
                }
                yield told ? "" : "503 without Retry-After or reason";
            }
            default -> answer.statusCode() + " " + json.at("/error/code").asString("without a code");
        };
    }

    private static JsonNode read(String text) {
        try {
            return JsonMapper.shared().readTree(text.isBlank() ? "{}" : text);
        } catch (JacksonException noJson) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    @Override
    public void close() {
        closing.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        http.close();
    }
}
