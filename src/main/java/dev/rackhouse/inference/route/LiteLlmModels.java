package dev.rackhouse.inference.route;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * LiteLLM's proxy, models kept in its database: {@code /model/update} moves a name to another address. It has no draining; a name that
 * nobody shall answer is pointed to a port where nobody listens. {@code /health} is never asked: it runs completions on every model.
 */
@Component
class LiteLlmModels implements RouteController {

    /** The discard port: nobody listens, so that LiteLLM refuses at once and clients try again. */
    private static final String NOBODY = "http://127.0.0.1:9";

    private static final String INFO = "/model/info";

    @Override
    public RouterKind kind() {
        return RouterKind.LITELLM;
    }

    @Override
    public Command look(RouterAt at) {
        return info(at);
    }

    private static ServiceCall info(RouterAt at) {
        return ServiceCall.get(at.host(), at.control(), INFO).limit(RouterAt.ANSWERS);
    }

    @Override
    public Optional<RoutesNow> read(Answer answer) {
        if (!answer.succeeded()) {
            return Optional.empty();
        }
        return answer.at("/data").filter(JsonNode::isArray).map(list -> {
            List<ClientRoute> routes = new ArrayList<>();
            list.forEach(each -> LiteLlmStands.route(each).ifPresent(routes::add));
            return new RoutesNow(routes, "");
        });
    }

    @Override
    public Changed drain(RouterAt at, RoutesNow now, Set<String> names, Holding holding) {
        return moved(at, now, nobody(now, names), "drain-");
    }

    private static List<ClientRoute> nobody(RoutesNow now, Set<String> names) {
        return new TreeSet<>(names)
                .stream()
                        .flatMap(name -> now.find(name).stream())
                        .filter(r -> r.state() == State.ACTIVE)
                        .map(r -> new ClientRoute(r.name(), NOBODY, r.model(), State.OFF, 0, "", r.id()))
                        .toList();
    }

    @Override
    public Changed activate(RouterAt at, RoutesNow now, RouteMap map) {
        List<ClientRoute> wanted = new ArrayList<>();
        for (ClientRoute route : map.active()) {
            now.find(route.name())
                    .map(r -> new ClientRoute(r.name(), route.backend(), route.model(), State.ACTIVE, 0, "", r.id()))
                    .filter(r -> !now.routes().contains(r))
                    .ifPresent(wanted::add);
        }
        wanted.addAll(nobody(now, map.off()));
        return moved(at, now, wanted, "route-");
    }

    private static Changed moved(RouterAt at, RoutesNow now, List<ClientRoute> routes, String key) {
        List<RouteChange> changes = new ArrayList<>();
        for (ClientRoute after : routes) {
            now.find(after.name())
                    .ifPresent(before -> changes.add(new RouteChange(
                            key + after.name(),
                            after.state() == State.ACTIVE
                                    ? "Let " + after.name() + " lead to " + after.backend() + " at " + at.name()
                                    : "Let " + after.name() + " lead nowhere at " + at.name(),
                            update(at, after),
                            stands(at, after),
                            "Let " + after.name() + " lead to " + before.backend() + " again",
                            update(at, before),
                            stands(at, before))));
        }
        return new Changed(changes, now.with(routes));
    }

    private static ServiceCall update(RouterAt at, ClientRoute route) {
        Map<String, Object> body = new TreeMap<>(Map.of(
                "model_name",
                route.name(),
                "litellm_params",
                new TreeMap<>(Map.of("model", "openai/" + route.model(), "api_base", route.backend() + "/v1")),
                "model_info",
                Map.of("id", route.id())));
        return ServiceCall.post(
                        at.host(),
                        at.control(),
                        "/model/update",
                        JsonMapper.shared().writeValueAsString(body))
                .limit(RouterAt.ANSWERS);
    }

    private static Check stands(RouterAt at, ClientRoute route) {
        return Check.that(
                info(at),
                Condition.of(LiteLlmStands.NAME, "id", route.id(), "backend", route.backend(), "model", route.model()));
    }

    @Override
    public Optional<Check> idle(RouterAt at, Set<String> names) {
        return Optional.empty();
    }

    @Override
    public List<String> doubts(RouterAt at) {
        return List.of(
                "LiteLLM has no draining: while it switches, clients get an error without a time to come again.");
    }
}
