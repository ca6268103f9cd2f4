package dev.rackhouse.inference.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ServingSamples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fills itself in while somebody fills in the form of a deployment. */
class DeployDraftTest {

    private static final List<Model> MODELS = ServingSamples.models();

    private final DeployDraft empty = DeployDraft.empty();

    @Test
    void aModelBringsItsNamesAndFiles() {
        DeployDraft chosen =
                with(empty, "", "qwen2.5-7b-instruct", "", EngineKind.VLLM).following(empty, MODELS);

        assertThat(chosen.name()).isEqualTo("qwen2-5-7b-instruct");
        assertThat(chosen.servedName()).isEqualTo("qwen2.5-7b-instruct");
        assertThat(chosen.files()).isEqualTo("fp16");
        assertThat(chosen.engine()).isEqualTo(EngineKind.VLLM);
    }

    @Test
    void namesThatSomebodyTypedStay() {
        DeployDraft typed = with(empty, "coder", "", "", EngineKind.VLLM);
        DeployDraft chosen =
                with(typed, "coder", "qwen2.5-7b-instruct", "", EngineKind.VLLM).following(typed, MODELS);
        DeployDraft other = with(chosen, "coder", "gemma-4-26b-a4b", chosen.files(), EngineKind.VLLM)
                .following(chosen, MODELS);

        assertThat(chosen.name()).isEqualTo("coder");
        assertThat(other.name()).isEqualTo("coder");
        assertThat(other.servedName()).isEqualTo("gemma-4-26b-a4b");
    }

    @Test
    void aNameCanBeEmptiedToTypeAnother() {
        DeployDraft chosen =
                with(empty, "", "qwen2.5-7b-instruct", "", EngineKind.VLLM).following(empty, MODELS);
        DeployDraft emptied = with(chosen, "", chosen.model(), chosen.files(), chosen.engine());

        assertThat(emptied.following(chosen, MODELS).name()).isEmpty();
    }

    @Test
    void filesForLlamaBringLlamaWithItsUsualPlace() {
        DeployDraft chosen =
                with(empty, "", "gemma-4-26b-a4b", "", EngineKind.VLLM).following(empty, MODELS);

        assertThat(chosen.engine()).isEqualTo(EngineKind.LLAMA_CPP);
        assertThat(chosen.image()).isEqualTo("ghcr.io/ggml-org/llama.cpp:server-cuda");
        assertThat(chosen.port()).isEqualTo("8080");
        assertThat(chosen.directory()).isEqualTo("/srv/models");
    }

    @Test
    void anEngineThatSomebodyChoseIsNotTakenBack() {
        DeployDraft gemma =
                with(empty, "", "gemma-4-26b-a4b", "", EngineKind.VLLM).following(empty, MODELS);
        DeployDraft ollama = with(gemma, gemma.name(), gemma.model(), gemma.files(), EngineKind.OLLAMA)
                .following(gemma, MODELS);

        assertThat(ollama.engine()).isEqualTo(EngineKind.OLLAMA);
        assertThat(ollama.port()).isEqualTo("11434");
    }

    @Test
    void aNameForClientsIsAskedForBesideItsField() {
        assertThat(empty.read())
                .isInstanceOfSatisfying(
                        DeployDraft.Read.Incomplete.class,
                        read -> assertThat(read.problems())
                                .anyMatch(p -> p.field().equals("served")));
    }

    private static DeployDraft with(DeployDraft d, String name, String model, String files, EngineKind engine) {
        return new DeployDraft(
                name,
                model,
                files,
                engine,
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                d.servedName(),
                d.directory(),
                d.context(),
                d.sequences(),
                d.utilization(),
                d.rest());
    }
}
