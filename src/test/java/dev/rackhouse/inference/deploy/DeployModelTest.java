package dev.rackhouse.inference.deploy;

import static dev.rackhouse.inference.deploy.DeploySamples.SERVE;
import static dev.rackhouse.inference.deploy.DeploySamples.coder;
import static dev.rackhouse.inference.deploy.DeploySamples.facts;
import static dev.rackhouse.inference.deploy.DeploySamples.idle;
import static dev.rackhouse.inference.deploy.DeploySamples.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The plan of a deployment as a person reads it, and as it is stored. */
class DeployModelTest {

    private static DeployPlan plan(Deployment deployment, DeployFacts facts) {
        return ((DeployReadiness.Ready) DeployAssessment.of(wish(deployment), facts)).plan();
    }

    private static List<String> titles(Outline outline) {
        return outline.steps().stream().map(Step::title).toList();
    }

    static Set<String> known() {
        List<NamedCondition> all = new ArrayList<>(DeployConditions.all());
        all.addAll(ServingSamples.conditions());
        Set<String> names = all.stream().map(NamedCondition::name).collect(Collectors.toSet());
        names.addAll(Set.of(
                Conditions.statusIs(200).name(),
                Conditions.absent().name(),
                Conditions.jsonPresent("").name(),
                Conditions.jsonEquals("", "").name(),
                Conditions.listLacks("", "", "").name(),
                Conditions.listHas("", "", "").name()));
        return names;
    }

    @Test
    void readsAloudFromTheFirstLookToTheSecondAnswer() {
        assertThat(titles(new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                        .outline(plan(coder(), idle()))))
                .containsExactly(
                        "Docker answers and hands out GPUs",
                        "Name and port of vllm-coder are free",
                        "The GPUs have room for vllm-coder",
                        "Pull vllm/vllm-openai:v0.29.0",
                        "The image takes the model as planned",
                        "Create the container vllm-coder",
                        "Start vllm-coder",
                        "vllm-coder gets ready",
                        "vllm-coder says that it is healthy",
                        "vllm-coder serves coder",
                        "vllm-coder has room for 16384 tokens",
                        "vllm-coder answers with tokens",
                        "vllm-coder answers with tokens, and again",
                        "The container is as planned, and Docker starts it again by itself");
    }

    @Test
    void canBeResumedAtAnyPoint() {
        assertThat(OutlineRules.problems(
                        new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                                .outline(plan(coder(), idle())),
                        known()))
                .isEmpty();
    }

    @Test
    void survivesItsStorage() {
        DeployPlan plan = plan(coder(), idle());
        JsonMapper json = JsonMapper.builder().build();

        assertThat(json.readValue(json.writeValueAsString(plan), DeployPlan.class))
                .isEqualTo(plan);
        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless()).outline(plan);
        assertThat(json.readValue(json.writeValueAsString(outline), Outline.class))
                .isEqualTo(outline);
    }

    @Test
    void saysWhatIsLoadedAndLooksForRoomOnTheDisk() {
        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(plan(coder(), facts(23.4, Map.of(), 400_000L, false, SERVE)));

        assertThat(outline.notes()).anyMatch(note -> note.contains("loads Qwen/Qwen2.5-7B-Instruct-AWQ by itself"));
        assertThat(titles(outline)).contains("The disk has room for the model's files");
    }

    @Test
    void whatWaitsForItsModeIsCreatedAndNotStarted() {
        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(plan(ServingSamples.deployment("vllm-32b"), facts(2, Map.of(), 400_000L, true, SERVE)));

        assertThat(titles(outline)).endsWith("Create the container vllm-32b").doesNotContain("Start vllm-32b");
        assertThat(outline.notes()).anyMatch(note -> note.contains("not started: the mode Fast pair runs there"));
    }

    @Test
    void isUndoneByItsOwnMarkOnly() {
        Step create = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(plan(coder(), idle())).steps().stream()
                        .filter(step -> step.key().equals("create-vllm-coder"))
                        .findFirst()
                        .orElseThrow();

        assertThat(create.undo())
                .singleElement()
                .satisfies(undo -> assertThat(CommandText.literal(java.util.Objects.requireNonNull(undo.onlyIf())))
                        .contains("rackhouse.run value={run.mark}"));
    }

    @Test
    void noSecretStandsInThePreview() {
        Deployment coder = coder();
        Model known = ServingSamples.model(coder);
        Model gated = new Model(
                known.id(),
                known.name(),
                known.family(),
                known.purpose(),
                "own",
                true,
                known.shape(),
                known.files(),
                true);
        DeployReadiness readiness =
                DeployAssessment.of(wish(coder, gated, true), facts(23.4, Map.of(), 400_000L, false, SERVE));

        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(((DeployReadiness.Ready) readiness).plan());

        assertThat(outline.steps().stream().map(s -> CommandText.literal(s.command())))
                .anyMatch(text -> text.contains("HF_TOKEN={secret.HF_TOKEN}"));
    }
}
