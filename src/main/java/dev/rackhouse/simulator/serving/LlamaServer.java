package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** llama.cpp's server, in a container or beside: it listens at once and says that it loads until the model is there. */
final class LlamaServer extends EngineProgram {
    private static final double MIB = 1 << 20;

    private final List<Card> cards = new ArrayList<>();
    private volatile String phase = "ARGUMENTS";
    private volatile @Nullable LlamaApi api;

    LlamaServer(Launch launch) {
        super(launch);
    }

    @Override
    int work() throws Refusal, InterruptedException {
        String fault = launch.faults().atStart(launch.name());
        LlamaFlags flags = LlamaFlags.parse(launch.arguments());
        say("build: 10380 (0b1bad14f) with cc (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0 for x86_64-linux-gnu");
        say("system_info: n_threads = 8 (n_threads_batch = 8) / "
                + launch.computer().cpus());
        ModelFacts model = model(flags);
        LlamaApi answering = new LlamaApi(launch, flags, model, this::busy);
        api = answering;
        say("main: binding port " + flags.port());
        open(flags.port(), answering::handle);
        load(flags, model, fault);
        answering.ready();
        phase = "READY";
        say("main: model loaded");
        say("main: server is listening on http://0.0.0.0:" + flags.port());
        while (true) {
            launch.computer().tempo().sleep(1);
            for (Card card : cards) {
                if (launch.computer().gpus().lost(card.uuid())) {
                    say("CUDA error: unspecified launch failure\n  current device: " + card.index()
                            + ", in function ggml_backend_cuda_synchronize at ggml-cuda.cu:2700");
                    return 134;
                }
            }
        }
    }

    @Override
    int leave() throws InterruptedException {
        launch.computer().tempo().sleep(1);
        return 0;
    }

    private ModelFacts model(LlamaFlags flags) throws Refusal {
        String inside = flags.model();
        String file = inside;
        for (Map.Entry<String, String> mount : launch.mounts().entrySet()) {
            if (inside.startsWith(mount.getKey() + "/")) {
                file = mount.getValue() + inside.substring(mount.getKey().length());
            }
        }
        if (launch.computer().read(file).isEmpty()) {
            throw new Refusal(
                    1,
                    "gguf_init_from_file: failed to open GGUF file '" + inside
                            + "'\nllama_model_load: error loading model: llama_model_loader: failed to load model from "
                            + inside + "\nsrv    load_model: failed to load model, '" + inside
                            + "'\nmain: exiting due to model loading error");
        }
        return ModelFacts.find(inside)
                .filter(one -> one.form().equals("gguf"))
                .orElseThrow(() -> new Refusal(
                        1,
                        "llama_model_load: error loading model: unknown model architecture: ''\nsrv    load_model: failed to load model, '"
                                + inside + "'"));
    }

    private void load(LlamaFlags flags, ModelFacts model, String fault) throws Refusal, InterruptedException {
        phase = "WEIGHTS";
        if (!flags.noGpu()) {
            launch.gpus().forEach(uuid -> launch.computer().gpus().find(uuid).ifPresent(cards::add));
        }
        say("srv    load_model: loading model '" + flags.model() + "'");
        say("load_tensors: loading model tensors, this can take a while... (mmap = true)");
        double seconds = Math.max(2, model.weightBytes() / 0.8e9) * (fault.equals("slow-load") ? 6 : 1);
        for (int step = 1; step <= 4; step++) {
            pause(seconds / 4);
            if (fault.equals("exit-at-weights") && step == 2) {
                throw new Refusal(137, "Killed");
            }
            if (fault.equals("oom") && step == 2) {
                throw outOfMemory(model, 0);
            }
            take(model, model.weightBytes() / MIB * step / 4);
        }
        say("load_tensors: offloaded %d/%d layers to GPU"
                .formatted(cards.isEmpty() ? 0 : model.layers() + 1, model.layers() + 1));
        phase = "KV";
        say("llama_context: constructing llama_context");
        double kvMiB = flags.embeddings() ? 0 : flags.context() * model.kvBytesPerToken(1, 2) / MIB;
        say("llama_kv_cache: size = %7.2f MiB (%6d cells, %3d layers, %2d/%d seqs)"
                .formatted(kvMiB, flags.context(), model.layers(), flags.slots(), flags.slots()));
        take(model, model.weightBytes() / MIB + kvMiB + 300.0 * cards.size());
        phase = "WARM_UP";
        say(
                "common_init_from_params: warming up the model with an empty run - please wait ... (--no-warmup to disable)");
        pause(1);
        while (fault.equals("nccl-hang")) {
            pause(60);
        }
    }

    private void take(ModelFacts model, double wholeMiB) throws Refusal {
        for (int i = 0; i < cards.size(); i++) {
            if (!launch.computer().gpus().take(cards.get(i).uuid(), launch.pid(), "/app/llama-server", (int)
                    (wholeMiB / cards.size()))) {
                throw outOfMemory(model, i);
            }
        }
    }

    private static Refusal outOfMemory(ModelFacts model, int device) {
        double wanted = model.weightBytes() / MIB;
        return new Refusal(
                1,
                "ggml_backend_cuda_buffer_type_alloc_buffer: allocating %.2f MiB on device %d: cudaMalloc failed: out of memory\nalloc_tensor_range: failed to allocate CUDA%d buffer of size %d\nllama_model_load: error loading model: unable to allocate CUDA%d buffer\nsrv    load_model: failed to load model"
                        .formatted(wanted, device, device, (long) (wanted * MIB), device));
    }

    private void busy(boolean on) {
        cards.forEach(card -> launch.computer().gpus().busy(card.uuid(), launch.pid(), on ? 0.9 / cards.size() : 0));
    }

    private void pause(double seconds) throws InterruptedException {
        launch.starting().sleep(seconds);
    }

    private void say(String text) {
        launch.log().err(text);
    }

    @Override
    public Map<Integer, String> processes() {
        return Map.of(launch.pid(), "/app/llama-server " + String.join(" ", launch.arguments()));
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> all = new LinkedHashMap<>();
        LlamaApi answering = api;
        all.put("engine", "llama.cpp");
        all.put("phase", phase);
        if (answering != null) {
            all.putAll(answering.state());
        }
        return all;
    }
}
