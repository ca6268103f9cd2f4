package dev.rackhouse.inference.deploy;

import static dev.rackhouse.inference.deploy.DeploySamples.HOST;
import static dev.rackhouse.inference.deploy.DeploySamples.coder;
import static dev.rackhouse.inference.deploy.DeploySamples.idle;
import static dev.rackhouse.inference.deploy.DeploySamples.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.deploy.Finding.Weight;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which routes a deployment gets, and which are left alone. */
class RouteAssessmentTest {

    static RouterSeen router(RouterKind kind, Host host, ClientRoute... routes) {
        return new RouterSeen(
                new RouterAt("thor-router", kind, host, 4001, 4000, null, null),
                "guest:router",
                host.equals(HOST),
                new RoutesNow(List.of(routes), ""));
    }

    static ClientRoute route(String name, String backend, State state) {
        return new ClientRoute(name, backend, name, state, 0, "", "");
    }

    private static DeployFacts facts(RouterSeen... routers) {
        DeployFacts idle = idle();
        return new DeployFacts(
                idle.os(),
                idle.driver(),
                idle.docker(),
                idle.handsOutGpus(),
                idle.gpus(),
                idle.containers(),
                idle.listeners(),
                idle.freeMiB(),
                idle.weightsThere(),
                idle.heldMiB(),
                idle.entrypoint(),
                List.of(routers));
    }

    private static DeployReadiness.Ready ready(RouterSeen... routers) {
        return (DeployReadiness.Ready) DeployAssessment.of(wish(coder()), facts(routers));
    }

    private static List<String> said(DeployReadiness.Ready ready) {
        return ready.findings().stream()
                .filter(f -> f.field().equals("route"))
                .map(Finding::sentence)
                .toList();
    }

    @Test
    void aNameThatNobodyAnswersIsGivenToTheNewEngineAndAskedAsAClientDoes() {
        Outline outline = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(ready(router(RouterKind.RACKHOUSE, HOST)).plan());

        assertThat(outline.steps().stream().map(Step::title))
                .endsWith(
                        "The container is as planned, and Docker starts it again by itself",
                        "Route coder to http://127.0.0.1:8005 at thor-router",
                        "coder answers through thor-router, by vllm-coder");
        assertThat(outline.notes())
                .anyMatch(note -> note.startsWith("Clients are led to it by the names coder at thor-router"));
        assertThat(outline.locks()).contains("guest:thor/110", "guest:router");
    }

    @Test
    void theRouteIsUndoneBeforeTheEngineIs() {
        Step route = new DeployModel(RouterControllers.all(), RouterControllers.keyless())
                .outline(ready(router(RouterKind.RACKHOUSE, HOST)).plan()).steps().stream()
                        .filter(s -> s.key().equals("route-coder"))
                        .findFirst()
                        .orElseThrow();

        assertThat(route.undo().stream().map(u -> u.title()))
                .containsExactly(
                        "Remove the route coder",
                        "Let the requests at thor-router end",
                        "Let the requests of vllm-coder end");
    }

    @Test
    void aNameThatAnotherDeploymentAnswersIsLeftAlone() {
        DeployReadiness.Ready ready =
                ready(router(RouterKind.RACKHOUSE, HOST, route("coder", "http://127.0.0.1:8001", State.ACTIVE)));

        assertThat(ready.plan().routes()).isEmpty();
        assertThat(said(ready))
                .containsExactly(
                        "vllm-14b answers to coder already at thor-router (http://127.0.0.1:8001); its route is left alone.");
    }

    @Test
    void aNameThatIsOffUntilAnotherDeploymentsModeRunsIsLeftAlone() {
        assertThat(ready(router(RouterKind.RACKHOUSE, HOST, route("coder", "http://127.0.0.1:8002", State.OFF)))
                        .plan()
                        .routes())
                .isEmpty();
    }

    @Test
    void theSamePortOfAnotherMachineIsSomebodyElse() {
        assertThat(said(ready(
                        router(RouterKind.RACKHOUSE, HOST, route("coder", "http://10.0.10.9:8005", State.ACTIVE)))))
                .containsExactly(
                        "Somebody else answers to coder already at thor-router (http://10.0.10.9:8005); its route is left alone.");
    }

    @Test
    void aRouterThatDoesNotTellIsLeftAloneAndSaidSo() {
        DeployReadiness.Ready ready = ready(new RouterSeen(
                new RouterAt("thor-router", RouterKind.RACKHOUSE, HOST, 4001, 4000, null, null), "x", true, null));

        assertThat(ready.plan().routes()).isEmpty();
        assertThat(said(ready)).containsExactly("The router thor-router does not tell its routes; it is left alone.");
    }

    @Test
    void aRouterElsewhereIsToldOnlyWhatLeadsHereAlready() {
        Host edge = new Host.Node(new NodeRef(ServingSamples.THOR, "edge"));

        assertThat(ready(router(RouterKind.RACKHOUSE, edge)).plan().routes()).isEmpty();
        assertThat(ready(router(RouterKind.RACKHOUSE, edge, route("coder", "http://10.0.10.110:8005", State.OFF)))
                        .plan()
                        .routes())
                .singleElement()
                .satisfies(r -> assertThat(r.active())
                        .containsExactly(route("coder", "http://10.0.10.110:8005", State.ACTIVE)));
    }

    @Test
    void kindsThatTakeNoNewNamesSaySo() {
        assertThat(said(ready(router(RouterKind.LITELLM, HOST))))
                .containsExactly(
                        "LiteLLM proxy takes no new names from the console: add coder to thor-router to let it lead here.");
        assertThat(said(ready(router(RouterKind.LLAMA_SWAP, HOST))))
                .singleElement()
                .asString()
                .contains("changes all names at once");
        assertThat(ready(router(RouterKind.LLAMA_SWAP, HOST)).findings()).noneMatch(f -> f.weight() == Weight.BLOCKS);
    }
}
