package dev.rackhouse.inference.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.live.PlaceCollector.Duty;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.MetGuests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ollama is looked at: it counts nothing, so its memory, its log and a tiny prompt tell. */
class OllamaLookTest {

    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");
    private static final int PORT = 11434;

    private final PretendPlace place = new PretendPlace();
    private final StartMemory memory = new StartMemory() {
        @Override
        public StartTimes of(DeploymentId deployment) {
            return StartTimes.NONE;
        }

        @Override
        public StartTimes learn(DeploymentId deployment, StartTimes.Start start) {
            return StartTimes.NONE;
        }
    };
    private final PlaceCollector collector = new PlaceCollector(Samples.GUEST, memory, Runnable::run);
    private final Deployment ollama =
            named(Samples.deployment("ollama", EngineKind.OLLAMA, "ollama/ollama:0.13.5", PORT, Samples.GPU_0));

    private static Deployment named(Deployment d) {
        return new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                "qwen2.5:7b",
                d.modelDirectory(),
                ServingProfile.seeds(8192),
                false);
    }

    @BeforeEach
    void listens() {
        PretendPlace.Box box = place.box("ef", "ollama");
        box.startedAt = START.toString();
        Samples.text("ollama/serve.log")
                .lines()
                .limit(2)
                .forEach(line -> box.log.add(START.plusSeconds(1) + " " + line));
        place.answers(PORT, "/api/version", "{\"version\":\"0.13.5\"}");
        place.answers(PORT, "/v1/chat/completions", Samples.text("vllm/smoke-response.json"));
    }

    private DeploymentNow look(int second) {
        Duty duty = new Duty(
                Samples.GUEST,
                false,
                List.of(ollama),
                List.of(ollama.id()),
                Map.of(EngineKind.OLLAMA, ServingSamples.engine(EngineKind.OLLAMA)),
                Map.of());
        PlaceDoor door = new PlaceDoor(
                place,
                new Host.GuestVia(new NodeRef(Samples.LAB, "thor"), "ubuntu", "10.0.10.110", 22),
                new MetGuests());
        return collector
                .look(duty, door, START.plusSeconds(second))
                .deployments()
                .getFirst();
    }

    @Test
    void isNotAskedWhileItsModelIsNotInMemory() {
        place.answers(PORT, "/api/ps", "{\"models\":[]}");

        look(100);
        DeploymentNow now = look(110);

        assertThat(now.judged().sentence()).contains("its model is not in memory");
        assertThat(place.count("POST")).as("a prompt would load it").isZero();
    }

    @Test
    void oneTinyPromptProvesItWhileItIsIdle() {
        place.answers(PORT, "/api/ps", Samples.text("ollama/ps-gpu-full.json"));

        look(100);
        DeploymentNow now = look(105);

        assertThat(now.word(START.plusSeconds(105))).isEqualTo("ready");
        assertThat(now.figures()).as("it counts nothing").isNull();
        assertThat(place.count("POST /v1/chat/completions")).isEqualTo(1);
    }

    @Test
    void whatItsLogSaysItHasAnsweredProvesItWithoutAPrompt() {
        place.answers(PORT, "/api/ps", Samples.text("ollama/ps-gpu-full.json"));
        place.boxes
                .get("ollama")
                .log
                .add(
                        START.plusSeconds(95)
                                + " [GIN] 2026/11/28 - 10:01:35 | 200 |  214.002119ms |      10.0.110.7 | POST     \"/v1/chat/completions\"");

        DeploymentNow now = look(100);

        assertThat(now.word(START.plusSeconds(100))).isEqualTo("ready");
        assertThat(place.count("POST")).isZero();
    }

    @Test
    void aModelOfAnotherNameInMemoryIsNotTheOneThatIsServed() {
        place.answers(PORT, "/api/ps", Samples.text("ollama/ps-cpu-offload.json"));

        assertThat(look(100).judged().sentence()).contains("its model is not in memory");
    }
}
