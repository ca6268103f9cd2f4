package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.ServingProfile.Precision;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.health.LoadPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * vLLM of the V1 engine, with an image whose entry point is {@code vllm serve} (the model stands first). {@code --quantization} is never
 * passed: vLLM takes the fast kernel by itself, and a written {@code awq} forces the slow one.
 */
@Component
class VllmEngine implements ServingEngine {

    private static final int PORT = 8000;

    @Override
    public EngineKind kind() {
        return EngineKind.VLLM;
    }

    @Override
    public boolean runs(Weights weights) {
        return !(weights instanceof Weights.Gguf);
    }

    @Override
    public LaunchSpec launch(Deployment deployment, Model model, ModelFiles files, boolean unified) {
        SequencedMap<String, @Nullable String> environment = new LinkedHashMap<>();
        if (model.gated()) {
            environment.put("HF_TOKEN", null);
        }
        environment.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        if (deployment.profile().sleep()) {
            environment.put(SleepMode.VARIABLE, "1");
        }
        SequencedMap<String, String> mounts = new LinkedHashMap<>();
        mounts.put(deployment.modelDirectory(), "/root/.cache/huggingface");
        mounts.put("/var/lib/rackhouse/vllm-cache", "/root/.cache/vllm");
        return new LaunchSpec.Container(
                deployment.id().value(),
                deployment.image(),
                deployment.gpus().stream().map(GpuPin::uuid).toList(),
                deployment.port(),
                PORT,
                environment,
                mounts,
                deployment.gpus().size() > 1,
                Map.of(LaunchSpec.DEPLOYMENT_LABEL, deployment.id().value()),
                arguments(deployment, files));
    }

    private static List<String> arguments(Deployment deployment, ModelFiles files) {
        ServingProfile profile = deployment.profile();
        List<String> words = new ArrayList<>(List.of(
                files.source(),
                "--served-model-name",
                deployment.servedName(),
                "--max-model-len",
                Integer.toString(profile.contextTokens()),
                "--gpu-memory-utilization",
                String.format(Locale.ROOT, "%.2f", profile.utilization()),
                "--max-num-seqs",
                Integer.toString(profile.sequences()),
                "--max-num-batched-tokens",
                Integer.toString(profile.batchTokens()),
                profile.prefixCaching() ? "--enable-prefix-caching" : "--no-enable-prefix-caching",
                profile.chunkedPrefill() ? "--enable-chunked-prefill" : "--no-enable-chunked-prefill"));
        if (deployment.gpus().size() > 1) {
            words.addAll(List.of(
                    "--tensor-parallel-size", Integer.toString(deployment.gpus().size())));
            if (!profile.customAllReduce()) {
                words.add("--disable-custom-all-reduce");
            }
        }
        if (profile.precision() == Precision.HALF) {
            words.addAll(List.of("--dtype", "half"));
        }
        if (profile.kvType() == KvType.FP8) {
            words.addAll(List.of("--kv-cache-dtype", "fp8"));
        }
        if (profile.eager()) {
            words.add("--enforce-eager");
        }
        if (profile.sleep()) {
            words.add(SleepMode.FLAG);
        }
        return words;
    }

    @Override
    public Endpoints endpoints() {
        return new Endpoints("/health", "/metrics", null, "/v1/models", "/v1/chat/completions");
    }

    @Override
    public List<LoadPhase> phases() {
        return List.of(
                LoadPhase.ARGUMENTS,
                LoadPhase.CONFIG,
                LoadPhase.ENGINE,
                LoadPhase.NCCL,
                LoadPhase.WEIGHTS,
                LoadPhase.COMPILE,
                LoadPhase.KV,
                LoadPhase.GRAPHS,
                LoadPhase.READY);
    }
}
