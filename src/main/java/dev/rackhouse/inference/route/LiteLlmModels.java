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
import java.util.stream.Collectors;
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

    /** {@link RoutesNow#raw} keeps each address as it stands there, with its path: a line {@code id address}. */
    @Override
    public Optional<RoutesNow> read(Answer answer) {
        if (!answer.succeeded()) {
            return Optional.empty();
        }
        return answer.at("/data").filter(JsonNode::isArray).map(list -> {
            List<ClientRoute> routes = new ArrayList<>();
            Map<String, String> addresses = new TreeMap<>();
            for (JsonNode each : list) {
                LiteLlmStands.route(each).ifPresent(route -> {
                    routes.add(route);
                    addresses.put(route.id(), LiteLlmStands.address(each));
                });
            }
            return new RoutesNow(routes, lines(addresses));
        });
    }

    private static String lines(Map<String, String> addresses) {
        return addresses.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> addresses(RoutesNow now) {
        Map<String, String> addresses = new TreeMap<>();
        now.raw().lines().forEach(line -> {
            int space = line.indexOf(' ');
            addresses.put(line.substring(0, space), line.substring(space + 1));
        });
        return addresses;
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
                    .map(r -> new ClientRoute(
                            r.name(),
                            route.backend(),
                            LiteLlmStands.provider(r.model()) + route.model(),
                            State.ACTIVE,
                            0,
                            "",
                            r.id()))
                    .filter(r -> !now.routes().contains(r))
                    .ifPresent(wanted::add);
        }
        wanted.addAll(nobody(now, map.off()));
        return moved(at, now, wanted, "route-");
    }

    private static Changed moved(RouterAt at, RoutesNow now, List<ClientRoute> routes, String key) {
        List<RouteChange> changes = new ArrayList<>();
        Map<String, String> addresses = addresses(now);
        for (ClientRoute after : routes) {
            ClientRoute before = now.find(after.name()).orElseThrow();
            String address = after.backend() + "/v1";
            changes.add(new RouteChange(
                    key + after.name(),
                    after.state() == State.ACTIVE
                            ? "Let " + after.name() + " lead to " + after.backend() + " at " + at.name()
                            : "Let " + after.name() + " lead nowhere at " + at.name(),
                    update(at, after, address),
                    stands(at, after, address),
                    before.state() == State.ACTIVE
                            ? "Let " + after.name() + " lead to " + before.backend() + " again"
                            : "Let " + after.name() + " lead nowhere again",
                    update(at, before, addresses.getOrDefault(before.id(), before.backend() + "/v1")),
                    stands(at, before, addresses.getOrDefault(before.id(), before.backend() + "/v1"))));
            addresses.put(after.id(), address);
        }
        return new Changed(changes, new RoutesNow(now.with(routes).routes(), lines(addresses)));
    }

    /** LiteLLM keeps of a model what is not named here: its key, its limits. */
    private static ServiceCall update(RouterAt at, ClientRoute route, String address) {
        Map<String, Object> body = new TreeMap<>(Map.of(
                "model_name",
                route.name(),
                "litellm_params",
                new TreeMap<>(Map.of("model", route.model(), "api_base", address)),
                "model_info",
                Map.of("id", route.id())));
        return ServiceCall.post(
                        at.host(),
                        at.control(),
                        "/model/update",
                        JsonMapper.shared().writeValueAsString(body))
                .limit(RouterAt.ANSWERS);
    }

    private static Check stands(RouterAt at, ClientRoute route, String address) {
        return Check.that(
                info(at),
                Condition.of(LiteLlmStands.NAME, "id", route.id(), "address", address, "model", route.model()));
    }

    @Override
    public List<String> lacks(RouterAt at, RoutesNow now, RouteMap map) {
        List<String> lacks = new ArrayList<>();
        Set<String> names = new TreeSet<>(map.off());
        for (ClientRoute route : map.active()) {
            names.add(route.name());
            if (now.find(route.name()).isEmpty()) {
                lacks.add("LiteLLM has no model " + route.name() + " in its database. Add it there once, as openai/"
                        + route.model() + " at " + route.backend() + "/v1.");
            }
        }
        for (String name : names) {
            long alike =
                    now.routes().stream().filter(r -> r.name().equals(name)).count();
            if (alike > 1) {
                lacks.add("LiteLLM has " + alike + " models named " + name
                        + ", and clients get any of them. Keep one of them in its database.");
            }
        }
        return lacks;
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
