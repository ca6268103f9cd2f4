package dev.rackhouse.inference.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ServingSamples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Containers that somebody started by hand become proposals. */
class FoundEnginesTest {

    private static final Deployment SEED = ServingSamples.deployment("vllm-14b");
    private static final List<Model> MODELS = ServingSamples.deployments().stream()
            .map(ServingSamples::model)
            .distinct()
            .toList();

    private static SeenContainer container(String name, String image, List<String> command) {
        return new SeenContainer(
                name,
                image,
                "running",
                Map.of(),
                List.of(DeploySamples.GPU_1),
                List.of(8001),
                List.of(),
                command,
                Map.of("/srv/hf", "/root/.cache/huggingface", "/srv/models", "/models"),
                List.of("HF_TOKEN"));
    }

    private static FoundEngine found(SeenContainer container) {
        return FoundEngines.among(List.of(container), SEED.place(), List.of(), MODELS)
                .getFirst();
    }

    @Test
    void aVllmIsReadFromItsArguments() {
        FoundEngine found = found(container(
                "by-hand",
                "vllm/vllm-openai:v0.11.0",
                List.of(
                        "Qwen/Qwen2.5-14B-Instruct-AWQ",
                        "--served-model-name",
                        "qwen",
                        "--max-model-len=16k",
                        "--gpu-memory-utilization",
                        "0.85",
                        "--max-num-seqs",
                        "8")));

        assertThat(found.proposal()).isNotNull().satisfies(d -> {
            assertThat(d.id().value()).isEqualTo("by-hand");
            assertThat(d.model()).isEqualTo(SEED.model());
            assertThat(d.files()).isEqualTo("awq");
            assertThat(d.servedName()).isEqualTo("qwen");
            assertThat(d.profile().contextTokens()).isEqualTo(16000);
            assertThat(d.profile().utilization()).isEqualTo(0.85);
            assertThat(d.profile().sequences()).isEqualTo(8);
            assertThat(d.modelDirectory()).isEqualTo("/srv/hf");
            assertThat(d.profile().sleep()).isFalse();
        });
    }

    @Test
    void anOlderImageNamesTheModelByAFlag() {
        assertThat(found(container(
                                "by-hand",
                                "vllm/vllm-openai:v0.5.0",
                                List.of("--model", "Qwen/Qwen2.5-14B-Instruct-AWQ", "--swap-space", "4")))
                        .remarks())
                .anyMatch(r -> r.contains("--swap-space is gone"))
                .anyMatch(r -> r.contains("no --gpu-memory-utilization"));
    }

    @Test
    void aLlamaServerIsReadToo() {
        FoundEngine found = found(container(
                "llama",
                "ghcr.io/ggml-org/llama.cpp:server-cuda",
                List.of(
                        "--model",
                        "/models/nomic-embed-text-v1.5.f16.gguf",
                        "--alias",
                        "embed",
                        "--metrics",
                        "--ctx-size",
                        "4096",
                        "--parallel",
                        "2",
                        "--tools")));

        assertThat(found.remarks()).anyMatch(r -> r.contains("--tools opens a shell"));
    }

    @Test
    void anUnknownModelIsSaidAndNotGuessed() {
        FoundEngine found = found(container("x", "vllm/vllm-openai:v0.29.0", List.of("somebody/some-model")));

        assertThat(found.proposal()).isNull();
        assertThat(found.remarks()).anyMatch(r -> r.contains("No registered model has the files somebody/some-model"));
    }

    @Test
    void whatIsRegisteredOrNoEngineIsNotFound() {
        assertThat(FoundEngines.among(
                        List.of(
                                DeploySamples.asLaunched(SEED, "running"),
                                container("postgres", "postgres:18", List.of())),
                        SEED.place(),
                        ServingSamples.deployments(),
                        MODELS))
                .isEmpty();
    }
}
