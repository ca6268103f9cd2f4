package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What vLLM of the V1 engine does from its start to its readiness: the phases with their texts, the memory that it takes on its cards,
 * and all the reasons for which it does not come up.
 */
final class VllmStart {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private static final double GIB = 1L << 30;
    private static final double GRAPHS_GIB = 0.5;

    /** What it turned out to have. */
    record Plan(ModelFacts model, int context, long kvTokens, String kernel, double tokensPerSecond) {}

    private final Launch launch;
    private final VllmFlags flags;
    private final String version;
    private final String fault;
    private final List<Card> cards = new ArrayList<>();
    private volatile String phase = "ARGUMENTS";

    VllmStart(Launch launch, VllmFlags flags, String version, String fault) {
        this.launch = launch;
        this.flags = flags;
        this.version = version;
        this.fault = fault;
    }

    String phase() {
        return phase;
    }

    /** Process that holds the memory of one rank, as the computer counts processes. */
    int pid(int rank) {
        return launch.pid() + (flags.cards() > 1 ? 2 + rank : 1);
    }

    String process(int rank) {
        return flags.cards() > 1 ? "VLLM::Worker_TP" + rank : "VLLM::EngineCore";
    }

    List<Card> cards() {
        return cards;
    }

    Plan go() throws Refusal, InterruptedException {
        pause(3);
        api("[utils.py:233] non-default args: " + flags.printed());
        phase = "CONFIG";
        pause(4);
        VllmModel found = new VllmModel(launch, flags);
        ModelFacts model = found.model();
        int context = flags.context() == 0 ? model.positions() : flags.context();
        found.check(model, context);
        api("[model.py:533] Resolved architecture: " + model.architecture());
        pause(1);
        api("[model.py:1582] Using max model len " + context);
        String kernel = found.kernel(model, fault, this::api);
        api("[scheduler.py:231] Chunked prefill is enabled with max_num_batched_tokens=" + flags.batchTokens() + ".");
        phase = "ENGINE";
        pause(6);
        takeCards();
        core("[core.py:98] Initializing a V1 LLM engine (v" + version + ") with config: model='" + flags.model()
                + "', dtype=torch.float16, max_seq_len=" + context + ", tensor_parallel_size=" + flags.cards()
                + ", quantization=" + (kernel.isEmpty() ? "None" : kernel) + ", enforce_eager="
                + (flags.eager() ? "True" : "False"));
        connect();
        checkFree();
        weights(model);
        boolean cached = compile();
        long kvTokens = cache(model, context);
        graphs(cached);
        phase = "READY";
        double slow = kernel.equals("awq") || fault.equals("awq-slow") ? 0.25 : 1;
        return new Plan(model, context, kvTokens, kernel, model.tokensPerSecond() * slow);
    }

    private void takeCards() throws Refusal {
        for (String uuid : launch.gpus()) {
            launch.computer().gpus().find(uuid).ifPresent(cards::add);
        }
        if (cards.size() < flags.cards()) {
            throw failed(
                    cards.isEmpty()
                            ? "RuntimeError: Failed to infer device type, please set the environment variable `VLLM_LOGGING_LEVEL=DEBUG` to turn on verbose logging to help debug the issue."
                            : "ValueError: World size (" + flags.cards()
                                    + ") is larger than the number of available GPUs (" + cards.size()
                                    + ") in this node.");
        }
        cards.subList(flags.cards(), cards.size()).clear();
        for (Card card : cards) {
            if (launch.computer().gpus().lost(card.uuid())) {
                throw failed("torch.AcceleratorError: CUDA error: unknown error");
            }
        }
    }

    private void connect() throws InterruptedException {
        phase = "NCCL";
        pause(4);
        for (int rank = 0; rank < flags.cards(); rank++) {
            worker(
                    rank,
                    "[parallel_state.py:1809] world_size=" + flags.cards() + " rank=" + rank + " local_rank=" + rank
                            + " distributed_init_method=tcp://127.0.0.1:54641 backend=nccl");
        }
        boolean hangs = fault.equals("nccl-hang") || flags.cards() > 1 && launch.sharedMemoryMiB() < 1024;
        while (hangs) {
            pause(60);
            core(
                    "[shm_broadcast.py:501] No available shared memory broadcast block found in 60 seconds. This typically happens when some processes are hanging or doing some time-consuming work (e.g. compilation, weight/kv cache quantization).");
        }
        pause(2);
    }

    private void checkFree() throws Refusal {
        for (int rank = 0; rank < cards.size(); rank++) {
            Card card = cards.get(rank);
            double usable = card.usableMiB() / 1024.0;
            double free = launch.computer().gpus().freeMiB(card.uuid()) / 1024.0;
            if (free < flags.utilization() * usable) {
                throw failed(
                        "ValueError: Free memory on device cuda:%d (%.2f/%.2f GiB) on startup is less than desired GPU memory utilization (%s, %.2f GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
                        rank, free, usable, trimmed(flags.utilization()), flags.utilization() * usable);
            }
        }
    }

    private void weights(ModelFacts model) throws Refusal, InterruptedException {
        phase = "WEIGHTS";
        worker(0, "[gpu_model_runner.py:4858] Starting to load model " + flags.model() + "...");
        boolean local = WeightFiles.there(launch, model);
        double perCard = model.weightBytes() / GIB / flags.cards();
        double seconds =
                Math.max(4, model.weightBytes() / GIB * (fault.equals("slow-load") ? 6.0 : 1.0)) + (local ? 0 : 240);
        if (!local && launch.computer().noNetwork()) {
            throw failed(
                    "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.");
        }
        worker(
                0,
                "[weight_utils.py:904] Filesystem type for checkpoints: EXT4. Checkpoint size: %.2f GiB. Available RAM: %.2f GiB."
                        .formatted(model.weightBytes() / GIB, launch.computer().memoryBytes() / GIB * 0.65));
        for (int shard = 1; shard <= model.shards(); shard++) {
            pause(seconds / model.shards());
            double part = (double) shard / model.shards();
            if (fault.equals("exit-at-weights") && part >= 0.5) {
                throw new Refusal(137, "Killed");
            }
            if (fault.equals("oom") && part >= 0.5) {
                throw outOfMemory(0);
            }
            for (int rank = 0; rank < cards.size(); rank++) {
                take(rank, (int) (300 + perCard * part * 1024));
            }
            launch.log()
                    .err("Loading safetensors checkpoint shards: %3d%% Completed | %d/%d [00:%02d<00:%02d,  %.2fs/it]"
                            .formatted(
                                    Math.round(part * 100),
                                    shard,
                                    model.shards(),
                                    (int) (seconds * part) % 60,
                                    (int) (seconds * (1 - part)) % 60,
                                    seconds / model.shards()));
        }
        if (!local) {
            WeightFiles.write(launch, model);
        }
        worker(0, "[default_loader.py:384] Loading weights took %.2f seconds".formatted(seconds));
        pause(2);
        worker(
                0,
                "[gpu_model_runner.py:4879] Model loading took %.2f GiB memory and %f seconds"
                        .formatted(perCard, seconds + 2.5));
    }

    /** What one rank holds of its card when it is ready. */
    int wholeMiB(int rank) {
        return (int) (flags.utilization() * cards.get(rank).usableMiB());
    }

    /** From now on the rank holds so much of its card. @return whether there was room */
    boolean hold(int rank, int memoryMiB) {
        return launch.computer().gpus().take(cards.get(rank).uuid(), pid(rank), process(rank), memoryMiB);
    }

    private void take(int rank, int memoryMiB) throws Refusal {
        if (!hold(rank, memoryMiB)) {
            throw outOfMemory(rank);
        }
    }

    private Refusal outOfMemory(int rank) {
        Card card = cards.get(rank);
        double usable = card.usableMiB() / 1024.0;
        return failed(
                "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 270.00 MiB. GPU %d has a total capacity of %.2f GiB of which %.2f MiB is free. Including non-PyTorch memory, this process has %.2f GiB memory in use. Of the allocated memory %.2f GiB is allocated by PyTorch, and 24.61 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)",
                rank, usable, 190.25, usable - 0.2, usable - 0.63);
    }

    /** @return whether an earlier start had compiled the same already */
    private boolean compile() throws InterruptedException {
        if (flags.eager()) {
            return true;
        }
        phase = "COMPILE";
        String hash = Images.hash(flags.model() + flags.cards() + flags.batchTokens() + version)
                .substring(0, 10);
        String folder = launch.mounts().getOrDefault("/root/.cache/vllm", "");
        String mark = folder + "/torch_compile_cache/" + hash + "/rank_0_0/backbone";
        boolean cached = !folder.isEmpty() && launch.computer().read(mark).isPresent();
        double seconds = cached ? 4.2 : 31.09;
        pause(seconds / 3);
        worker(
                0,
                "[backends.py:1069] Using cache directory: /root/.cache/vllm/torch_compile_cache/" + hash
                        + "/rank_0_0/backbone for vLLM's torch.compile");
        worker(0, "[backends.py:1128] Dynamo bytecode transform time: %.2f s".formatted(seconds / 4));
        pause(seconds * 2 / 3);
        worker(0, "[monitor.py:48] torch.compile took %.2f s in total".formatted(seconds));
        if (!folder.isEmpty()) {
            launch.computer().write(mark, "compiled\n");
        }
        return cached;
    }

    private long cache(ModelFacts model, int context) throws Refusal, InterruptedException {
        phase = "KV";
        pause(1);
        double usable = cards.stream().mapToInt(Card::usableMiB).min().orElse(0) / 1024.0;
        double activation = 1.5
                * (2.0 * flags.batchTokens() * (2.0 * model.intermediate() / flags.cards() + 4.0 * model.hidden())
                        + 12.0 * flags.sequences() * model.vocabulary())
                / GIB;
        double free = flags.utilization() * usable
                - model.weightBytes() / GIB / flags.cards()
                - activation
                - (flags.cards() > 1 ? 0.75 : 0.30)
                - (flags.eager() ? 0 : GRAPHS_GIB);
        if (fault.equals("no-kv")) {
            free = -0.31;
        }
        worker(0, "[gpu_model_runner.py:5993] Estimated CUDA graph memory: %.2f GiB total".formatted(GRAPHS_GIB));
        worker(0, "[gpu_worker.py:298] Available KV cache memory: %.2f GiB".formatted(free));
        if (free <= 0) {
            throw failed(
                    "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine. See https://docs.vllm.ai/en/latest/configuration/conserving_memory/ for more details.");
        }
        long perToken = model.kvBytesPerToken(flags.cards(), flags.kvType().startsWith("fp8") ? 1 : 2);
        long tokens = (long) (free * GIB / perToken / 16) * 16;
        if (tokens < context) {
            throw failed(
                    "ValueError: To serve at least one request with the model's max seq len (%d), (%.2f GiB KV cache is needed, which is larger than the available KV cache memory (%.2f GiB). Based on the available memory, the estimated maximum model length is %d. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine. See https://docs.vllm.ai/en/latest/configuration/conserving_memory/ for more details.",
                    context, context * perToken / GIB, free, tokens);
        }
        for (int rank = 0; rank < cards.size(); rank++) {
            take(rank, wholeMiB(rank) - (flags.eager() ? 0 : 390));
        }
        core("[kv_cache_utils.py:1087] GPU KV cache size: %,d tokens".formatted(tokens));
        core("[kv_cache_utils.py:1091] Maximum concurrency for %,d tokens per request: %.2fx"
                .formatted(context, (double) tokens / context));
        return tokens;
    }

    private void graphs(boolean cached) throws Refusal, InterruptedException {
        if (!flags.eager()) {
            phase = "GRAPHS";
            pause(3);
            launch.log()
                    .err(
                            "Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|##########| 7/7 [00:02<00:00,  3.10it/s]");
            launch.log().err("Capturing CUDA graphs (decode, FULL): 100%|##########| 5/5 [00:01<00:00,  3.62it/s]");
            pause(2);
            for (int rank = 0; rank < cards.size(); rank++) {
                take(rank, wholeMiB(rank));
            }
            worker(0, "[gpu_model_runner.py:6077] Graph capturing finished in 5 secs, took 0.38 GiB");
        }
        core("[core.py:279] init engine (profile, create kv cache, warmup model) took %.2f s"
                .formatted(cached ? 11.1 : 38.02));
        pause(1);
    }

    private Refusal failed(String sentence, Object... values) {
        String text = values.length == 0 ? sentence : String.format(Locale.ROOT, sentence, values);
        String core = "(EngineCore pid=77) ";
        return new Refusal(
                1,
                core + "ERROR " + now() + " [core.py:708] EngineCore failed to start.\n" + core + text
                        + "\n(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}");
    }

    private static String trimmed(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("0$", "");
    }

    private void pause(double seconds) throws InterruptedException {
        launch.starting().sleep(seconds);
    }

    private static String now() {
        return CLOCK.format(LocalDateTime.now(ZoneOffset.UTC));
    }

    void api(String message) {
        launch.log().err("(APIServer pid=1) INFO " + now() + " " + message);
    }

    void core(String message) {
        launch.log().err("(EngineCore pid=77) INFO " + now() + " " + message);
    }

    private void worker(int rank, String message) {
        launch.log()
                .err((flags.cards() > 1
                                ? "(Worker_TP" + rank + " pid=" + (119 + rank) + ") INFO "
                                : "(EngineCore pid=77) INFO ")
                        + now() + " " + message);
    }
}
