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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
        return answer.at("/profiles").filter(JsonNode::isArray).map(list -> {
            Map<String, Map<String, String>> pins = new TreeMap<>();
            for (JsonNode profile : list) {
                Map<String, String> its = new TreeMap<>();
                profile.path("pins")
                        .propertyStream()
                        .filter(pin -> !pin.getValue().asString("").isEmpty())
                        .forEach(pin -> its.put(pin.getKey(), pin.getValue().asString("")));
                pins.put(profile.path("id").asString(""), its);
            }
            return new Profiles(answer.textAt("/active").orElse(""), pins).now();
        });
    }

    /**
     * What {@link RoutesNow#raw} holds: all profiles with their pins.
     *
     * @param active empty: none
     */
    private record Profiles(String active, Map<String, Map<String, String>> pins) {

        static Profiles of(RoutesNow now) {
            return now.raw().isEmpty()
                    ? new Profiles("", Map.of())
                    : JsonMapper.shared().readValue(now.raw(), Profiles.class);
        }

        Profiles with(String profile) {
            return new Profiles(profile, pins);
        }

        RoutesNow now() {
            List<ClientRoute> routes = new ArrayList<>();
            pins.getOrDefault(active, Map.of()).forEach((name, model) -> routes.addAll(route(name, model)));
            return new RoutesNow(routes, JsonMapper.shared().writeValueAsString(this));
        }
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
        Profiles profiles = Profiles.of(now);
        return profiles.active().isEmpty()
                ? new Changed(List.of(), now)
                : moved(at, profiles, "", "drain-profile", "Take the profile " + profiles.active() + " out of use");
    }

    @Override
    public Changed activate(RouterAt at, RoutesNow now, RouteMap map) {
        Profiles profiles = Profiles.of(now);
        return profiles.active().equals(map.id())
                ? new Changed(List.of(), now)
                : moved(at, profiles, map.id(), "route-profile", "Take the profile " + map.id() + " into use");
    }

    private static Changed moved(RouterAt at, Profiles before, String profile, String key, String title) {
        RouteChange change = new RouteChange(
                key,
                title + " at " + at.name(),
                put(at, profile),
                active(at, profile),
                before.active().isEmpty()
                        ? "Take no profile into use"
                        : "Take the profile " + before.active() + " into use again",
                put(at, before.active()),
                active(at, before.active()));
        return new Changed(List.of(change), before.with(profile).now());
    }

    @Override
    public List<String> lacks(RouterAt at, RoutesNow now, RouteMap map) {
        Map<String, String> pins = Profiles.of(now).pins().get(map.id());
        if (pins == null) {
            return List.of("llama-swap has no profile " + map.id()
                    + ". Add one to its configuration that pins the names of the mode " + map.mode() + ".");
        }
        return map.active().stream()
                .filter(route -> !pins.containsKey(route.name()))
                .map(route -> "The profile " + map.id() + " of llama-swap does not pin " + route.name()
                        + ". Add the pin to its configuration.")
                .toList();
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
