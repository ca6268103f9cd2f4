package dev.rackhouse.inference.route;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Condition;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract of {@code docs/how-to/router.md}: one object a route, put as a whole and read back. */
@Component
class RackhouseRoutes implements RouteController {

    /** Nobody knows when somebody switches back: as long as clients are ever told to wait. */
    private static final int LATER_SECONDS = 300;

    private static final String ROUTES = "/routes";

    @Override
    public RouterKind kind() {
        return RouterKind.RACKHOUSE;
    }

    @Override
    public Command look(RouterAt at) {
        return routes(at);
    }

    private static ServiceCall routes(RouterAt at) {
        return ServiceCall.get(at.host(), at.control(), ROUTES).limit(RouterAt.ANSWERS);
    }

    @Override
    public Optional<RoutesNow> read(Answer answer) {
        if (!answer.succeeded()) {
            return Optional.empty();
        }
        return answer.at("/routes").filter(JsonNode::isArray).map(list -> {
            List<ClientRoute> routes = new ArrayList<>();
            list.forEach(each -> RouteStands.route(each).ifPresent(routes::add));
            return new RoutesNow(routes, "");
        });
    }

    @Override
    public Changed drain(RouterAt at, RoutesNow now, Set<String> names, Holding holding) {
        List<RouteChange> changes = new ArrayList<>();
        List<ClientRoute> then = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            now.find(name).filter(r -> r.state() == State.ACTIVE).ifPresent(before -> {
                ClientRoute after = before.refusing(State.DRAINING, holding.retryAfterSeconds(), holding.message(name));
                changes.add(change(at, "drain-", "Let " + name + " drain at " + at.name(), before, after));
                then.add(after);
            });
        }
        return new Changed(changes, now.with(then));
    }

    @Override
    public Changed activate(RouterAt at, RoutesNow now, RouteMap map) {
        List<RouteChange> changes = new ArrayList<>();
        List<ClientRoute> then = new ArrayList<>();
        for (ClientRoute wanted : map.active()) {
            ClientRoute after = wanted.active();
            now.find(wanted.name())
                    .ifPresentOrElse(
                            before -> {
                                if (!before.equals(after)) {
                                    changes.add(change(at, "route-", title(at, after), before, after));
                                }
                            },
                            () -> changes.add(appears(at, after)));
            then.add(after);
        }
        for (String name : new TreeSet<>(map.off())) {
            now.find(name).filter(r -> r.state() != State.OFF).ifPresent(before -> {
                ClientRoute after = before.refusing(
                        State.OFF, LATER_SECONDS, "Model " + name + " is offline while " + map.mode() + " runs");
                changes.add(change(at, "off-", "Say at " + at.name() + " that " + name + " is offline", before, after));
                then.add(after);
            });
        }
        return new Changed(changes, now.with(then));
    }

    private static String title(RouterAt at, ClientRoute route) {
        return "Route " + route.name() + " to " + route.backend() + " at " + at.name();
    }

    private static RouteChange change(RouterAt at, String key, String title, ClientRoute before, ClientRoute after) {
        return new RouteChange(
                key + before.name(),
                title,
                put(at, after),
                stands(at, after),
                "Put the route " + before.name() + " back to " + before.state().word(),
                put(at, before),
                stands(at, before));
    }

    private static RouteChange appears(RouterAt at, ClientRoute after) {
        return new RouteChange(
                "route-" + after.name(),
                title(at, after),
                put(at, after),
                stands(at, after),
                "Remove the route " + after.name(),
                ServiceCall.delete(at.host(), at.control(), path(after.name())).limit(RouterAt.ANSWERS),
                Check.that(routes(at), Condition.of(RouteStands.NAME, "name", after.name(), "state", "absent")));
    }

    private static ServiceCall put(RouterAt at, ClientRoute route) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("backend", route.backend());
        body.put("model", route.model());
        body.put("state", route.state().word());
        body.put("retryAfter", route.retryAfterSeconds());
        body.put("message", route.message());
        return ServiceCall.put(
                        at.host(),
                        at.control(),
                        path(route.name()),
                        JsonMapper.shared().writeValueAsString(body))
                .limit(RouterAt.ANSWERS);
    }

    private static String path(String name) {
        return ROUTES + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Check stands(RouterAt at, ClientRoute route) {
        return Check.that(
                routes(at),
                Condition.of(
                        RouteStands.NAME,
                        "name",
                        route.name(),
                        "backend",
                        route.backend(),
                        "model",
                        route.model(),
                        "state",
                        route.state().word(),
                        "retryAfter",
                        Integer.toString(route.retryAfterSeconds()),
                        "message",
                        route.message()));
    }

    @Override
    public Optional<Check> idle(RouterAt at, Set<String> names) {
        return Optional.of(
                Check.that(routes(at), Condition.of(RoutesIdle.NAME, "names", String.join(" ", new TreeSet<>(names)))));
    }
}
