package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line of llama.cpp's server, builds of 2026. */
record LlamaFlags(
        String model,
        String alias,
        int port,
        int context,
        int slots,
        boolean embeddings,
        boolean metrics,
        boolean noGpu,
        String apiKey) {
    private static final Set<String> SWITCHES = Set.of(
            "--metrics",
            "--embeddings",
            "--embedding",
            "--slots",
            "--no-slots",
            "--swa-full",
            "--no-ui",
            "--jinja",
            "--mlock",
            "--no-mmap",
            "--cont-batching",
            "-cb",
            "--offline",
            "--verbose",
            "-v",
            "--no-warmup",
            "--props");

    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("-m", "--model"),
            Map.entry("-a", "--alias"),
            Map.entry("-c", "--ctx-size"),
            Map.entry("-np", "--parallel"),
            Map.entry("-ngl", "--n-gpu-layers"),
            Map.entry("--gpu-layers", "--n-gpu-layers"),
            Map.entry("-b", "--batch-size"),
            Map.entry("-ub", "--ubatch-size"),
            Map.entry("-fa", "--flash-attn"),
            Map.entry("-sm", "--split-mode"),
            Map.entry("-ts", "--tensor-split"),
            Map.entry("-mg", "--main-gpu"),
            Map.entry("-ctk", "--cache-type-k"),
            Map.entry("-ctv", "--cache-type-v"),
            Map.entry("-t", "--threads"));

    private static final Set<String> WITH_VALUE = Set.of(
            "--model",
            "--alias",
            "--ctx-size",
            "--parallel",
            "--n-gpu-layers",
            "--batch-size",
            "--ubatch-size",
            "--flash-attn",
            "--split-mode",
            "--tensor-split",
            "--main-gpu",
            "--cache-type-k",
            "--cache-type-v",
            "--threads",
            "--host",
            "--port",
            "--api-key",
            "--pooling",
            "--timeout",
            "--fit",
            "--cache-ram",
            "--sleep-idle-seconds",
            "--device",
            "--rope-scaling",
            "--seed");

    static LlamaFlags parse(List<String> words) throws Refusal {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String flag = SHORT.getOrDefault(words.get(i), words.get(i));
            if (SWITCHES.contains(flag)) {
                given.put(flag, "");
            } else if (WITH_VALUE.contains(flag) && i + 1 < words.size()) {
                given.put(flag, words.get(++i));
            } else {
                throw new Refusal(1, "error: invalid argument: " + words.get(i));
            }
        }
        String model = given.getOrDefault("--model", "");
        String layers = given.getOrDefault("--n-gpu-layers", "auto");
        return new LlamaFlags(
                model,
                given.getOrDefault("--alias", model.substring(model.lastIndexOf('/') + 1)),
                number(given, "--port", 8080),
                number(given, "--ctx-size", 4096),
                Math.max(1, number(given, "--parallel", 1)),
                given.containsKey("--embeddings") || given.containsKey("--embedding"),
                given.containsKey("--metrics"),
                layers.equals("0"),
                given.getOrDefault("--api-key", ""));
    }

    private static int number(Map<String, String> given, String flag, int otherwise) throws Refusal {
        String value = given.getOrDefault(flag, "" + otherwise);
        if (!value.matches("\\d{1,9}")) {
            throw new Refusal(1, "error while handling argument \"" + flag + "\": stoi");
        }
        return Integer.parseInt(value);
    }
}
