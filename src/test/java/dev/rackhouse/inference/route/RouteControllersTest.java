package dev.rackhouse.inference.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouteController.Changed;
import dev.rackhouse.inference.route.RouteController.Holding;
import dev.rackhouse.inference.route.RouteController.RouteMap;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each kind of router is told, and how it is read back. */
class RouteControllersTest {

    private static final Host HOST = new Host.Node(new NodeRef(new LabId(new UUID(0, 1)), "helium"));
    private static final Holding HOLDING = new Holding(150, "32B tensor parallel");
    private static final List<NamedCondition> CONDITIONS =
            List.of(new RouteStands(), new RoutesIdle(), new LiteLlmStands(), new TraefikStands());

    private static RouterAt at(RouterKind kind) {
        return new RouterAt(
                "edge",
                kind,
                HOST,
                4001,
                4000,
                kind == RouterKind.TRAEFIK_FILE ? "/etc/traefik/dynamic/llm.yaml" : null,
                kind.needsKey() ? "router.edge" : null);
    }

    private static RouteMap deep(String backend) {
        return new RouteMap(
                "deep",
                "32B tensor parallel",
                List.of(new ClientRoute("qwen2.5-32b", backend, "qwen2.5-32b", State.ACTIVE, 0, "", "id-32")),
                Set.of("qwen2.5-7b"));
    }

    private static Judgement judged(Check check, String body) {
        Condition condition = check.all().getLast();
        return CONDITIONS.stream()
                .filter(c -> c.name().equals(condition.name()))
                .findFirst()
                .orElseThrow()
                .judge(condition.arguments(), Answer.service(200, body));
    }

    private static String body(Command command) {
        return String.valueOf(((ServiceCall) command).body());
    }

    private static final String ROUTES = """
            {"routes":[
              {"name":"qwen2.5-32b","backend":"http://127.0.0.1:8002","model":"qwen2.5-32b","state":"off","retryAfter":0,"message":"","inFlight":0},
              {"name":"qwen2.5-7b","backend":"http://127.0.0.1:8000","model":"qwen2.5-7b","state":"active","inFlight":3},
              {"name":"<script>","backend":"http://127.0.0.1:8000","model":"x","state":"active"},
              {"name":"odd","backend":"http://127.0.0.1:8000","model":"x","state":"sleeping"}]}
            """;

    @Test
    void rackhouseRoutesAreReadAndOddOnesPassedOver() {
        RoutesNow now = new RackhouseRoutes().read(Answer.service(200, ROUTES)).orElseThrow();

        assertThat(now.routes()).extracting(ClientRoute::name).containsExactly("qwen2.5-32b", "qwen2.5-7b");
        assertThat(new RackhouseRoutes().read(Answer.service(502, "{}"))).isEmpty();
        assertThat(new RackhouseRoutes().read(Answer.service(200, "hello"))).isEmpty();
    }

    @Test
    void rackhouseRoutesDrainAreReadBackAndComeBackExactly() {
        RackhouseRoutes router = new RackhouseRoutes();
        RoutesNow now = router.read(Answer.service(200, ROUTES)).orElseThrow();

        Changed drained =
                router.drain(at(RouterKind.RACKHOUSE), now, Set.of("qwen2.5-7b", "qwen2.5-32b", "unknown"), HOLDING);

        assertThat(drained.changes()).singleElement().satisfies(change -> {
            assertThat(body(change.command()))
                    .isEqualTo(
                            "{\"backend\":\"http://127.0.0.1:8000\",\"model\":\"qwen2.5-7b\",\"state\":\"draining\",\"retryAfter\":150,"
                                    + "\"message\":\"Model qwen2.5-7b is offline: switching to 32B tensor parallel, ready in about 150 s\"}");
            assertThat(body(change.back())).contains("\"state\":\"active\"", "\"retryAfter\":0", "\"message\":\"\"");
            assertThat(judged(change.isSo(), ROUTES).holds()).isFalse();
            assertThat(judged(change.isBack(), ROUTES).holds()).isTrue();
        });
        assertThat(drained.then().find("qwen2.5-7b").orElseThrow().state()).isEqualTo(State.DRAINING);
    }

    @Test
    void rackhouseRoutesAreSwitchedAfterTheyHaveDrained() {
        RackhouseRoutes router = new RackhouseRoutes();
        RouterAt at = at(RouterKind.RACKHOUSE);
        RoutesNow now = router.read(Answer.service(200, ROUTES)).orElseThrow();
        RoutesNow drained = router.drain(at, now, Set.of("qwen2.5-7b"), HOLDING).then();

        Changed switched = router.activate(at, drained, deep("http://127.0.0.1:8002"));

        assertThat(switched.changes())
                .extracting(RouteChange::key)
                .containsExactly("route-qwen2.5-32b", "off-qwen2.5-7b");
        assertThat(body(switched.changes().getLast().command()))
                .as("clients of a model that is off are told when to ask again, too")
                .contains("\"state\":\"off\"", "\"retryAfter\":300");
        assertThat(body(switched.changes().getLast().back())).contains("\"state\":\"draining\"");
        assertThat(router.activate(at, switched.then(), deep("http://127.0.0.1:8002"))
                        .changes())
                .isEmpty();
    }

    @Test
    void aNameThatIsNewAtTheRouterIsRemovedOnTheWayBack() {
        Changed switched =
                new RackhouseRoutes().activate(at(RouterKind.RACKHOUSE), RoutesNow.NONE, deep("http://127.0.0.1:8002"));

        RouteChange change = switched.changes().getFirst();
        assertThat(change.backTitle()).isEqualTo("Remove the route qwen2.5-32b");
        assertThat(judged(change.isBack(), "{\"routes\":[]}").holds()).isTrue();
        assertThat(judged(change.isBack(), ROUTES).holds()).isFalse();
    }

    @Test
    void requestsUnderWayAreCountedWhereTheRouterTells() {
        Check idle = new RackhouseRoutes()
                .idle(at(RouterKind.RACKHOUSE), Set.of("qwen2.5-7b", "qwen2.5-14b"))
                .orElseThrow();

        assertThat(judged(idle, ROUTES).because()).isEqualTo("the router still carries 3 for qwen2.5-7b");
        assertThat(judged(idle, ROUTES.replace("\"inFlight\":3", "\"inFlight\":0"))
                        .holds())
                .isTrue();
        assertThat(judged(idle, "nonsense").standing()).isEqualTo(Judgement.Standing.UNKNOWN);
    }

    private static final String PROFILES = """
            {"profiles":[{"id":"deep","pins":{"chat":"qwen2.5-32b"}},{"id":"split","pins":{"chat":"qwen2.5-14b","fast":"qwen2.5-7b"}}],
             "active":"split"}
            """;

    @Test
    void llamaSwapTakesAProfileOutOfUseAndAnotherIntoUse() {
        LlamaSwapProfiles router = new LlamaSwapProfiles();
        RouterAt at = at(RouterKind.LLAMA_SWAP);
        RoutesNow now = router.read(Answer.service(200, PROFILES)).orElseThrow();

        Changed drained = router.drain(at, now, Set.of(), HOLDING);
        Changed switched = router.activate(at, drained.then(), deep(""));

        assertThat(now.routes()).extracting(ClientRoute::model).containsExactlyInAnyOrder("qwen2.5-14b", "qwen2.5-7b");
        assertThat(body(drained.changes().getFirst().command())).isEqualTo("{\"name\":null}");
        assertThat(body(drained.changes().getFirst().back())).isEqualTo("{\"name\":\"split\"}");
        assertThat(body(switched.changes().getFirst().command())).isEqualTo("{\"name\":\"deep\"}");
        assertThat(body(switched.changes().getFirst().back())).isEqualTo("{\"name\":null}");
        assertThat(router.doubts(at)).isNotEmpty();
    }

    private static final String MODELS = """
            {"data":[
              {"model_name":"qwen2.5-7b","litellm_params":{"model":"openai/qwen2.5-7b","api_base":"http://10.0.0.5:8000/v1"},"model_info":{"id":"id-7","db_model":true}},
              {"model_name":"qwen2.5-32b","litellm_params":{"model":"openai/qwen2.5-32b","api_base":"http://127.0.0.1:9/v1"},"model_info":{"id":"id-32","db_model":true}},
              {"model_name":"from-file","litellm_params":{"model":"openai/x","api_base":"http://10.0.0.5:1/v1"},"model_info":{"id":"id-f","db_model":false}}]}
            """;

    @Test
    void liteLlmMovesAddressesAndNeverAsksHealth() {
        LiteLlmModels router = new LiteLlmModels();
        RouterAt at = at(RouterKind.LITELLM);
        RoutesNow now = router.read(Answer.service(200, MODELS)).orElseThrow();

        Changed drained = router.drain(at, now, Set.of("qwen2.5-7b", "qwen2.5-32b"), HOLDING);
        Changed switched = router.activate(at, drained.then(), deep("http://10.0.0.5:8002"));

        assertThat(now.routes()).extracting(ClientRoute::name).containsExactly("qwen2.5-7b", "qwen2.5-32b");
        assertThat(drained.changes()).singleElement().satisfies(change -> {
            assertThat(body(change.command())).contains("\"api_base\":\"http://127.0.0.1:9/v1\"", "\"id\":\"id-7\"");
            assertThat(body(change.back())).contains("\"api_base\":\"http://10.0.0.5:8000/v1\"");
            assertThat(judged(change.isBack(), MODELS).holds()).isTrue();
            assertThat(judged(change.isSo(), MODELS).holds()).isFalse();
        });
        assertThat(switched.changes())
                .singleElement()
                .satisfies(change -> assertThat(body(change.command()))
                        .contains("\"api_base\":\"http://10.0.0.5:8002/v1\"", "\"model\":\"openai/qwen2.5-32b\""));
        assertThat(((ServiceCall) router.look(at)).path()).isEqualTo("/model/info");
        assertThat(((ServiceCall) router.look(at)).service().toString()).contains("{secret.router.edge}");
    }

    @Test
    void liteLlmHasOneModelForEachNameAndOddIdsArePassedOver() {
        LiteLlmModels router = new LiteLlmModels();
        String twice = MODELS.replace("from-file", "qwen2.5-7b").replace("\"db_model\":false", "\"db_model\":true");

        RoutesNow two = router.read(Answer.service(200, twice)).orElseThrow();
        RoutesNow odd = router.read(Answer.service(200, MODELS.replace("id-7", "id\\n7")))
                .orElseThrow();

        assertThat(router.lacks(at(RouterKind.LITELLM), two, deep("http://10.0.0.5:8002")))
                .containsExactly("LiteLLM has 2 models named qwen2.5-7b, and clients get any of them."
                        + " Keep one of them in its database.");
        assertThat(odd.routes()).extracting(ClientRoute::name).containsExactly("qwen2.5-32b");
    }

    private static final String FILE = """
            http:
              routers:
                small:
                  rule: PathPrefix(`/small`)
                  service: qwen2.5-7b
                large:
                  rule: PathPrefix(`/large`)
                  service: qwen2.5-32b
              services:
                qwen2.5-7b:
                  loadBalancer:
                    healthCheck:
                      path: /health
                    servers:
                    - url: http://10.0.0.5:8000
                qwen2.5-32b:
                  loadBalancer:
                    servers: []
            """;

    @Test
    void traefikIsToldByOneFileAndItsApiProvesIt() {
        TraefikFile router = new TraefikFile();
        RouterAt at = at(RouterKind.TRAEFIK_FILE);
        RoutesNow now = router.read(Answer.shell(0, FILE, "")).orElseThrow();

        Changed drained = router.drain(at, now, Set.of("qwen2.5-7b"), HOLDING);
        Changed switched = router.activate(at, drained.then(), deep("http://10.0.0.5:8002"));

        FileEdit drain = (FileEdit) drained.changes().getFirst().command();
        assertThat(drain.before()).isEqualTo(FILE);
        assertThat(drain.after())
                .contains("Retry-After: '150'", "servers: []", "- rackhouse-switching", "path: /health")
                .doesNotContain("http://10.0.0.5:8000");
        assertThat(drained.then().find("qwen2.5-7b").orElseThrow().state()).isEqualTo(State.DRAINING);
        FileEdit route = (FileEdit) switched.changes().getFirst().command();
        assertThat(route.before()).isEqualTo(drain.after());
        assertThat(route.after()).contains("url: http://10.0.0.5:8002");
        assertThat(((FileEdit) drained.changes().getFirst().back()).after()).isEqualTo(FILE);
        assertThat(judged(drained.changes().getFirst().isBack(), """
                [{"name":"qwen2.5-7b@file","loadBalancer":{"servers":[{"url":"http://10.0.0.5:8000"}]}},{"name":"qwen2.5-32b@file","loadBalancer":{}}]
                """).holds()).isTrue();
    }

    @Test
    void traefikRefusesAFileThatIsNone() {
        assertThat(new TraefikFile().read(Answer.shell(0, "- just\n- a list\n", "")))
                .isEmpty();
        assertThat(new TraefikFile().read(Answer.shell(0, "a: [", ""))).isEmpty();
        assertThat(new TraefikFile().read(Answer.shell(1, "", "no such file"))).isEmpty();
    }
}
