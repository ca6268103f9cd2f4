package dev.rackhouse.inference.deploy;

import static dev.rackhouse.inference.deploy.DeploySamples.GPU_1;
import static dev.rackhouse.inference.deploy.DeploySamples.facts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Deployments whose model is loaded by a step of the run: a file from the hub, and what Ollama pulls. */
class LoadedModelsTest {

    private static final String FILE = "bartowski/Qwen2.5-7B-Instruct-GGUF/Qwen2.5-7B-Instruct-Q4_K_M.gguf";
    private static final ByteSize BYTES = new ByteSize(4_683_073_952L);

    private static Deployment deployment(EngineKind engine, String served, int context) {
        Deployment seed = ServingSamples.deployment("vllm-14b");
        return new Deployment(
                new DeploymentId("spare"),
                ServingSamples.deployment("vllm-7b").model(),
                "gguf",
                engine,
                seed.place(),
                List.of(new GpuPin(GPU_1, null)),
                engine == EngineKind.OLLAMA ? "ollama/ollama:0.13.5" : "ghcr.io/ggml-org/llama.cpp:server-cuda",
                8095,
                served,
                "/srv/models",
                ServingProfile.seeds(context).withSequences(1),
                false);
    }

    private static Deployment ollama(int context) {
        return deployment(EngineKind.OLLAMA, "qwen2.5:7b", context);
    }

    private static DeployWish wish(Deployment deployment, String source) {
        Model known = ServingSamples.model(deployment);
        ModelFiles files = new ModelFiles("gguf", new Weights.Gguf("Q4_K_M", BYTES), BYTES, source);
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
        return new DeployWish(
                deployment,
                model,
                files,
                ServingSamples.engine(deployment.engine()),
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                StartTimes.NONE,
                false,
                DeploySamples.HOST,
                "110 ai-inference on thor",
                List.of("guest:thor/110"));
    }

    private static DeployReadiness assess(Deployment deployment, String source, boolean there, SeenContainer... seen) {
        return DeployAssessment.of(
                wish(deployment, source), facts(23.4, Map.of(), 400_000L, there, List.of("/bin/ollama"), seen));
    }

    private static Outline outline(Deployment deployment, String source, boolean there) {
        return new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(((DeployReadiness.Ready) assess(deployment, source, there)).plan());
    }

    private static Step step(Outline outline, String key) {
        return outline.steps().stream()
                .filter(step -> step.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Judgement unshared(Map<String, String> arguments, String containers) {
        return DeployConditions.all().stream()
                .filter(c -> c.name().equals(DeployConditions.FILES_UNSHARED))
                .findFirst()
                .orElseThrow()
                .judge(arguments, Answer.service(200, containers));
    }

    @Test
    void ollamaPullsWhenItListensAndLoadsWhatItPulled() {
        Outline outline = outline(ollama(8192), "qwen2.5:7b", false);

        assertThat(outline.steps().stream().map(Step::title))
                .containsSubsequence(
                        "The disk has room for the model's files",
                        "Start spare",
                        "spare gets ready",
                        "spare says that it is healthy",
                        "Pull qwen2.5:7b into Ollama",
                        "spare serves qwen2.5:7b",
                        "Load qwen2.5:7b into the memory of the GPU",
                        "spare has found room for all of qwen2.5:7b on the GPU",
                        "spare answers with tokens");
        assertThat(OutlineRules.problems(outline, DeployModelTest.known())).isEmpty();
        assertThat(CommandText.literal(step(outline, "pull-model").command()))
                .contains("docker exec 'spare' ollama pull 'qwen2.5:7b'");
        assertThat(outline.notes()).anyMatch(note -> note.contains("what it has loaded is removed again"));
    }

    @Test
    void whatWaitsForItsModeRunsOnlyWhileItPulls() {
        DeployReadiness.Ready ready = (DeployReadiness.Ready) assess(ollama(8192), "qwen2.5:7b", false);

        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(ready.plan().waitingFor("the mode Fast pair runs there."));

        assertThat(outline.steps().stream().map(Step::title))
                .endsWith(
                        "Start spare",
                        "spare gets ready",
                        "spare says that it is healthy",
                        "Pull qwen2.5:7b into Ollama",
                        "Stop spare until its mode runs");
        assertThat(OutlineRules.problems(outline, DeployModelTest.known())).isEmpty();
        assertThat(outline.notes()).anyMatch(note -> note.contains("takes no memory of the GPUs"));
    }

    @Test
    void aModelThatLiesThereIsStillLookedForAndNeedsNoRoom() {
        Outline outline = outline(ollama(8192), "qwen2.5:7b", true);

        assertThat(outline.steps().stream().map(Step::title))
                .contains("Pull qwen2.5:7b into Ollama")
                .doesNotContain("The disk has room for the model's files");
        assertThat(CommandText.literal(
                        Objects.requireNonNull(step(outline, "pull-model").unless())))
                .contains("/api/tags");
    }

    @Test
    void whatWasLoadedIsRemovedWithTheFoldersThatCameWithIt() {
        Step load = step(outline(deployment(EngineKind.LLAMA_CPP, "spare", 8192), FILE, false), "load-file");

        assertThat(load.undo()).singleElement().satisfies(undo -> {
            Command.Shell script = (Command.Shell) undo.command();
            assertThat(script.script())
                    .contains("rm -f \"${R:-}/srv/models/" + FILE + "\" \"${R:-}/srv/models/" + FILE + ".part\"")
                    .contains("rmdir --ignore-fail-on-non-empty \"${R:-}/srv/models/bartowski\"")
                    .doesNotContain("rmdir --ignore-fail-on-non-empty \"${R:-}/srv/models\"");
            assertThat(undo.onlyIf()).isNotNull();
        });
    }

    @Test
    void whatAnotherContainerReadsIsLeftAlone() {
        Map<String, String> arguments = Map.of("container", "spare", "directory", "/srv/models", "word", FILE);
        String other = """
                [{"Names":["/other"],"State":"exited","Command":"/app/llama-server --model /models/%s",
                  "Mounts":[{"Source":"/srv/models"}]}]""";

        assertThat(unshared(arguments, other.formatted(FILE)).holds()).isFalse();
        assertThat(unshared(arguments, other.formatted("another.gguf")).holds()).isTrue();
        assertThat(unshared(arguments, "[]").holds()).isTrue();
    }

    @Test
    void ollamaIsAskedToDeleteOnlyWhileItRuns() {
        Map<String, String> arguments = Map.of("container", "spare", "directory", "/srv/models", "running", "true");
        String own = "[{\"Names\":[\"/spare\"],\"State\":\"%s\",\"Mounts\":[{\"Source\":\"/srv/models\"}]}]";

        assertThat(unshared(arguments, own.formatted("running")).holds()).isTrue();
        assertThat(unshared(arguments, own.formatted("exited")).because()).contains("does not run");
    }

    @Test
    void aContainerOfOllamaWithAnotherContextIsAnotherOne() {
        LaunchSpec.Container launch = (LaunchSpec.Container) ServingSamples.engine(EngineKind.OLLAMA)
                .launch(
                        ollama(4096),
                        wish(ollama(4096), "qwen2.5:7b").model(),
                        wish(ollama(4096), "qwen2.5:7b").files(),
                        false);
        SeenContainer seen = new SeenContainer(
                launch.name(),
                launch.image(),
                "running",
                launch.labels(),
                launch.gpus(),
                List.of(launch.hostPort()),
                List.of("/bin/ollama"),
                launch.arguments(),
                launch.mounts(),
                List.of("PATH", "OLLAMA_CONTEXT_LENGTH=4096", "OLLAMA_NUM_PARALLEL=1", "OLLAMA_KEEP_ALIVE=-1"));

        assertThat(assess(ollama(4096), "qwen2.5:7b", true, seen)).isInstanceOf(DeployReadiness.Ready.class);
        assertThat(assess(ollama(8192), "qwen2.5:7b", true, seen).findings())
                .anyMatch(
                        f -> f.weight() == Finding.Weight.BLOCKS && f.sentence().contains("another launch"));
        Condition planned = Objects.requireNonNull(step(outline(ollama(8192), "qwen2.5:7b", true), "create-spare")
                        .unless())
                .all()
                .getFirst();
        assertThat(planned.arguments().get("settings")).contains("OLLAMA_CONTEXT_LENGTH=8192");
    }
}
