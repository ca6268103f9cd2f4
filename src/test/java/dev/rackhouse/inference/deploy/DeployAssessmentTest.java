package dev.rackhouse.inference.deploy;

import static dev.rackhouse.inference.deploy.DeploySamples.GPU_1;
import static dev.rackhouse.inference.deploy.DeploySamples.SERVE;
import static dev.rackhouse.inference.deploy.DeploySamples.about;
import static dev.rackhouse.inference.deploy.DeploySamples.asLaunched;
import static dev.rackhouse.inference.deploy.DeploySamples.card;
import static dev.rackhouse.inference.deploy.DeploySamples.coder;
import static dev.rackhouse.inference.deploy.DeploySamples.facts;
import static dev.rackhouse.inference.deploy.DeploySamples.foreign;
import static dev.rackhouse.inference.deploy.DeploySamples.idle;
import static dev.rackhouse.inference.deploy.DeploySamples.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.deploy.DeployPlan.Load;
import dev.rackhouse.inference.deploy.Finding.Fix;
import dev.rackhouse.inference.deploy.Finding.Weight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What speaks against a deployment, and what does not. */
class DeployAssessmentTest {

    private static String blocked(DeployReadiness readiness, String field) {
        assertThat(readiness).isInstanceOf(DeployReadiness.Blocked.class);
        return about(readiness, field, Weight.BLOCKS)
                .map(Finding::sentence)
                .orElseThrow(() -> new AssertionError("nothing blocks " + field + " in " + readiness.findings()));
    }

    private static DeployPlan ready(DeployReadiness readiness) {
        assertThat(readiness).as(readiness.findings().toString()).isInstanceOf(DeployReadiness.Ready.class);
        return ((DeployReadiness.Ready) readiness).plan();
    }

    private static Model gated(Model model) {
        return new Model(
                model.id(),
                model.name(),
                model.family(),
                model.purpose(),
                "own",
                true,
                model.shape(),
                model.files(),
                true);
    }

    @Test
    void nothingSpeaksAgainstAFreeCardWithTheFilesThere() {
        DeployPlan plan = ready(DeployAssessment.of(wish(coder()), idle()));

        assertThat(plan.load()).isEqualTo(Load.THERE);
        assertThat(plan.starts()).isTrue();
        assertThat(plan.gpus()).containsExactly(GPU_1);
        assertThat(plan.neededMiB()).isBetween(21_500L, 22_000L);
        assertThat(plan.body()).contains("\"rackhouse.run\" : \"{run.mark}\"").contains(GPU_1);
    }

    @Test
    void aPlaceWithoutDriverOrDockerIsPreparedFirst() {
        DeployFacts bare = new DeployFacts(
                "ubuntu 24.04",
                "",
                "",
                false,
                List.of(),
                List.of(),
                Map.of(),
                400_000L,
                true,
                Map.of(),
                null,
                List.of());

        DeployReadiness readiness = DeployAssessment.of(wish(coder()), bare);

        assertThat(blocked(readiness, "place")).contains("No NVIDIA driver answers");
        assertThat(readiness.findings())
                .filteredOn(f -> f.weight() == Weight.BLOCKS)
                .allMatch(f -> f.fix() == Fix.PREPARE_GUEST);
    }

    @Test
    void aGatedModelNeedsAToken() {
        Deployment coder = coder();
        DeployFacts without = facts(23.4, Map.of(), 400_000L, false, SERVE);

        assertThat(blocked(
                        DeployAssessment.of(wish(coder, gated(ServingSamples.model(coder)), false), without), "model"))
                .contains("is gated");
        DeployPlan plan = ready(DeployAssessment.of(wish(coder, gated(ServingSamples.model(coder)), true), without));
        assertThat(plan.load()).isEqualTo(Load.BY_ENGINE);
        assertThat(plan.body()).contains("HF_TOKEN={secret.HF_TOKEN}");
    }

    @Test
    void aDiskThatIsTooSmallForTheFiles() {
        assertThat(blocked(DeployAssessment.of(wish(coder()), facts(23.4, Map.of(), 3000L, false, SERVE)), "directory"))
                .contains("The files take")
                .contains("are free at /srv/hf");
    }

    @Test
    void aCardThatCannotRunTheWeights() {
        DeployFacts old = new DeployFacts(
                "ubuntu 24.04",
                "580",
                "28",
                true,
                List.of(card(GPU_1, 23.4, "7.0")),
                List.of(),
                Map.of(),
                400_000L,
                true,
                Map.of(),
                SERVE,
                List.of());

        assertThat(blocked(DeployAssessment.of(wish(coder()), old), "files"))
                .contains("compute capability 7.0")
                .contains("awq");
    }

    @Test
    void aPortThatAContainerOrAProgramHas() {
        assertThat(blocked(DeployAssessment.of(wish(coder()), idle(foreign("trainer", "", 8005))), "port"))
                .isEqualTo("The container trainer has port 8005.");
        assertThat(blocked(
                        DeployAssessment.of(wish(coder()), facts(23.4, Map.of(8005, "python3"), 400_000L, true, SERVE)),
                        "port"))
                .contains("The program python3 listens at port 8005");
    }

    @Test
    void aNameThatAForeignContainerHas() {
        assertThat(blocked(DeployAssessment.of(wish(coder()), idle(foreign("vllm-coder", "", 0))), "name"))
                .contains("that the console did not make");
    }

    @Test
    void aContainerStartedByHandOnTheSameGpuIsNamed() {
        DeployReadiness readiness = DeployAssessment.of(wish(coder()), idle(foreign("trainer", GPU_1, 0)));

        assertThat(about(readiness, "gpus", Weight.WARNS))
                .get()
                .satisfies(f -> assertThat(f.sentence()).contains("trainer").contains("started by hand"));
    }

    @Test
    void memoryThatSomebodyElseHoldsLeavesNoRoom() {
        DeployReadiness readiness = DeployAssessment.of(wish(coder()), facts(9, Map.of(), 400_000L, true, SERVE));

        assertThat(readiness).isInstanceOf(DeployReadiness.Blocked.class);
    }

    @Test
    void anImageThatTakesTheModelByName() {
        DeployFacts old =
                facts(23.4, Map.of(), 400_000L, true, List.of("python3", "-m", "vllm.entrypoints.openai.api_server"));

        DeployPlan plan = ready(DeployAssessment.of(wish(coder()), old));

        assertThat(plan.positional()).isFalse();
        assertThat(plan.command()).startsWith("--model", "Qwen/Qwen2.5-7B-Instruct-AWQ");
    }

    @Test
    void anImageThatIsNoVllm() {
        assertThat(blocked(
                        DeployAssessment.of(wish(coder()), facts(23.4, Map.of(), 400_000L, true, List.of("/bin/bash"))),
                        "image"))
                .contains("none of vLLM's: /bin/bash");
    }

    @Test
    void flagsThatAreGoneAreNamedWithWhatToDoInstead() {
        assertThat(VllmFlags.gone(List.of("model", "--swap-space=4", "--max-num-seqs", "32")))
                .singleElement()
                .satisfies(gone -> assertThat(gone.flag() + " " + gone.advice())
                        .isEqualTo("--swap-space Leave it out: V1 does not swap."));
    }

    @Test
    void whatRunsAsPlannedIsDoneAndNotMeasuredAgain() {
        DeployFacts full =
                facts(1, Map.of(8005, "docker-proxy"), 400_000L, true, SERVE, asLaunched(coder(), "running"));

        DeployReadiness readiness = DeployAssessment.of(wish(coder()), full);

        ready(readiness);
        assertThat(about(readiness, "", Weight.DONE)).isPresent();
    }

    @Test
    void anotherLaunchUnderTheSameNameIsAnUpdate() {
        SeenContainer other = asLaunched(coder(), "running");
        SeenContainer changed = new SeenContainer(
                other.name(),
                "vllm/vllm-openai:v0.11.0",
                "running",
                other.labels(),
                other.gpus(),
                other.hostPorts(),
                SERVE,
                other.command(),
                other.mounts(),
                List.of());

        DeployReadiness readiness = DeployAssessment.of(wish(coder()), idle(changed));

        assertThat(about(readiness, "", Weight.BLOCKS))
                .get()
                .satisfies(f -> assertThat(f.fix()).isEqualTo(Fix.UPDATE));
    }

    @Test
    void aDeploymentOfAnotherModeIsCreatedAndNotStarted() {
        DeployPlan plan = ready(DeployAssessment.of(
                wish(ServingSamples.deployment("vllm-32b")), facts(2, Map.of(), 400_000L, true, SERVE)));

        assertThat(plan.starts()).isFalse();
        assertThat(plan.waitsFor()).contains("Fast pair");
    }

    @Test
    void aGpuThatIsNotSeenOrBroken() {
        DeployFacts one = new DeployFacts(
                "ubuntu 24.04",
                "580",
                "28",
                true,
                List.of(card(DeploySamples.GPU_0, 23, "8.6")),
                List.of(),
                Map.of(),
                400_000L,
                true,
                Map.of(),
                SERVE,
                List.of());

        assertThat(blocked(DeployAssessment.of(wish(coder()), one), "gpus")).contains("does not see " + GPU_1);
    }

    @Test
    void theRegistrysOwnRulesHoldToo() {
        Deployment seed = coder();
        Deployment sharesPort = new Deployment(
                seed.id(),
                seed.model(),
                seed.files(),
                seed.engine(),
                seed.place(),
                seed.gpus(),
                seed.image(),
                8001,
                seed.servedName(),
                seed.modelDirectory(),
                seed.profile(),
                false);

        assertThat(blocked(DeployAssessment.of(wish(sharesPort), idle()), "port"))
                .isEqualTo("vllm-14b has the port 8001 there.");
    }
}
