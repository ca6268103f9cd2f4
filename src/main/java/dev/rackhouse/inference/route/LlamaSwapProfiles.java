package dev.rackhouse.inference.route;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Conditions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * llama-swap of 2026: a profile pins client names to models. A mode's profile bears the id of the mode. While none is active, clients
 * get 404; the active one is forgotten when llama-swap restarts.
 */
@Component
class LlamaSwapProfiles implements RouteController {

    private static final String PROFILES = "/api/profiles";

    @Override
    public RouterKind kind() {
        return RouterKind.LLAMA_SWAP;
    }

    @Override
    public Command look(RouterAt at) {
        return profiles(at);
    }

    private static ServiceCall profiles(RouterAt at) {
        return ServiceCall.get(at.host(), at.control(), PROFILES).limit(RouterAt.ANSWERS);
    }

    @Override
    public Optional<RoutesNow> read(Answer answer) {
        if (!answer.succeeded()) {
            return Optional.empty();
        }
        String active = answer.textAt("/active").orElse("");
        return answer.at("/profiles").filter(JsonNode::isArray).map(list -> {
            List<ClientRoute> routes = new ArrayList<>();
            for (JsonNode profile : list) {
                if (profile.path("id").asString("").equals(active)) {
                    profile.path("pins")
                            .properties()
                            .forEach(pin -> routes.addAll(
                                    route(pin.getKey(), pin.getValue().asString(""))));
                }
            }
            return new RoutesNow(routes, active);
        });
    }

    private static List<ClientRoute> route(String name, String model) {
        try {
            return List.of(new ClientRoute(name, "", model, State.ACTIVE, 0, "", ""));
        } catch (IllegalArgumentException odd) {
            return Collections.emptyList();
        }
    }

    @Override
    public Changed drain(RouterAt at, RoutesNow now, Set<String> names, Holding holding) {
        if (now.raw().isEmpty()) {
            return new Changed(List.of(), now);
        }
        RouteChange change = new RouteChange(
                "drain-profile",
                "Take the profile " + now.raw() + " out of use at " + at.name(),
                put(at, ""),
                active(at, ""),
                "Take the profile " + now.raw() + " into use again",
                put(at, now.raw()),
                active(at, now.raw()));
        return new Changed(List.of(change), RoutesNow.NONE);
    }

    @Override
    public Changed activate(RouterAt at, RoutesNow now, RouteMap map) {
        if (now.raw().equals(map.id())) {
            return new Changed(List.of(), now);
        }
        RouteChange change = new RouteChange(
                "route-profile",
                "Take the profile " + map.id() + " into use at " + at.name(),
                put(at, map.id()),
                active(at, map.id()),
                now.raw().isEmpty() ? "Take no profile into use" : "Take the profile " + now.raw() + " into use again",
                put(at, now.raw()),
                active(at, now.raw()));
        return new Changed(List.of(change), new RoutesNow(map.active(), map.id()));
    }

    private static ServiceCall put(RouterAt at, String profile) {
        String name = profile.isEmpty() ? "null" : JsonMapper.shared().writeValueAsString(profile);
        return ServiceCall.put(at.host(), at.control(), PROFILES + "/active", "{\"name\":" + name + "}")
                .limit(RouterAt.ANSWERS);
    }

    private static Check active(RouterAt at, String profile) {
        return Check.that(
                profiles(at),
                Conditions.jsonPresent("/profiles"),
                profile.isEmpty() ? Conditions.jsonAbsent("/active") : Conditions.jsonEquals("/active", profile));
    }

    @Override
    public Optional<Check> idle(RouterAt at, Set<String> names) {
        return Optional.empty();
    }

    @Override
    public List<String> doubts(RouterAt at) {
        return List.of(
                "llama-swap answers 404 while it switches: clients are not told when to come again.",
                "llama-swap starts engines by itself where an entry has a command: for deployments of this console, let its entries only forward.");
    }
}
