package dev.rackhouse.inference.health;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What vLLM, llama.cpp and Ollama answer about themselves, as one kind of sample. Unknown fields are passed over. */
public final class EngineMetrics {

    private EngineMetrics() {}

    /**
     * vLLM's {@code /metrics}, V1 and V0 names alike.
     *
     * @return empty when these are not vLLM's metrics, or statistics are off ({@code --disable-log-stats})
     */
    public static Optional<EngineSample> vllm(String text) {
        MetricsText metrics = MetricsText.read(text);
        OptionalDouble running = metrics.sum("vllm:num_requests_running");
        if (running.isEmpty()) {
            return Optional.empty();
        }
        int waiting = (int) (metrics.sum("vllm:num_requests_waiting").orElse(0)
                + metrics.sum("vllm:num_requests_swapped").orElse(0));
        boolean asleep = metrics.on("vllm:engine_sleep_state", "sleep_state", "weights_offloaded")
                || metrics.on("vllm:engine_sleep_state", "sleep_state", "discard_all");
        return Optional.of(new EngineSample(
                (int) running.getAsDouble(),
                waiting,
                count(metrics.sum("vllm:generation_tokens_total", "vllm:generation_tokens")),
                count(metrics.sum("vllm:prompt_tokens_total", "vllm:prompt_tokens")),
                share(metrics.max("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")),
                count(metrics.sum("vllm:num_preemptions_total")),
                asleep));
    }

    /**
     * llama.cpp's {@code /metrics} and {@code /slots}. Newer builds tell the use of the cache only through the slots, and tokens of a
     * request that still runs only there too, so both count.
     *
     * @param slots null where the server was started without
     */
    public static Optional<EngineSample> llama(String text, @Nullable String slots) {
        MetricsText metrics = MetricsText.read(text);
        JsonNode list = slots == null ? null : json(slots);
        OptionalDouble running = metrics.sum("llamacpp:requests_processing");
        if (running.isEmpty() && list == null) {
            return Optional.empty();
        }
        long decoding = 0;
        int busy = 0;
        if (list != null) {
            for (JsonNode slot : list) {
                if (slot.path("is_processing").asBoolean(false)) {
                    busy++;
                    decoding += decoded(slot);
                }
            }
        }
        Long generated = count(metrics.sum("llamacpp:tokens_predicted_total"));
        return Optional.of(new EngineSample(
                running.isPresent() ? (int) running.getAsDouble() : busy,
                (int) metrics.sum("llamacpp:requests_deferred").orElse(0),
                generated == null ? (list == null ? null : decoding) : Long.valueOf(generated + decoding),
                count(metrics.sum("llamacpp:prompt_tokens_total")),
                share(metrics.max("llamacpp:kv_cache_usage_ratio")),
                null,
                false));
    }

    private static long decoded(JsonNode slot) {
        JsonNode next = slot.path("next_token");
        JsonNode one = next.isArray() ? next.path(0) : next;
        return one.path("n_decoded").asLong(0);
    }

    /** What Ollama holds in memory: {@code /api/ps}. It counts neither requests nor tokens. */
    public record LoadedModel(String name, long sizeBytes, long sizeInVramBytes, int contextTokens) {

        /** Share that lies in the GPU; below 1 it spills to the CPU and is slow. */
        public double gpuShare() {
            return sizeBytes == 0 ? 1 : (double) sizeInVramBytes / sizeBytes;
        }

        public boolean whole() {
            return gpuShare() > 0.999;
        }

        /** How much of it the CPU computes, as a sentence. */
        public String spill() {
            return String.format(
                    Locale.ROOT,
                    "%.0f %% of %s lie on the CPU: %.1f of %.1f GiB found room on the GPU.",
                    (1 - gpuShare()) * 100,
                    name,
                    sizeInVramBytes / (double) (1 << 30),
                    sizeBytes / (double) (1 << 30));
        }
    }

    /** @return empty when this is no answer of Ollama */
    public static Optional<java.util.List<LoadedModel>> ollama(String ps) {
        JsonNode root = json(ps);
        if (root == null || !root.path("models").isArray()) {
            return Optional.empty();
        }
        return Optional.of(root.path("models")
                .valueStream()
                .map(m -> new LoadedModel(
                        m.path("name").asString(""),
                        m.path("size").asLong(0),
                        m.path("size_vram").asLong(0),
                        m.path("context_length").asInt(0)))
                .toList());
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException noJson) {
            return null;
        }
    }

    private static @Nullable Long count(OptionalDouble value) {
        return value.isPresent() ? Long.valueOf((long) value.getAsDouble()) : null;
    }

    private static @Nullable Double share(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }
}
