package dev.rackhouse.simulator.serving;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** vLLM's metrics, names of the V1 engine. Safe for many threads. */
final class VllmMetrics {
    private static final double[] LONG = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
    };

    private final VllmFlags flags;
    private final VllmStart.Plan plan;
    private final Batch batch;
    private final Map<String, AtomicLong> ended = new ConcurrentSkipListMap<>();
    private final Histogram toFirst = new Histogram(
            "vllm:time_to_first_token_seconds",
            "Histogram of time to first token in seconds.",
            0.001,
            0.005,
            0.01,
            0.02,
            0.04,
            0.06,
            0.08,
            0.1,
            0.25,
            0.5,
            0.75,
            1,
            2.5,
            5,
            7.5,
            10,
            20,
            40,
            80,
            160,
            640,
            2560);
    private final Histogram betweenTokens = new Histogram(
            "vllm:inter_token_latency_seconds",
            "Histogram of inter-token latency in seconds.",
            0.01,
            0.025,
            0.05,
            0.075,
            0.1,
            0.15,
            0.2,
            0.3,
            0.4,
            0.5,
            0.75,
            1,
            2.5,
            5,
            7.5,
            10,
            20,
            40,
            80);
    private final Histogram whole =
            new Histogram("vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", LONG);
    private final Histogram queued = new Histogram(
            "vllm:request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", LONG);

    VllmMetrics(VllmFlags flags, VllmStart.Plan plan, Batch batch) {
        this.flags = flags;
        this.plan = plan;
        this.batch = batch;
        for (String reason : new String[] {"stop", "length", "abort", "error"}) {
            ended.put(reason, new AtomicLong());
        }
    }

    void ended(Answering.Told told, ChatRequest request) {
        ended.computeIfAbsent(told.reason(), key -> new AtomicLong()).incrementAndGet();
        Batch.Took took = told.took();
        if (took != null) {
            toFirst.add(took.toFirst(), 1);
            betweenTokens.add(took.perToken(), Math.max(0, took.tokens() - 1));
            whole.add(took.all(), 1);
            queued.add(took.queued(), 1);
        }
    }

    String text(VllmSleep.State sleeps) {
        StringBuilder text = new StringBuilder();
        if (!flags.statistics()) {
            return "# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1.183219712e+09\n";
        }
        String labels = "engine=\"0\",model_name=\"" + flags.served().getFirst() + "\"";
        one(
                text,
                "num_requests_running",
                "gauge",
                "Number of requests in model execution batches.",
                labels,
                batch.running());
        one(
                text,
                "num_requests_waiting",
                "gauge",
                "Number of requests waiting to be processed.",
                labels,
                batch.waiting());
        text.append("# HELP vllm:engine_sleep_state Engine sleep state.\n# TYPE vllm:engine_sleep_state gauge\n");
        for (VllmSleep.State state : VllmSleep.State.values()) {
            text.append("vllm:engine_sleep_state{" + labels + ",sleep_state=\"" + state.word() + "\"} "
                    + (state == sleeps ? "1.0" : "0.0") + "\n");
        }
        one(
                text,
                "kv_cache_usage_perc",
                "gauge",
                "KV-cache usage. 1 means 100 percent usage.",
                labels,
                Math.round(1e4 * Math.min(1, (double) batch.held() / plan.kvTokens())) / 1e4);
        one(
                text,
                "prefix_cache_queries_total",
                "counter",
                "Prefix cache queries, in terms of number of queried tokens.",
                labels,
                batch.prompted());
        one(
                text,
                "prefix_cache_hits_total",
                "counter",
                "Prefix cache hits, in terms of number of cached tokens.",
                labels,
                0);
        one(text, "num_preemptions_total", "counter", "Cumulative number of preemption from the engine.", labels, 0);
        one(text, "prompt_tokens_total", "counter", "Number of prefill tokens processed.", labels, batch.prompted());
        one(
                text,
                "generation_tokens_total",
                "counter",
                "Number of generation tokens processed.",
                labels,
                batch.generated());
        text.append(
                "# HELP vllm:request_success_total Count of successfully processed requests.\n# TYPE vllm:request_success_total counter\n");
        ended.forEach((reason, count) -> text.append("vllm:request_success_total{engine=\"0\",finished_reason=\""
                + reason + "\",model_name=\"" + flags.served().getFirst() + "\"} " + count.get() + ".0\n"));
        text.append(toFirst.text(labels))
                .append(betweenTokens.text(labels))
                .append(whole.text(labels))
                .append(queued.text(labels));
        text.append(
                "# HELP vllm:cache_config_info Information of the LLMEngine CacheConfig\n# TYPE vllm:cache_config_info gauge\n");
        text.append("vllm:cache_config_info{block_size=\"16\",cache_dtype=\"" + flags.kvType()
                + "\",enable_prefix_caching=\""
                + (flags.prefixCaching() ? "True" : "False") + "\",engine=\"0\",gpu_memory_utilization=\""
                + flags.utilization()
                + "\",num_cpu_blocks=\"None\",num_gpu_blocks=\"" + plan.kvTokens() / 16 + "\"} 1.0\n");
        return text.append(
                        "# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1.183219712e+09\n")
                .toString();
    }

    private static void one(StringBuilder text, String name, String type, String help, String labels, double value) {
        text.append("# HELP vllm:%s %s%n# TYPE vllm:%s %s%nvllm:%s{%s} %s%n"
                .formatted(name, help, name, type, name, labels, value));
    }
}
