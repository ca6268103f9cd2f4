package dev.rackhouse.inference.health;

import dev.rackhouse.inference.health.EngineFailure.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's log has told since its start, line by line. Phases only go forward, until a new start begins in the same log.
 *
 * @param phase the furthest one; null before the first known line
 * @param phaseSince when it was reached
 * @param progress when a line last told that something moved
 * @param measured what the engine says about its own memory
 * @param answered when a request for tokens was last answered, as far as the log tells; Ollama writes a line for each
 * @param hangs warnings of waiting workers since it was ready
 * @param failures what went wrong, each kind once
 */
public record LogReading(
        @Nullable LoadPhase phase,
        @Nullable Instant phaseSince,
        @Nullable Instant progress,
        Measured measured,
        @Nullable Instant answered,
        int hangs,
        List<Found> failures) {

    public static final LogReading EMPTY = new LogReading(
            null, null, null, new Measured(null, null, null, null, null, null, null), null, 0, List.of());

    /**
     * What replaces the calibrated constants of the fit; null until told.
     *
     * @param loadedShare of the weights' files, 0 to 1
     */
    public record Measured(
            @Nullable String version,
            @Nullable Double loadedShare,
            @Nullable Double weightsGib,
            @Nullable Double kvGib,
            @Nullable Long kvTokens,
            @Nullable Double graphsGib,
            @Nullable Integer gpus) {}

    private record Sign(Pattern pattern, LoadPhase phase) {
        Sign(String regex, LoadPhase phase) {
            this(Pattern.compile(regex), phase);
        }
    }

    /**
     * vLLM's, llama.cpp's and Ollama's lines; none of one occurs in another, but what llama.cpp writes inside of Ollama, which then listens
     * already. Ollama is ready when it listens: whether its model is in memory, its log does not tell for long.
     */
    private static final List<Sign> SIGNS = List.of(
            new Sign("non-default args: \\{", LoadPhase.ARGUMENTS),
            new Sign("Resolved architecture: \\S+|Using max model len \\d+", LoadPhase.CONFIG),
            new Sign("Initializing a V1 LLM engine \\(v[\\d.]+", LoadPhase.ENGINE),
            new Sign("world_size=[2-9]\\d* rank=\\d+", LoadPhase.NCCL),
            new Sign(
                    "Starting to load model|Loading safetensors checkpoint shards:|Loading weights took|Model loading took",
                    LoadPhase.WEIGHTS),
            new Sign(
                    "Dynamo bytecode transform time|torch\\.compile (?:takes|took) [\\d.]+ s|torch_compile_cache",
                    LoadPhase.COMPILE),
            new Sign(
                    "Available KV cache memory: -?[\\d.]+ GiB|GPU KV cache size: [\\d,]+ tokens|Maximum concurrency for",
                    LoadPhase.KV),
            new Sign("Capturing CUDA graphs|Graph capturing finished", LoadPhase.GRAPHS),
            new Sign("Starting vLLM.*server.* on http|Application startup complete", LoadPhase.READY),
            new Sign("^build: \\d+ \\(|system_info: n_threads", LoadPhase.ARGUMENTS),
            new Sign(
                    "load_tensors: loading model tensors|load_model: loading model|main: loading model",
                    LoadPhase.WEIGHTS),
            new Sign("llama_kv_cache\\w*: |llama_context: constructing", LoadPhase.KV),
            new Sign("warming up the model", LoadPhase.WARM_UP),
            new Sign("main: model loaded|starting the main loop|main: server is listening on http", LoadPhase.READY),
            new Sign("msg=\"server config\"", LoadPhase.ARGUMENTS),
            new Sign("msg=\"Listening on \\S+ \\(version [^)]*\\)", LoadPhase.READY));

    /** Its web framework's line about a request that makes tokens or vectors; one that only loads is not among them. */
    private static final Pattern ANSWERED = Pattern.compile(
            "\\[GIN] .*\\| 200 \\|.*\\| +POST +\"/(?:v1/(?:chat/)?completions|v1/embeddings|api/chat|api/embeddings)\"");

    private static final Pattern SHARDS = Pattern.compile("checkpoint shards:\\s+(\\d+)% Completed \\| (\\d+)/(\\d+)");
    private static final Pattern VERSION =
            Pattern.compile("(?:LLM engine \\(v|Listening on \\S+ \\(version )([\\d.]+)|^build: (\\d+)");
    private static final Pattern WEIGHTS = Pattern.compile("Model loading took ([\\d.]+) Gi?B");
    private static final Pattern KV = Pattern.compile("Available KV cache memory: (-?[\\d.]+) GiB");
    private static final Pattern KV_TOKENS = Pattern.compile("GPU KV cache size: ([\\d,]+) tokens");
    private static final Pattern GRAPHS = Pattern.compile("Graph capturing finished in \\d+ secs, took ([\\d.]+) GiB");
    private static final Pattern WORLD = Pattern.compile("world_size=(\\d+) rank=");

    public LogReading {
        failures = List.copyOf(failures);
    }

    public boolean ready() {
        return phase == LoadPhase.READY;
    }

    /** The reading with one more line. */
    public LogReading with(Instant at, String line) {
        LoadPhase found = SIGNS.stream()
                .filter(s -> s.pattern.matcher(line).find())
                .map(Sign::phase)
                .findFirst()
                .orElse(null);
        if (found == LoadPhase.ARGUMENTS && phase != null && phase.compareTo(LoadPhase.ARGUMENTS) > 0) {
            return EMPTY.with(at, line);
        }
        boolean further = found != null && (phase == null || found.compareTo(phase) > 0);
        boolean afterReady = ready();
        Found failure = EngineFailure.in(line).orElse(null);
        boolean hang = failure != null && failure.failure() == EngineFailure.HANG;
        List<Found> all = failures;
        if (failure != null && !hang && failures.stream().noneMatch(f -> f.failure() == failure.failure())) {
            all = new ArrayList<>(failures);
            all.add(failure);
        }
        return new LogReading(
                further ? found : phase,
                further ? at : phaseSince,
                found != null || SHARDS.matcher(line).find() ? at : progress,
                measured(line),
                ANSWERED.matcher(line).find() ? at : answered,
                hangs + (hang && afterReady ? 1 : 0),
                all);
    }

    private Measured measured(String line) {
        Matcher shards = SHARDS.matcher(line);
        Double share = shards.find()
                ? Double.valueOf(Double.parseDouble(shards.group(2)) / Math.max(1, Double.parseDouble(shards.group(3))))
                : measured.loadedShare;
        Matcher version = VERSION.matcher(line);
        String said = version.find() ? (version.group(1) == null ? "b" + version.group(2) : version.group(1)) : null;
        String tokens = group(KV_TOKENS, line);
        String gpus = group(WORLD, line);
        return new Measured(
                said == null ? measured.version : said,
                share,
                number(WEIGHTS, line, measured.weightsGib),
                number(KV, line, measured.kvGib),
                tokens == null ? measured.kvTokens : Long.valueOf(tokens.replace(",", "")),
                number(GRAPHS, line, measured.graphsGib),
                gpus == null ? measured.gpus : Integer.valueOf(gpus));
    }

    private static @Nullable Double number(Pattern pattern, String line, @Nullable Double before) {
        String text = group(pattern, line);
        return text == null ? before : Double.valueOf(text);
    }

    private static @Nullable String group(Pattern pattern, String line) {
        Matcher match = pattern.matcher(line);
        return match.find() ? match.group(1) : null;
    }
}
