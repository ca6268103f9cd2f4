package dev.rackhouse.inference.health;

import java.util.Optional;

/**
 * How long clients wait, as an engine has counted since its start.
 *
 * @param firstToken seconds until the first token
 * @param nextToken seconds between two tokens
 */
public record Latencies(Histogram firstToken, Histogram nextToken) {

    /**
     * vLLM's {@code /metrics}; the older name of the time between tokens counts too.
     *
     * @return empty when it has no histograms: llama.cpp, Ollama
     */
    public static Optional<Latencies> vllm(String text) {
        MetricsText metrics = MetricsText.read(text);
        Histogram first = metrics.histogram("vllm:time_to_first_token_seconds");
        Histogram next = metrics.histogram("vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds");
        return first.upTo().isEmpty() && next.upTo().isEmpty()
                ? Optional.empty()
                : Optional.of(new Latencies(first, next));
    }

    /** What was counted since an earlier scrape. */
    public Latencies since(Latencies before) {
        return new Latencies(firstToken.since(before.firstToken), nextToken.since(before.nextToken));
    }
}
