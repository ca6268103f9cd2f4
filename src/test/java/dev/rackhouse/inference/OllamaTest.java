package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes Ollama different: names of models, its launch, its load, and where its model lies. */
class OllamaTest {

    private static final Host HOST = new Host.Node(new NodeRef(Serving.THOR, "thor"));

    private static EngineSteps steps(String served, Purpose purpose) {
        return new EngineSteps(HOST, "ollama", EngineKind.OLLAMA, purpose, 11434, served, "", 0, Duration.ofMinutes(5));
    }

    private static Judgement judged(Check check, Answer answer) {
        Condition condition = check.all().getLast();
        return EngineConditions.all().stream()
                .filter(c -> c.name().equals(condition.name()))
                .findFirst()
                .orElseThrow()
                .judge(condition.arguments(), answer);
    }

    private static Answer sample(String file) throws IOException {
        try (InputStream in = OllamaTest.class.getResourceAsStream("/inference/samples/ollama/" + file)) {
            return Answer.service(
                    200, new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Deployment deployment(String files, String served) {
        Deployment seed = ServingSamples.deployment("embed-thor");
        return new Deployment(
                new DeploymentId("ollama"),
                seed.model(),
                files,
                EngineKind.OLLAMA,
                seed.place(),
                seed.gpus(),
                "ollama/ollama:0.13.5",
                11434,
                served,
                "/srv/ollama",
                ServingProfile.seeds(8192).withSequences(2),
                false);
    }

    private static List<String> problems(String served, String source) {
        Model known = ServingSamples.model(deployment("f16", served));
        ModelFiles files =
                new ModelFiles("tagged", new Weights.Gguf("F16", new ByteSize(1000)), new ByteSize(1000), source);
        Model model = new Model(
                known.id(),
                known.name(),
                known.family(),
                known.purpose(),
                known.licence(),
                false,
                known.shape(),
                List.of(files),
                false);
        return DeploymentRules.of(
                        deployment("tagged", served), Optional.of(model), new OllamaEngine(), false, List.of())
                .stream()
                .map(Problem::sentence)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2.5:7b, /srv/ollama/models/manifests/registry.ollama.ai/library/qwen2.5/7b",
        "nomic-embed-text, /srv/ollama/models/manifests/registry.ollama.ai/library/nomic-embed-text/latest",
        "somebody/model:q4, /srv/ollama/models/manifests/registry.ollama.ai/somebody/model/q4",
        "hf.co/owner/model-GGUF:Q4_K_M, /srv/ollama/models/manifests/hf.co/owner/model-GGUF/Q4_K_M"
    })
    void aModelLiesWhereOllamaWritesItsManifest(String name, String manifest) {
        assertThat(OllamaModel.of(name).manifest("/srv/ollama")).isEqualTo(manifest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"owner/repository/file.gguf", "file.gguf", "a:b:c", "../x:1", "a/b/c/d:1", "x y:1", "$(id):1", ""
            })
    void whatIsNoNameIsNotPulled(String source) {
        assertThat(OllamaModel.named(source)).isFalse();
        assertThatThrownBy(() -> OllamaModel.of(source)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsAskForTheModelByItsOwnName() {
        assertThat(problems("qwen2.5:7b", "qwen2.5:7b")).isEmpty();
        assertThat(problems("nomic-embed-text", "nomic-embed-text:latest")).isEmpty();
        assertThat(problems("coder", "qwen2.5:7b"))
                .containsExactly("Ollama serves a model under its own name: here clients ask for qwen2.5:7b.");
        assertThat(problems("coder", "owner/repository/file.gguf"))
                .singleElement()
                .asString()
                .contains("llama.cpp runs such a file");
    }

    @Test
    void everythingIsWrittenOutInItsLaunch() {
        Deployment d = deployment("f16", "nomic-embed-text");

        assertThat(new OllamaEngine()
                        .launch(
                                d,
                                ServingSamples.model(d),
                                ServingSamples.model(d).files("f16").orElseThrow(),
                                false)
                        .commandLine())
                .isEqualTo(
                        "docker run -d --name ollama --restart unless-stopped"
                                + " --gpus '\"device=GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01\"' --label rackhouse=ollama"
                                + " -v /srv/ollama:/root/.ollama -e OLLAMA_HOST=0.0.0.0:11434 -e OLLAMA_CONTEXT_LENGTH=8192"
                                + " -e OLLAMA_NUM_PARALLEL=2 -e OLLAMA_KEEP_ALIVE=-1 -p 11434:11434 ollama/ollama:0.13.5 serve");
    }

    @Test
    void isLoadedAndMustLieOnTheGpuBeforeItIsAsked() {
        EngineSteps steps = steps("qwen2.5:7b", Purpose.CHAT);

        Outline outline = steps.proved(steps.start(Outline.titled("Start")));

        assertThat(outline.steps().stream().map(Step::title))
                .containsExactly(
                        "Start ollama",
                        "ollama gets ready",
                        "ollama says that it is healthy",
                        "ollama serves qwen2.5:7b",
                        "Load qwen2.5:7b into the memory of the GPU",
                        "ollama has found room for all of qwen2.5:7b on the GPU",
                        "ollama answers with tokens",
                        "ollama answers with tokens, and again");
        assertThat(CommandText.literal(steps.load())).contains("/api/generate").contains("\"keep_alive\":-1");
        assertThat(CommandText.literal(
                        steps("nomic-embed-text", Purpose.EMBEDDING).load()))
                .contains("/api/embed")
                .contains("nomic-embed-text:latest");
    }

    @Test
    void itsLogSaysThatItListens() throws IOException {
        Check ready = steps("qwen2.5:7b", Purpose.CHAT).logSaysReady();

        assertThat(judged(ready, sample("serve.log")).holds()).isTrue();
        assertThat(judged(
                                ready,
                                Answer.service(
                                        200, "[GIN] 2026/10/12 - 09:14:55 | 200 | 41µs | 127.0.0.1 | GET \"/api/ps\""))
                        .holds())
                .as("its start was pushed out of the log's end")
                .isTrue();
    }

    @Test
    void servesWhatItsTagsList() {
        Check serves = steps("nomic-embed-text", Purpose.EMBEDDING).serves();

        assertThat(judged(serves, Answer.service(200, "{\"data\":[{\"id\":\"nomic-embed-text:latest\"}]}"))
                        .holds())
                .isTrue();
        assertThat(judged(serves, Answer.service(200, "{\"data\":null}")).holds())
                .isFalse();
    }

    @Test
    void aModelThatLiesPartlyOnTheCpuIsAFailureThatSaysHowMuch() throws IOException {
        Check whole = steps("qwen2.5:14b", Purpose.CHAT).liesOnGpu();

        assertThat(judged(whole, sample("ps-cpu-offload.json")).holds()).isFalse();
        assertThat(judged(whole, sample("ps-cpu-offload.json")).because())
                .startsWith("35 % of qwen2.5:14b lie on the CPU: 6.8 of 10.5 GiB found room on the GPU.")
                .contains("Shorten the context");
        assertThat(judged(steps("qwen2.5:7b", Purpose.CHAT).liesOnGpu(), sample("ps-gpu-full.json"))
                        .holds())
                .isTrue();
    }

    @Test
    void aModelThatIsNotInMemoryIsNotLoaded() throws IOException {
        Check loaded = steps("qwen2.5:7b", Purpose.CHAT).loaded();

        assertThat(judged(loaded, sample("ps-gpu-full.json")).holds()).isTrue();
        assertThat(judged(loaded, sample("ps-cpu-offload.json")).holds()).isFalse();
        assertThat(judged(loaded, Answer.service(200, "{\"models\":[]}")).because())
                .isEqualTo("qwen2.5:7b is not in memory");
    }
}
