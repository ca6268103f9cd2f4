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
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Answer;
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
    private static DeployFacts running(double freeOnTheFirst, SeenContainer old, RouterSeen... routers) {
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
                List.of(routers));
    }

    private static UpdatePlan ready(UpdateReadiness readiness) {
        assertThat(readiness).as(readiness.findings().toString()).isInstanceOf(UpdateReadiness.Ready.class);
        return ((UpdateReadiness.Ready) readiness).plan();
    }

    private static List<String> titles(UpdatePlan plan) {
        return new UpdateModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(plan).steps().stream().map(Step::title).toList();
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

    private static final RouterSeen ROUTER = RouteAssessmentTest.router(
            RouterKind.RACKHOUSE,
            DeploySamples.HOST,
            RouteAssessmentTest.route("coder", "http://127.0.0.1:8005", State.ACTIVE),
            RouteAssessmentTest.route("qwen2.5-14b", "http://127.0.0.1:8001", State.ACTIVE));

    private static UpdateReadiness routed(double freeOnTheFirst) {
        return UpdateAssessment.of(
                wish(newer()), running(freeOnTheFirst, asLaunched(coder(), "running"), ROUTER), coder());
    }

    @Test
    void withoutRoomTheRouterHoldsClientsUntilTheNewOneIsCompared() {
        UpdateReadiness readiness = routed(3);

        assertThat(titles(ready(readiness)))
                .containsSubsequence(
                        "Let coder drain at thor-router",
                        "thor-router carries no request of these names any more",
                        "vllm-coder computes and queues nothing",
                        "vllm-coder still computes and queues nothing",
                        "Stop vllm-coder",
                        "Create the container vllm-coder",
                        "It is as fast as the old engine",
                        "Route coder to http://127.0.0.1:8005 at thor-router",
                        "coder answers through thor-router, by vllm-coder")
                .noneMatch(title -> title.contains("qwen2.5-14b"));
        assertThat(readiness.findings())
                .extracting(Finding::sentence)
                .contains(
                        "Clients of coder at thor-router are told to come again (503 with Retry-After) while the new engine starts: given up after 600 s.");
        assertThat(new UpdateModel(RouterControllers.all(), RouterControllers.keyless())
                        .outline(ready(readiness))
                        .notes())
                .contains(
                        "Requests under way have 2 min to end before the old container is stopped; what is then still under way is cut off.");
    }

    @Test
    void withRoomClientsAreLedToTheCanaryMeanwhileAndNobodyIsRefused() {
        UpdateReadiness readiness = routed(23.4);

        assertThat(titles(ready(readiness)))
                .containsSubsequence(
                        "It is as fast as the old engine",
                        "Route coder to http://127.0.0.1:18000 at thor-router",
                        "coder answers through thor-router, by vllm-coder-canary",
                        "vllm-coder still computes and queues nothing",
                        "Stop vllm-coder",
                        "vllm-coder answers with tokens, and again",
                        "Route coder to http://127.0.0.1:8005 at thor-router",
                        "coder answers through thor-router, by vllm-coder",
                        "vllm-coder-canary still computes and queues nothing",
                        "Remove the canary")
                .noneMatch(title -> title.contains("drain"));
        assertThat(readiness.findings())
                .anyMatch(f -> f.sentence().endsWith("are led to it meanwhile; none is refused."));
    }

    @Test
    void theWayBackLeadsToTheCanaryOnlyWhileItRuns() {
        Step home = new UpdateModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(ready(routed(23.4))).steps().stream()
                        .filter(s -> s.key().equals("route-coder-2"))
                        .findFirst()
                        .orElseThrow();

        assertThat(home.undo().stream().map(u -> u.title()))
                .containsExactly(
                        "Put the route coder back to active",
                        "Let coder drain at thor-router",
                        "Let the requests of vllm-coder end");
        assertThat(home.undo().getFirst().onlyIf()).isNotNull();
    }

    private static RoutesNow traefikReads(String file) {
        return RouterControllers.all().stream()
                .filter(c -> c.kind() == RouterKind.TRAEFIK_FILE)
                .findFirst()
                .flatMap(c -> c.read(Answer.shell(0, file, "")))
                .orElseThrow();
    }

    @Test
    void aRouterThatIsToldByAFileHoldsClientsAlsoWithRoom() {
        RouterSeen traefik = new RouterSeen(
                new RouterAt(
                        "edge", RouterKind.TRAEFIK_FILE, DeploySamples.HOST, 8080, 80, "/etc/traefik/llm.yaml", null),
                "guest:thor/110",
                true,
                traefikReads("""
                        http:
                          services:
                            coder: { loadBalancer: { servers: [ { url: "http://127.0.0.1:8005" } ] } }
                        """));

        UpdatePlan plan = ready(
                UpdateAssessment.of(wish(newer()), running(23.4, asLaunched(coder(), "running"), traefik), coder()));

        assertThat(plan.canary()).isNotNull();
        assertThat(plan.carried()).isFalse();
        assertThat(titles(plan)).containsSubsequence("Remove the canary", "Let coder drain at edge", "Stop vllm-coder");
    }

    @Test
    void withoutARouterItSaysForHowLongThePortIsClosed() {
        assertThat(UpdateAssessment.of(wish(newer()), running(3, asLaunched(coder(), "running")), coder())
                        .findings())
                .contains(
                        Finding.informs(
                                "route",
                                "No router leads to it: clients see port 8005 closed while the new engine starts: given up after 600 s."));
    }

    @Test
    void whatWasTakenOverGetsItsLabelAlsoWithoutAnotherChange() {
        SeenContainer launched = asLaunched(coder(), "running");
        SeenContainer byHand = new SeenContainer(
                launched.name(),
                launched.image(),
                "running",
                Map.of(),
                launched.gpus(),
                launched.hostPorts(),
                launched.entrypoint(),
                launched.command(),
                launched.mounts(),
                launched.variables());

        UpdatePlan plan = ready(UpdateAssessment.of(wish(coder()), running(3, byHand), coder()));

        assertThat(plan.changes())
                .containsExactly(
                        "Somebody else made the container; its successor bears the label rackhouse=vllm-coder.");
        assertThat(plan.next().body()).contains("\"rackhouse\" : \"vllm-coder\"");
    }

    @Test
    void theOldOneComesBackByNameByStartAndByAnswer() {
        Outline outline = new UpdateModel(RouterControllers.all(), RouterControllers.keyless())
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
        Outline outline = new UpdateModel(RouterControllers.all(), RouterControllers.keyless()).outline(plan);
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
