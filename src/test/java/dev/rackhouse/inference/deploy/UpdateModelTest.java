package dev.rackhouse.inference.deploy;

import static dev.rackhouse.inference.deploy.DeploySamples.GPU_1;
import static dev.rackhouse.inference.deploy.DeploySamples.SERVE;
import static dev.rackhouse.inference.deploy.DeploySamples.asLaunched;
import static dev.rackhouse.inference.deploy.DeploySamples.card;
import static dev.rackhouse.inference.deploy.DeploySamples.coder;
import static dev.rackhouse.inference.deploy.DeploySamples.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.deploy.Finding.Weight;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What replaces what, beside it or after it, and how it comes back. */
class UpdateModelTest {

    private static Deployment newer() {
        Deployment d = coder();
        return new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                "vllm/vllm-openai:v0.30.0",
                d.port(),
                d.servedName(),
                d.modelDirectory(),
                d.profile(),
                false);
    }

    /** The second card is full of the old engine; what is free on the first decides. */
    private static DeployFacts running(double freeOnTheFirst, SeenContainer old) {
        return new DeployFacts(
                "ubuntu 24.04",
                "580",
                "28.5.1",
                true,
                List.<GpuReading>of(card(DeploySamples.GPU_0, freeOnTheFirst, "8.6"), card(GPU_1, 2.0, "8.6")),
                List.of(old),
                Map.of(8005, "docker-proxy"),
                400_000L,
                true,
                Map.of(GPU_1, 21_900L),
                SERVE,
                List.of());
    }

    private static UpdatePlan ready(UpdateReadiness readiness) {
        assertThat(readiness).as(readiness.findings().toString()).isInstanceOf(UpdateReadiness.Ready.class);
        return ((UpdateReadiness.Ready) readiness).plan();
    }

    private static List<String> titles(UpdatePlan plan) {
        return new UpdateModel(RouterControllers.all()).outline(plan).steps().stream().map(Step::title).toList();
    }

    @Test
    void withAFreeCardTheNewOneIsProvedBesideTheOldOne() {
        UpdatePlan plan =
                ready(UpdateAssessment.of(wish(newer()), running(23.4, asLaunched(coder(), "running")), coder()));

        assertThat(plan.canary()).isNotNull().satisfies(canary -> {
            assertThat(canary.gpus()).containsExactly(DeploySamples.GPU_0);
            assertThat(canary.container()).isEqualTo("vllm-coder-canary");
            assertThat(canary.port()).isEqualTo(18000);
        });
        assertThat(titles(plan))
                .containsSubsequence(
                        "vllm-coder answers before the update",
                        "Read the counters of the old engine",
                        "Create the container vllm-coder-canary",
                        "vllm-coder-canary answers with tokens",
                        "It is as fast as the old engine",
                        "Remove the canary",
                        "Stop vllm-coder",
                        "Keep the old container under another name",
                        "The GPUs have room for vllm-coder",
                        "Create the container vllm-coder",
                        "vllm-coder answers with tokens, and again");
    }

    @Test
    void withoutRoomItSaysThatItInterrupts() {
        UpdateReadiness readiness =
                UpdateAssessment.of(wish(newer()), running(3, asLaunched(coder(), "running")), coder());

        UpdatePlan plan = ready(readiness);
        assertThat(plan.canary()).isNull();
        assertThat(readiness.findings())
                .anyMatch(f -> f.weight() == Weight.WARNS && f.sentence().contains("it is interrupted while"));
        assertThat(titles(plan))
                .containsSubsequence(
                        "Stop vllm-coder",
                        "vllm-coder answers with tokens",
                        "Read the counters of the new engine",
                        "It is as fast as the old engine")
                .noneMatch(title -> title.contains("canary"));
    }

    @Test
    void theOldOneComesBackByNameByStartAndByAnswer() {
        Outline outline = new UpdateModel(RouterControllers.all())
                .outline(
                        ready(UpdateAssessment.of(wish(newer()), running(3, asLaunched(coder(), "running")), coder())));

        Step stop = outline.steps().stream()
                .filter(s -> s.key().equals("stop-old"))
                .findFirst()
                .orElseThrow();
        assertThat(stop.undo().stream().map(u -> u.title()))
                .containsExactly("Start the old vllm-coder again", "The old vllm-coder answers again");
        Step keep = outline.steps().stream()
                .filter(s -> s.key().equals("keep-old"))
                .findFirst()
                .orElseThrow();
        assertThat(CommandText.literal(keep.command())).contains("rename?name=vllm-coder-before-{run}");
        assertThat(outline.undoOnFailure()).isTrue();
    }

    @Test
    void canBeResumedAndStored() {
        UpdatePlan plan =
                ready(UpdateAssessment.of(wish(newer()), running(23.4, asLaunched(coder(), "running")), coder()));
        Outline outline = new UpdateModel(RouterControllers.all()).outline(plan);
        Set<String> known = new HashSet<>(DeployModelTest.known());
        known.add(Comparison.NAME);
        JsonMapper json = JsonMapper.builder().build();

        assertThat(OutlineRules.problems(outline, known)).isEmpty();
        assertThat(json.readValue(json.writeValueAsString(outline), Outline.class))
                .isEqualTo(outline);
        assertThat(json.readValue(json.writeValueAsString(plan), UpdatePlan.class))
                .isEqualTo(plan);
    }

    @Test
    void whatIsLikeThatAlreadyIsNotUpdated() {
        UpdateReadiness readiness =
                UpdateAssessment.of(wish(coder()), running(3, asLaunched(coder(), "running")), coder());

        assertThat(readiness.findings().getFirst().sentence()).contains("is like this already");
    }

    @Test
    void aContainerThatIsNotThereIsDeployedInstead() {
        assertThat(UpdateAssessment.of(wish(newer()), DeploySamples.idle(), coder())
                        .findings())
                .singleElement()
                .satisfies(f -> assertThat(f.remedy()).isEqualTo("Deploy it."));
    }

    @Test
    void whatChangesIsSaid() {
        UpdatePlan plan =
                ready(UpdateAssessment.of(wish(newer()), running(3, asLaunched(coder(), "running")), coder()));

        assertThat(plan.changes())
                .containsExactly("Changes image from vllm/vllm-openai:v0.29.0 to vllm/vllm-openai:v0.30.0.");
    }

    @Test
    void oneThatDoesNotRunIsReplacedWithoutBeingAsked() {
        UpdatePlan plan = ready(UpdateAssessment.of(
                wish(newer()),
                new DeployFacts(
                        "ubuntu 24.04",
                        "580",
                        "28",
                        true,
                        List.of(card(GPU_1, 23.4, "8.6")),
                        List.of(asLaunched(coder(), "exited")),
                        Map.of(),
                        400_000L,
                        true,
                        Map.of(),
                        SERVE,
                        List.of()),
                coder()));

        assertThat(titles(plan)).doesNotContain("Stop vllm-coder", "vllm-coder answers before the update");
    }
}
