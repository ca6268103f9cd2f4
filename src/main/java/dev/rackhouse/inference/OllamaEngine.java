package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.health.LoadPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Ollama, told to keep its model in memory for ever. It listens before a model is there, loads at the first request, and counts neither
 * requests nor tokens: its log tells that it has answered, else only a tiny prompt proves it. {@code serve} is what its image starts
 * anyway, and is written out so that the container shows the same words as were planned.
 */
@Component
class OllamaEngine implements ServingEngine {

    private static final int PORT = 11434;

    @Override
    public EngineKind kind() {
        return EngineKind.OLLAMA;
    }

    @Override
    public boolean runs(Weights weights) {
        return weights instanceof Weights.Gguf;
    }

    @Override
    public LaunchSpec launch(Deployment deployment, Model model, ModelFiles files, boolean unified) {
        SequencedMap<String, @Nullable String> environment = new LinkedHashMap<>();
        environment.put("OLLAMA_HOST", "0.0.0.0:" + (unified ? deployment.port() : PORT));
        environment.put(
                "OLLAMA_CONTEXT_LENGTH", Integer.toString(deployment.profile().contextTokens()));
        environment.put(
                "OLLAMA_NUM_PARALLEL", Integer.toString(deployment.profile().sequences()));
        environment.put("OLLAMA_KEEP_ALIVE", "-1");
        if (unified) {
            List<String> words = new ArrayList<>(List.of("env"));
            environment.forEach((key, value) -> words.add(key + "=" + value));
            words.addAll(List.of(deployment.image(), "serve"));
            return new LaunchSpec.Program(deployment.id().value(), words);
        }
        SequencedMap<String, String> mounts = new LinkedHashMap<>();
        mounts.put(deployment.modelDirectory(), OllamaModel.FOLDER);
        return new LaunchSpec.Container(
                deployment.id().value(),
                deployment.image(),
                deployment.gpus().stream().map(GpuPin::uuid).toList(),
                deployment.port(),
                PORT,
                environment,
                mounts,
                false,
                Map.of(LaunchSpec.DEPLOYMENT_LABEL, deployment.id().value()),
                List.of("serve"));
    }

    @Override
    public Endpoints endpoints() {
        return new Endpoints("/api/version", null, null, "/api/ps", "/v1/chat/completions");
    }

    @Override
    public List<LoadPhase> phases() {
        return List.of(LoadPhase.ARGUMENTS, LoadPhase.READY);
    }
}
