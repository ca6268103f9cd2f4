package dev.rackhouse.inference.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouteController.Changed;
import dev.rackhouse.inference.route.RouteController.Holding;
import dev.rackhouse.inference.route.RouteController.RouteMap;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Each kind of router is really told, and its clients see it. */
class RoutersAtWorkTest {

    private static final Holding HOLDING = new Holding(150, "Deep");
    private static final Set<String> PAIR = Set.of("small", "middle");

    private static RouteController controller(RouterKind kind) {
        return RouterControllers.all().stream()
                .filter(c -> c.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static RouteMap deep() {
        return new RouteMap(
                "deep",
                "Deep",
                List.of(new ClientRoute("large", "http://127.0.0.1:8002", "large", State.ACTIVE, 0, "", "")),
                PAIR);
    }

    private static void apply(PretendRouter router, Changed changed) throws Exception {
        for (RouteChange change : changed.changes()) {
            assertThat(router.judge(change.isSo()).holds()).as(change.title()).isFalse();
            assertThat(router.send(change.command()).succeeded())
                    .as(change.title())
                    .isTrue();
            router.awaitThat(change.isSo());
        }
    }

    private static void undo(PretendRouter router, Changed changed) throws Exception {
        for (RouteChange change : changed.changes().reversed()) {
            assertThat(router.send(change.back()).succeeded())
                    .as(change.backTitle())
                    .isTrue();
            router.awaitThat(change.isBack());
        }
    }

    private static HttpResponse<String> ask(PretendRouter router, RoutesNow now, String name) throws Exception {
        return router.ask(controller(router.at.kind()).door(now, name).orElseThrow(), name);
    }

    @ParameterizedTest
    @EnumSource
    void drainsSwitchesAndComesBackExactly(RouterKind kind) throws Exception {
        try (PretendRouter router = new PretendRouter(kind)) {
            RouteController controller = controller(kind);
            var disk = router.disk();
            RoutesNow now = router.look(controller);
            assertThat(controller.lacks(router.at, now, deep())).isEmpty();
            assertThat(ask(router, now, "small").statusCode()).isEqualTo(200);

            Changed drained = controller.drain(router.at, now, PAIR, HOLDING);
            apply(router, drained);
            HttpResponse<String> refused = ask(router, now, "small");
            Changed switched = controller.activate(router.at, drained.then(), deep());
            apply(router, switched);
            HttpResponse<String> answered = ask(router, now, "large");
            HttpResponse<String> offline = ask(router, now, "middle");
            undo(router, switched);
            undo(router, drained);

            assertThat(refused.statusCode()).isEqualTo(refusal(kind));
            assertThat(refused.headers().firstValue("Retry-After").isPresent())
                    .as("only some can tell when to come again")
                    .isEqualTo(kind == RouterKind.RACKHOUSE || kind == RouterKind.TRAEFIK_FILE);
            assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
            assertThat(offline.statusCode()).isEqualTo(refusal(kind));
            assertThat(router.disk()).isEqualTo(disk);
            assertThat(router.look(controller)).isEqualTo(now);
            assertThat(ask(router, now, "small").statusCode()).isEqualTo(200);
        }
    }

    private static int refusal(RouterKind kind) {
        return switch (kind) {
            case RACKHOUSE, TRAEFIK_FILE -> 503;
            case LLAMA_SWAP -> 404;
            case LITELLM -> 500;
        };
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTakenIntoUseAlreadyIsLeftAlone(RouterKind kind) throws Exception {
        try (PretendRouter router = new PretendRouter(kind)) {
            RouteController controller = controller(kind);
            apply(router, controller.activate(router.at, router.look(controller), deep()));

            Changed again = controller.activate(router.at, router.look(controller), deep());

            assertThat(again.changes()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void lookingNeverMakesAnEngineCompute(RouterKind kind) throws Exception {
        try (PretendRouter router = new PretendRouter(kind)) {
            RouteController controller = controller(kind);
            Changed changed = controller.activate(router.at, router.look(controller), deep());
            apply(router, changed);
            undo(router, changed);

            assertThat(router.asked("small") + router.asked("middle") + router.asked("large"))
                    .isZero();
            assertThat(router.effects()).doesNotContainKey("litellm health");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RACKHOUSE", mode = EnumSource.Mode.EXCLUDE)
    void saysWhatIsNotSetUpForAMode(RouterKind kind) throws Exception {
        try (PretendRouter router = new PretendRouter(kind)) {
            RouteMap other = new RouteMap(
                    "other",
                    "Other",
                    List.of(new ClientRoute("huge", "http://127.0.0.1:8003", "huge", State.ACTIVE, 0, "", "")),
                    Set.of());

            List<String> lacks = controller(kind).lacks(router.at, router.look(controller(kind)), other);

            assertThat(lacks).singleElement().asString().contains(kind == RouterKind.LLAMA_SWAP ? "other" : "huge");
        }
    }

    @Test
    void liteLlmTellsNothingWithoutItsKey() throws Exception {
        try (PretendRouter router = new PretendRouter(RouterKind.LITELLM, "sk-another-key")) {
            RouteController controller = controller(RouterKind.LITELLM);

            var answer = router.send(controller.look(router.at));

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.textAt("/error/type")).contains("auth_error");
            assertThat(controller.read(answer)).isEmpty();
        }
    }

    @Test
    void liteLlmSaysInTheFormOfOpenAiThatNobodyListens() throws Exception {
        try (PretendRouter router = new PretendRouter(RouterKind.LITELLM)) {
            RouteController controller = controller(RouterKind.LITELLM);
            apply(router, controller.drain(router.at, router.look(controller), Set.of("small"), HOLDING));

            HttpResponse<String> refused = router.ask("", "small");

            assertThat(JsonMapper.shared()
                            .readTree(refused.body())
                            .at("/error/message")
                            .asString(""))
                    .contains("Connection error", "Received Model Group=small");
        }
    }

    @Test
    void llamaSwapForgetsItsProfileWhenItRestarts() throws Exception {
        try (PretendRouter router = new PretendRouter(RouterKind.LLAMA_SWAP)) {
            RouteController controller = controller(RouterKind.LLAMA_SWAP);
            assertThat(router.look(controller).routes()).hasSize(2);

            router.restart();

            assertThat(router.look(controller).routes()).isEmpty();
            assertThat(router.ask("", "small").statusCode()).isEqualTo(404);
            RouteMap pair = new RouteMap("pair", "Pair", List.of(), Set.of());
            apply(router, controller.activate(router.at, router.look(controller), pair));
            assertThat(router.ask("", "small").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void traefikGoesOnWithWhatItHadWhenItsFileIsBroken() throws Exception {
        try (PretendRouter router = new PretendRouter(RouterKind.TRAEFIK_FILE)) {
            RouteController controller = controller(RouterKind.TRAEFIK_FILE);
            Changed drained = controller.drain(router.at, router.look(controller), PAIR, HOLDING);

            router.write(PretendRouter.FILE, "http:\n  routers: {}\n");

            assertThat(router.ask("/small", "small").statusCode()).isEqualTo(200);
            assertThat(router.judge(drained.changes().getFirst().isSo()).holds())
                    .isFalse();
        }
    }
}
