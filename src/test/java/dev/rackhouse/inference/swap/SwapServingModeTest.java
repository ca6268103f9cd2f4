package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.inference.swap.SwapDraft.AtDeadline;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a swap does, in which order, and how it comes back. */
class SwapServingModeTest {

    private static final String DEEP = "tensor-parallel-32b";

    private final ThorSwaps thor = new ThorSwaps();
    private final SwapServingMode runbook = new SwapServingMode(RouterControllers.all(), RouterControllers.keyless());

    private static List<String> titles(Outline outline) {
        return outline.steps().stream().map(Step::title).toList();
    }

    private static List<String> undo(Outline outline, String key) {
        return outline.steps().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " is none of "
                        + outline.steps().stream().map(Step::key).toList()))
                .undo()
                .stream()
                .map(Undo::title)
                .toList();
    }

    @Test
    void readsAloudAsAPlan() {
        assertThat(titles(runbook.outline(thor.plan(DEEP))))
                .containsExactly(
                        "vllm-7b runs as planned",
                        "vllm-14b runs as planned",
                        "vllm-32b is stopped",
                        "The image vllm/vllm-openai:v0.29.0 is there",
                        "The GPUs answer, and nobody else holds them",
                        "Let qwen2.5-14b drain at thor-router",
                        "Let qwen2.5-7b drain at thor-router",
                        "The router carries no request of the old set any more",
                        "vllm-7b computes and queues nothing",
                        "vllm-14b computes and queues nothing",
                        "Look once more after a moment",
                        "vllm-7b still computes and queues nothing",
                        "vllm-14b still computes and queues nothing",
                        "Stop vllm-7b",
                        "Stop vllm-14b",
                        "The memory of the GPUs is really free",
                        "Start vllm-32b",
                        "vllm-32b gets ready",
                        "vllm-32b says that it is healthy",
                        "vllm-32b serves qwen2.5-32b",
                        "vllm-32b has room for 78912 tokens",
                        "vllm-32b answers with tokens",
                        "vllm-32b answers with tokens, and again",
                        "Route qwen2.5-32b to http://127.0.0.1:8002 at thor-router",
                        "Say at thor-router that qwen2.5-14b is offline",
                        "Say at thor-router that qwen2.5-7b is offline",
                        "qwen2.5-32b answers through the router, by vllm-32b");
    }

    @Test
    void comesBackByItselfAndNeverWithBothSets() {
        Outline outline = runbook.outline(thor.plan(DEEP));

        assertThat(outline.undoOnFailure()).isTrue();
        assertThat(undo(outline, "route-qwen2.5-32b"))
                .containsExactly(
                        "Put the route qwen2.5-32b back to off",
                        "Let the requests at the router end",
                        "Let the requests of vllm-32b end");
        assertThat(undo(outline, "start-vllm-32b")).containsExactly("Stop vllm-32b", "Wait until its memory is free");
        assertThat(undo(outline, "stop-vllm-14b")).containsExactly("Start vllm-14b again");
        assertThat(undo(outline, "stop-vllm-7b"))
                .containsExactly(
                        "Start vllm-7b again",
                        "Wait until vllm-7b is ready again",
                        "Prove vllm-7b by tokens",
                        "Wait until vllm-14b is ready again",
                        "Prove vllm-14b by tokens");
        assertThat(undo(outline, "drain-qwen2.5-7b")).containsExactly("Put the route qwen2.5-7b back to active");
    }

    @Test
    void whatIsStoppedIsStartedOnlyAfterTheOtherSetIsGone() {
        List<String> changes = runbook.outline(thor.plan(DEEP)).steps().stream()
                .filter(s -> s.command().changes())
                .map(s -> CommandText.summary(s.command()).replaceAll(" on .*", ""))
                .toList();

        assertThat(changes)
                .containsExactly(
                        "PUT :4001/routes/qwen2.5-14b",
                        "PUT :4001/routes/qwen2.5-7b",
                        "POST docker/v1.44/containers/vllm-7b/stop?t=30",
                        "POST docker/v1.44/containers/vllm-14b/stop?t=30",
                        "POST docker/v1.44/containers/vllm-32b/start",
                        "PUT :4001/routes/qwen2.5-32b",
                        "PUT :4001/routes/qwen2.5-14b",
                        "PUT :4001/routes/qwen2.5-7b");
    }

    @Test
    void waitsForAsLongAsTheOperatorSaidAndThenDoesWhatHeSaid() {
        SwapPlan plan = switch (Swap.assess(
                SwapDraft.to(ThorSwaps.GUEST, DEEP)
                        .draining(java.time.Duration.ofSeconds(30))
                        .then(AtDeadline.GO_ON),
                thor.site())) {
            case SwapReadiness.Ready ready -> ready.plan();
            case SwapReadiness.Blocked blocked -> throw new AssertionError(blocked);
        };

        assertThat(runbook.outline(plan).steps().stream()
                        .map(Step::command)
                        .filter(c ->
                                c instanceof Command.Wait wait && wait.until().otherwise() != null))
                .hasSize(5)
                .allSatisfy(c -> assertThat(CommandText.literal(c)).contains("30 s", "the run goes on"));
        assertThat(runbook.outline(thor.plan(DEEP)).steps().stream()
                        .map(Step::command)
                        .filter(c ->
                                c instanceof Command.Wait wait && wait.until().otherwise() != null))
                .isEmpty();
    }

    @Test
    void enginesOnDifferentCardsLoadTogether() {
        List<String> titles = titles(runbook.outline(thor.swapped().plan("fast-pair")));

        assertThat(titles)
                .containsSubsequence("Start vllm-7b", "Start vllm-14b", "vllm-7b gets ready", "vllm-14b gets ready");
    }

    private void sleepyPair() {
        thor.maySleep(14, "vllm-7b").maySleep(9, "vllm-14b");
        thor.stopped("embed-thor", List.of(ThorSwaps.GPU0));
        thor.cards.set(0, ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 20000, 4251");
        thor.cards.set(1, ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 12300, 11951");
    }

    @Test
    void whoMaySleepSleepsAndIsWokenOnTheWayBack() {
        sleepyPair();

        Outline outline = runbook.outline(thor.plan(DEEP));

        assertThat(titles(outline))
                .containsSubsequence(
                        "Put vllm-7b to sleep",
                        "Put vllm-14b to sleep",
                        "The memory of the GPUs is really free, but for the little that sleepers keep",
                        "Start vllm-32b");
        assertThat(outline.notes())
                .contains(
                        "vllm-7b and vllm-14b are put to sleep (about 4 s each); vllm-32b is started (about 90 s each).");
        assertThat(undo(outline, "sleep-vllm-14b"))
                .containsExactly(
                        "Wait until vllm-14b has fallen asleep",
                        "Wake vllm-14b again",
                        "Stop vllm-14b, which does not wake",
                        "Start vllm-14b again");
        assertThat(undo(outline, "sleep-vllm-7b"))
                .containsExactly(
                        "Wait until vllm-7b has fallen asleep",
                        "Wake vllm-7b again",
                        "Stop vllm-7b, which does not wake",
                        "Start vllm-7b again",
                        "Wait until vllm-7b is ready again",
                        "Prove vllm-7b by tokens",
                        "Wait until vllm-14b is ready again",
                        "Prove vllm-14b by tokens");
    }

    @Test
    void aWokenEngineIsProvedByTokensAndItsLogIsNotAsked() {
        thor.swapped();
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 690).asleep("vllm-14b", List.of(ThorSwaps.GPU1), 690);

        Outline outline = runbook.outline(thor.plan("fast-pair"));

        assertThat(titles(outline))
                .containsSubsequence(
                        "vllm-7b sleeps",
                        "Stop vllm-32b",
                        "Wake vllm-7b",
                        "Wake vllm-14b",
                        "vllm-7b says that it is healthy",
                        "vllm-7b serves qwen2.5-7b",
                        "vllm-7b answers with tokens",
                        "vllm-7b answers with tokens, and again")
                .doesNotContain("vllm-7b gets ready");
        assertThat(undo(outline, "wake-vllm-7b"))
                .containsExactly(
                        "Wait until vllm-7b has woken",
                        "Put vllm-7b to sleep again",
                        "Stop vllm-7b, which does not give its cards back",
                        "Wait until its memory is free");
    }

    @Test
    void holdsTheGuestAndItsCards() {
        assertThat(runbook.outline(thor.plan(DEEP)).locks())
                .containsExactly(
                        "guest:" + ThorSwaps.THOR.lab() + "/110", "gpu:" + ThorSwaps.GPU0, "gpu:" + ThorSwaps.GPU1);
    }

    @Test
    void withoutARouterTheWayBackLetsRequestsEndAtTheEngine() {
        thor.router = null;

        Outline outline = runbook.outline(thor.plan(DEEP));

        assertThat(undo(outline, "start-vllm-32b"))
                .containsExactly("Let the requests of vllm-32b end", "Stop vllm-32b", "Wait until its memory is free");
    }

    @Test
    void theKeyOfTheRouterIsGivenToTheRunAndStandsInNoPreview() {
        RoutesNow pair = thor.routes;
        thor.router = new RouterAt("edge", RouterKind.LITELLM, ThorSwaps.HOST, 4000, 4000, null, "router.edge");
        thor.routes = new RoutesNow(
                pair.routes(),
                pair.routes().stream()
                        .map(r -> r.id() + " " + r.backend() + "/v1")
                        .collect(Collectors.joining("\n")));
        SwapServingMode keyed = new SwapServingMode(
                RouterControllers.all(),
                new KeyedRouters(router ->
                        router.equals("edge") ? Optional.of(new Secret("sk-the-real-key")) : Optional.empty()));

        SwapPlan plan = thor.plan(DEEP);

        assertThat(keyed.secrets(plan)).isEqualTo(Map.of("router.edge", new Secret("sk-the-real-key")));
        JsonMapper json = JsonMapper.shared();
        String stored = json.writeValueAsString(keyed.outline(plan)) + json.writeValueAsString(plan);
        assertThat(stored).contains("{secret.router.edge}").doesNotContain("sk-the-real-key");
        assertThat(keyed.outline(plan).steps().stream().map(s -> CommandText.literal(s.command())))
                .noneMatch(text -> text.contains("sk-the-real-key"));
        assertThat(keyed.secrets(new ThorSwaps().plan(DEEP))).isEmpty();
    }

    @Test
    void thePlanSurvivesBeingStored() {
        JsonMapper json = JsonMapper.builder().build();
        SwapPlan plan = thor.plan(DEEP);

        SwapPlan read = json.readValue(json.writeValueAsString(plan), SwapPlan.class);

        assertThat(read).isEqualTo(plan);
        assertThat(runbook.outline(read)).isEqualTo(runbook.outline(plan));
        assertThat(json.readValue(json.writeValueAsString(runbook.outline(plan)), Outline.class))
                .isEqualTo(runbook.outline(plan));
    }
}
