package dev.rackhouse.inference.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.inference.live.PlaceCollector.Duty;
import dev.rackhouse.inference.live.PlaceCollector.Looked;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.MetGuests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One place is looked at again and again, and what it shows is told as it is. */
class PlaceCollectorTest {

    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

    private final PretendPlace place = new PretendPlace();
    private final Map<DeploymentId, StartTimes> taught = new HashMap<>();
    private final StartMemory memory = new StartMemory() {
        @Override
        public StartTimes of(DeploymentId deployment) {
            return taught.getOrDefault(deployment, StartTimes.NONE);
        }

        @Override
        public StartTimes learn(DeploymentId deployment, StartTimes.Start start) {
            List<StartTimes.Start> all = new ArrayList<>(of(deployment).starts());
            all.addFirst(start);
            taught.put(deployment, new StartTimes(all));
            return of(deployment);
        }
    };
    private final PlaceCollector collector = new PlaceCollector(Samples.GUEST, memory, Runnable::run);
    private final Deployment pair = Samples.vllm("vllm-14b", 8001, Samples.GPU_1);
    private final Deployment big = Samples.vllm("vllm-32b", 8002, Samples.GPU_0, Samples.GPU_1);

    private Looked look(Instant at, Deployment... wanted) {
        return collector.look(duty(false, wanted), door(), at);
    }

    private PlaceDoor door() {
        return new PlaceDoor(
                place,
                new Host.GuestVia(new NodeRef(Samples.LAB, "thor"), "ubuntu", "10.0.10.110", 22),
                new MetGuests());
    }

    private Duty duty(boolean unified, Deployment... wanted) {
        Map<EngineKind, ServingEngine> engines = new HashMap<>();
        for (EngineKind kind : EngineKind.values()) {
            engines.put(kind, new Samples.Looked(kind));
        }
        return new Duty(
                Samples.GUEST,
                unified,
                List.of(pair, big),
                List.of(wanted).stream().map(Deployment::id).toList(),
                engines,
                Map.of());
    }

    private static DeploymentNow of(Looked looked, Deployment deployment) {
        return looked.deployments().stream()
                .filter(d -> d.id().equals(deployment.id()))
                .findFirst()
                .orElseThrow();
    }

    private void serves(Instant startedAt) {
        PretendPlace.Box box = place.box("ab", "vllm-14b");
        box.startedAt = startedAt.toString();
        box.log.add(startedAt.plusSeconds(5) + " non-default args: {'model_tag': 'x'}");
        box.log.add(startedAt.plusSeconds(12) + " Resolved architecture: Qwen2ForCausalLM");
        box.log.add(startedAt.plusSeconds(20) + " Starting to load model x");
        box.log.add(startedAt.plusSeconds(50) + " Dynamo bytecode transform time: 8.31 s");
        box.log.add(startedAt.plusSeconds(70) + " Available KV cache memory: 10.66 GiB");
        box.log.add(startedAt.plusSeconds(80) + " Application startup complete.");
        place.answers(8001, "/health", "");
        counts(4, 1000);
    }

    private void counts(int running, long tokens) {
        place.answers(
                8001,
                "/metrics",
                "vllm:num_requests_running 0\n".replace("0", "" + running) + "vllm:num_requests_waiting 0\n"
                        + "vllm:kv_cache_usage_perc 0.25\nvllm:generation_tokens_total " + tokens + "\n");
    }

    @Test
    void anEngineThatMakesTokensIsBusyAndTellsHowFast() {
        serves(START);
        look(START.plusSeconds(100), pair);
        counts(4, 1840);

        DeploymentNow now = of(look(START.plusSeconds(110), pair), pair);

        assertThat(now.word(START.plusSeconds(110))).isEqualTo("busy");
        assertThat(now.figures()).satisfies(f -> {
            assertThat(f.tokensPerSecond()).isEqualTo(84.0);
            assertThat(f.running()).isEqualTo(4);
            assertThat(f.kvUse()).isEqualTo(0.25);
        });
        assertThat(place.count("POST")).as("nothing computes because of us").isZero();
    }

    @Test
    void aStartIsFollowedPhaseByPhaseAndItsDurationsAreLearned() {
        serves(START);
        PretendPlace.Box box = place.boxes.get("vllm-14b");
        List<String> rest = new ArrayList<>(box.log.subList(3, box.log.size()));
        box.log.removeAll(rest);
        place.ports.clear();

        DeploymentNow loading = of(look(START.plusSeconds(30), pair), pair);
        box.log.addAll(rest);
        box.status = "Up About a minute";
        place.answers(8001, "/health", "");
        DeploymentNow done = of(look(START.plusSeconds(81), pair), pair);

        assertThat(loading.judged()).isInstanceOf(EngineStanding.Loading.class);
        assertThat(loading.start().steps())
                .filteredOn(s -> s.progress() == StartTimeline.Progress.NOW)
                .singleElement()
                .satisfies(s -> {
                    assertThat(s.phase()).isEqualTo(LoadPhase.WEIGHTS);
                    assertThat(s.took(START.plusSeconds(30))).isEqualTo(Duration.ofSeconds(10));
                });
        assertThat(done.start().readyAt()).isEqualTo(START.plusSeconds(80));
        StartTimes times = taught.get(pair.id());
        assertThat(times.total(0.95)).contains(Duration.ofSeconds(80));
        assertThat(times.phase(LoadPhase.WEIGHTS, 0.5)).contains(Duration.ofSeconds(30));
        assertThat(times.starts()).hasSize(1);
    }

    @Test
    void aStoppedEngineOfAnotherModeIsOffAndNotDead() {
        PretendPlace.Box box = place.box("cd", "vllm-32b");
        box.state = "exited";
        box.startedAt = START.minusSeconds(1000).toString();

        Looked looked = look(START, pair);

        assertThat(of(looked, big).verdict(START).level()).isEqualTo(Level.OFF);
        assertThat(of(looked, pair).verdict(START).level())
                .as("the one that shall run has no container")
                .isEqualTo(Level.CRITICAL);
    }

    @Test
    void anIdleEngineGetsOneTinyPromptAndItsAnswerProvesIt() {
        serves(START);
        counts(0, 1000);
        place.answers(8001, "/v1/chat/completions", Samples.text("vllm/smoke-response.json"));

        DeploymentNow before = of(look(START.plusSeconds(100), pair), pair);
        DeploymentNow after = of(look(START.plusSeconds(105), pair), pair);

        assertThat(before.judged()).isInstanceOf(EngineStanding.Unknown.class);
        assertThat(after.judged()).isInstanceOf(EngineStanding.Ready.class);
        assertThat(place.count("POST /v1/chat/completions")).isEqualTo(1);
    }

    @Test
    void aContainerIsInspectedAgainOnlyWhenTheListShowsItDifferently() {
        serves(START);
        look(START.plusSeconds(100), pair);
        look(START.plusSeconds(105), pair);
        place.boxes.get("vllm-14b").status = "Up 2 seconds";
        look(START.plusSeconds(110), pair);

        assertThat(place.asked.stream().filter(a -> a.endsWith("/json"))).hasSize(2);
    }

    @Test
    void whatWasSeenStaysWithItsAgeWhenThePlaceIsLost() {
        serves(START);
        look(START.plusSeconds(100), pair);
        place.reachable = false;
        assertThatThrownBy(() -> look(START.plusSeconds(130), pair)).isInstanceOf(RemoteFailure.Unreachable.class);

        DeploymentNow lost = of(collector.lost(duty(false, pair), "No route to host.", START.plusSeconds(130)), pair);

        assertThat(lost.figures()).isNotNull();
        assertThat(lost.verdict(START.plusSeconds(400)).level()).isEqualTo(Level.STALE);
        assertThat(lost.sentence(START.plusSeconds(400))).isEqualTo("Last seen 5 min ago, busy. No route to host.");
        assertThat(lost.standing(START.plusSeconds(400))).isInstanceOf(EngineStanding.Unknown.class);
    }

    @Test
    void memoryOnCardsBelongsToDeploymentsContainersAndProcesses() {
        serves(START);
        place.box("ef", "comfyui");
        place.gpus = "== rackhouse cards\n" + Samples.text("nvidia/query-gpu-2x3090.csv")
                + "== rackhouse code 0\n== rackhouse apps\n"
                + "gpu_uuid, pid, process_name, used_gpu_memory [MiB]\n"
                + Samples.GPU_0.uuid() + ", 11, python3, 4000 MiB\n"
                + Samples.GPU_1.uuid() + ", 12, VLLM::EngineCore, 9000 MiB\n"
                + Samples.GPU_1.uuid() + ", 13, VLLM::Worker, 1000 MiB\n"
                + Samples.GPU_1.uuid() + ", 14, Xorg, 20 MiB\n"
                + "== rackhouse groups\npid 11\n0::/system.slice/docker-" + "ef".repeat(32) + ".scope\n"
                + "pid 12\n0::/docker/" + "ab".repeat(32) + "\npid 13\n0::/docker/" + "ab".repeat(32)
                + "\npid 14\n0::/user.slice\n== rackhouse end\n";

        PlaceNow now = look(START.plusSeconds(100), pair).place();

        assertThat(now.card(Samples.GPU_0.uuid()).orElseThrow().holders())
                .extracting(GpuNow.Holder::who)
                .containsExactly("container comfyui");
        assertThat(now.card(Samples.GPU_1.uuid()).orElseThrow().holders())
                .extracting(
                        GpuNow.Holder::who, GpuNow.Holder::ours, h -> h.memory().inMiB())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("vllm-14b", true, 10000.0),
                        org.assertj.core.groups.Tuple.tuple("Xorg (pid 14)", false, 20.0));
    }

    @Test
    void cardsThatCannotBeReadSayWhyInTheToolsWords() {
        place.gpus = "== rackhouse cards\nFailed to initialize NVML: Driver/library version mismatch\n"
                + "== rackhouse code 18\n== rackhouse apps\n== rackhouse end\n";

        assertThat(look(START, pair).place().cardTrouble())
                .isEqualTo("nvidia-smi says: Failed to initialize NVML: Driver/library version mismatch");
    }

    @Test
    void aFailedStartTellsItsCause() {
        PretendPlace.Box box = place.box("ab", "vllm-14b");
        box.startedAt = START.toString();
        box.state = "exited";
        box.exitCode = 1;
        Samples.text("vllm/startup-fail-freemem.log").lines().forEach(l -> box.log.add(START.plusSeconds(9) + " " + l));

        DeploymentNow now = of(look(START.plusSeconds(20), pair), pair);

        assertThat(now.sentence(START.plusSeconds(20)))
                .isEqualTo(
                        "It has ended (exit code 1). Only 6.12 of 23.68 GiB were free, and the profile wants 21.31 GiB.");
        assertThat(now.lastLines()).isNotEmpty();
    }

    @Test
    void looksOftenWhileSomethingLoadsAndSeldomWhenAllIsCalm() {
        serves(START);
        counts(0, 1000);
        place.answers(8001, "/v1/chat/completions", Samples.text("vllm/smoke-response.json"));
        look(START.plusSeconds(100), pair);
        assertThat(collector.pause(false)).isEqualTo(PlaceCollector.OFTEN);
        look(START.plusSeconds(105), pair);

        assertThat(collector.pause(false)).isEqualTo(PlaceCollector.SELDOM);
        assertThat(collector.pause(true)).isEqualTo(PlaceCollector.OFTEN);
    }

    @Test
    void anEngineThatSleepsIsCalmAndIsAskedNothing() {
        serves(START);
        counts(0, 1000);
        place.answers(
                8001,
                "/metrics",
                "vllm:num_requests_running 0\nvllm:num_requests_waiting 0\n"
                        + "vllm:engine_sleep_state{sleep_state=\"awake\"} 0\n"
                        + "vllm:engine_sleep_state{sleep_state=\"weights_offloaded\"} 1\n");
        Instant at = START.plusSeconds(400);

        DeploymentNow now = of(look(at), pair);

        assertThat(now.word(at)).isEqualTo("asleep");
        assertThat(now.verdict(at).level()).isEqualTo(Level.OFF);
        assertThat(now.judged().mayRestart()).isFalse();
        assertThat(of(look(at, pair), pair).verdict(at).level()).isEqualTo(Level.ATTENTION);
        assertThat(place.count("POST")).as("nobody wakes it by a prompt").isZero();
        assertThat(collector.pause(false)).isEqualTo(PlaceCollector.SELDOM);
    }

    @Test
    void aProgramOfAMacIsFoundByItsPort() {
        Deployment mac = Samples.deployment("llama-mac", EngineKind.LLAMA_CPP, "/opt/homebrew/bin/llama-server", 8080);
        place.programs = Answer.shell(
                0, "  501 01-02:03:04 /opt/homebrew/bin/llama-server --model x --port 8080 --metrics\n", "");
        place.answers(8080, "/health", "{\"status\":\"ok\"}");
        place.answers(8080, "/metrics", Samples.text("llamacpp/metrics.txt"));
        place.answers(8080, "/slots", Samples.text("llamacpp/slots.json"));
        Duty duty = new Duty(
                Samples.GUEST,
                true,
                List.of(mac),
                List.of(mac.id()),
                Map.of(EngineKind.LLAMA_CPP, new Samples.Looked(EngineKind.LLAMA_CPP)),
                Map.of());

        DeploymentNow now = of(collector.look(duty, door(), START), mac);

        assertThat(now.process().startedAt()).isEqualTo(START.minusSeconds(93_784));
        assertThat(now.figures()).isNotNull();
        assertThat(place.count("docker")).isZero();
    }
}
