package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.health.LoadPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.springframework.stereotype.Component;

/**
 * llama.cpp's server. The port is always given, since upstream moves its default; {@code --metrics} too, since it is off by default.
 * Never with {@code --tools} or {@code --agent}, which open a shell to whoever asks.
 */
@Component
class LlamaEngine implements ServingEngine {

    private static final int PORT = 8080;

    @Override
    public EngineKind kind() {
        return EngineKind.LLAMA_CPP;
    }

    @Override
    public boolean runs(Weights weights) {
        return weights instanceof Weights.Gguf;
    }

    @Override
    public LaunchSpec launch(Deployment deployment, Model model, ModelFiles files, boolean unified) {
        if (unified) {
            List<String> words = new ArrayList<>(List.of(deployment.image()));
            words.addAll(arguments(
                    deployment, model, deployment.modelDirectory() + "/" + files.source(), deployment.port()));
            return new LaunchSpec.Program(deployment.id().value(), words);
        }
        SequencedMap<String, String> mounts = new LinkedHashMap<>();
        mounts.put(deployment.modelDirectory(), "/models");
        return new LaunchSpec.Container(
                deployment.id().value(),
                deployment.image(),
                deployment.gpus().stream().map(GpuPin::uuid).toList(),
                deployment.port(),
                PORT,
                new LinkedHashMap<>(),
                mounts,
                false,
                Map.of(LaunchSpec.DEPLOYMENT_LABEL, deployment.id().value()),
                arguments(deployment, model, "/models/" + files.source(), PORT));
    }

    private static List<String> arguments(Deployment deployment, Model model, String file, int port) {
        ServingProfile profile = deployment.profile();
        List<String> words = new ArrayList<>(List.of(
                "--model",
                file,
                "--alias",
                deployment.servedName(),
                "--host",
                "0.0.0.0",
                "--port",
                Integer.toString(port),
                "--ctx-size",
                Long.toString((long) profile.contextTokens() * profile.sequences()),
                "--parallel",
                Integer.toString(profile.sequences()),
                "--batch-size",
                Integer.toString(profile.batchTokens()),
                "--ubatch-size",
                Integer.toString(profile.microBatchTokens()),
                "--n-gpu-layers",
                "all",
                "--metrics"));
        if (profile.kvType() == KvType.Q8_0) {
            words.addAll(List.of("--cache-type-k", "q8_0", "--cache-type-v", "q8_0"));
        }
        if (profile.wholeWindows()) {
            words.add("--swa-full");
        }
        if (model.purpose() == Model.Purpose.EMBEDDING) {
            words.add("--embeddings");
        }
        return words;
    }

    @Override
    public Endpoints endpoints() {
        return new Endpoints("/health", "/metrics", "/slots", "/v1/models", "/v1/chat/completions");
    }

    @Override
    public List<LoadPhase> phases() {
        return List.of(LoadPhase.ARGUMENTS, LoadPhase.WEIGHTS, LoadPhase.KV, LoadPhase.WARM_UP, LoadPhase.READY);
    }
}
