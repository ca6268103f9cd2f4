package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.DeploymentRevision.Difference;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** That an engine may sleep is kept with its deployment, and its own word about it is understood. */
class MaySleepTest {

    private static final EngineSteps STEPS = EngineSteps.of(
            new Host.Node(new NodeRef(Serving.THOR, "thor")),
            ServingSamples.deployment("vllm-14b"),
            Model.Purpose.CHAT,
            "",
            Duration.ofMinutes(8));

    private static Judgement judged(Check check, Answer answer) {
        return new EngineConditions()
                .engineSleeps()
                .judge(check.all().getFirst().arguments(), answer);
    }

    private static Deployment sleepy(Deployment d) {
        return new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                d.servedName(),
                d.modelDirectory(),
                d.profile().withSleep(true),
                d.declared());
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(MaySleepTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void standsInTheInferenceFile() throws IOException {
        String file = text("/labs/inference.yaml")
                .replace("profile: { utilization: 0.90,", "profile: { sleep: true, utilization: 0.90,");

        assertThat(InferenceFile.read(file, Serving::lab).deployments())
                .filteredOn(d -> d.profile().sleep())
                .extracting(d -> d.id().value())
                .containsExactly("vllm-14b", "vllm-32b");
    }

    @Test
    void whatWasStoredBeforeThereWasSleepMayNot() {
        String now = JsonMapper.shared()
                .writeValueAsString(ServingProfile.seeds(8192).withSleep(true));
        String before = now.replace(",\"sleep\":true", "");

        assertThat(before).doesNotContain("sleep");
        assertThat(StoredProfile.read(before)).isEqualTo(ServingProfile.seeds(8192));
        assertThat(StoredProfile.read(now).sleep()).isTrue();
    }

    @Test
    void aChangeOfItIsShownInTheHistory() {
        Deployment before = ServingSamples.deployment("vllm-14b");

        assertThat(DeploymentRevision.between(before, sleepy(before)))
                .containsExactly(new Difference("sleep", "false", "true"));
    }

    @Test
    void everyOtherChangeOfTheProfileKeepsIt() {
        ServingProfile sleepy = ServingProfile.seeds(8192).withSleep(true);

        assertThat(sleepy.withContext(4096)
                        .withUtilization(0.8)
                        .withSequences(4)
                        .withBatch(1024)
                        .sleep())
                .isTrue();
    }

    @Test
    void itsOwnWordIsUnderstood() throws IOException {
        String recorded = text("/inference/samples/vllm/is_sleeping.json");

        assertThat(judged(STEPS.isAwake(), Answer.service(200, recorded)).holds())
                .isTrue();
        assertThat(judged(STEPS.sleeps(), Answer.service(200, recorded)).because())
                .isEqualTo("it says that it is awake");
        assertThat(judged(STEPS.sleeps(), Answer.service(200, "{\"is_sleeping\":true}"))
                        .holds())
                .isTrue();
        assertThat(judged(STEPS.sleeps(), Answer.service(404, "{}")).because())
                .isEqualTo("it was started without sleep mode");
        assertThat(judged(STEPS.isAwake(), Answer.service(500, "")).standing()).isEqualTo(Judgement.Standing.UNKNOWN);
    }

    @Test
    void theLevelStandsInTheQuery() {
        assertThat(CommandText.literal(new EngineCall(STEPS.host()).sleep(8001, "")))
                .contains("/sleep?level=1");
    }
}
