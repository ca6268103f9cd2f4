package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The command line of {@code vllm serve}, version 0.29.
 *
 * @param served names that it answers to, the first is the one in the metrics
 * @param context longest request in tokens, 0: as the model has it
 * @param quantization as given, empty: by the model's files
 * @param given what was not left at its default, for the log
 */
record VllmFlags(
        String model,
        List<String> served,
        int context,
        double utilization,
        int sequences,
        int batchTokens,
        int cards,
        boolean eager,
        String quantization,
        String dtype,
        String kvType,
        String apiKey,
        int port,
        boolean statistics,
        boolean prefixCaching,
        Map<String, String> given) {

    private static final Set<String> WITH_VALUE = Set.of(
            "--model",
            "--served-model-name",
            "--max-model-len",
            "--gpu-memory-utilization",
            "--max-num-seqs",
            "--max-num-batched-tokens",
            "--tensor-parallel-size",
            "--pipeline-parallel-size",
            "--quantization",
            "--dtype",
            "--kv-cache-dtype",
            "--kv-cache-memory-bytes",
            "--api-key",
            "--port",
            "--host",
            "--revision",
            "--tokenizer",
            "--download-dir",
            "--load-format",
            "--seed",
            "--block-size",
            "--tool-call-parser",
            "--chat-template",
            "--hf-overrides",
            "--attention-backend",
            "--max-loras",
            "--max-lora-rank",
            "--lora-modules",
            "--uvicorn-log-level",
            "--limit-mm-per-prompt",
            "--generation-config",
            "--cpu-offload-gb",
            "--distributed-executor-backend");

    private static final Set<String> SWITCHES = Set.of(
            "--enable-prefix-caching",
            "--no-enable-prefix-caching",
            "--enable-chunked-prefill",
            "--no-enable-chunked-prefill",
            "--disable-custom-all-reduce",
            "--enforce-eager",
            "--trust-remote-code",
            "--enable-sleep-mode",
            "--enable-lora",
            "--enable-auto-tool-choice",
            "--enable-server-load-tracking",
            "--disable-log-stats",
            "--enable-log-requests");

    private static final Map<String, String> SHORT =
            Map.of("-tp", "--tensor-parallel-size", "-q", "--quantization", "-pp", "--pipeline-parallel-size");

    static VllmFlags parse(List<String> words, Map<String, String> environment) throws Refusal {
        Map<String, String> given = new LinkedHashMap<>();
        List<String> served = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        String model = "";
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String written = word.startsWith("-") && equals > 0 ? word.substring(0, equals) : word;
            String flag = SHORT.getOrDefault(written, written);
            if (WITH_VALUE.contains(flag)) {
                if (equals < 0 && i + 1 >= words.size()) {
                    throw usage("argument " + flag + ": expected one argument");
                }
                String value = equals > 0 ? word.substring(equals + 1) : words.get(++i);
                given.put(flag, value);
                if (flag.equals("--served-model-name")) {
                    served.add(value);
                    while (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
                        served.add(words.get(++i));
                    }
                }
            } else if (SWITCHES.contains(flag)) {
                given.put(flag, "True");
            } else if (word.startsWith("-")) {
                unknown.add(word);
                if (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
                    unknown.add(words.get(++i));
                }
            } else if (model.isEmpty()) {
                model = word;
            } else {
                unknown.add(word);
            }
        }
        if (!unknown.isEmpty()) {
            throw usage("unrecognized arguments: " + String.join(" ", unknown));
        }
        model = model.isEmpty() ? given.getOrDefault("--model", "Qwen/Qwen3-0.6B") : model;
        return new VllmFlags(
                model,
                served.isEmpty() ? List.of(model) : List.copyOf(served),
                number(given, "--max-model-len", 0),
                fraction(given),
                number(given, "--max-num-seqs", 256),
                number(given, "--max-num-batched-tokens", 2048),
                number(given, "--tensor-parallel-size", 1),
                given.containsKey("--enforce-eager"),
                given.getOrDefault("--quantization", ""),
                given.getOrDefault("--dtype", "auto"),
                given.getOrDefault("--kv-cache-dtype", "auto"),
                given.getOrDefault("--api-key", environment.getOrDefault("VLLM_API_KEY", "")),
                number(given, "--port", 8000),
                !given.containsKey("--disable-log-stats"),
                !given.containsKey("--no-enable-prefix-caching"),
                Map.copyOf(given));
    }

    private static Refusal usage(String what) {
        return new Refusal(2, "usage: vllm serve [model_tag] [options]\nvllm serve: error: " + what);
    }

    private static int number(Map<String, String> given, String flag, int otherwise) throws Refusal {
        String value = given.getOrDefault(flag, "" + otherwise).toLowerCase(Locale.ROOT);
        if (value.matches("\\d{1,9}")) {
            return Integer.parseInt(value);
        }
        if (value.matches("\\d{1,6}k")) {
            return Integer.parseInt(value.substring(0, value.length() - 1)) * 1024;
        }
        throw usage("argument " + flag + ": Value " + value + " cannot be converted to <class 'int'>.");
    }

    private static double fraction(Map<String, String> given) throws Refusal {
        String value = given.getOrDefault("--gpu-memory-utilization", "0.92");
        if (!value.matches("0?\\.\\d+|1(\\.0+)?")) {
            throw usage(
                    "argument --gpu-memory-utilization: Value " + value + " cannot be converted to <class 'float'>.");
        }
        return Double.parseDouble(value);
    }

    /** As the log prints what is not the default. */
    String printed() {
        StringBuilder text = new StringBuilder("{'model_tag': '" + model + "'");
        given.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(one -> {
            String key = one.getKey().substring(2).replace('-', '_');
            boolean bare = one.getValue().matches("[\\d.]+|True");
            String value = bare ? one.getValue() : "'" + one.getValue() + "'";
            text.append(", '").append(key).append("': ");
            text.append(
                    key.equals("served_model_name")
                            ? "['" + String.join("', '", served) + "']"
                            : key.equals("api_key") ? "'***'" : value);
        });
        return text + "}";
    }
}
