package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Whether a route stands in the list of a router as it was put. Arguments: {@code name}; {@code state}, where {@code absent} means that
 * there is none; and, where given, {@code backend}, {@code model}, {@code retryAfter}, {@code message}.
 */
@Component
class RouteStands implements NamedCondition {

    static final String NAME = "route-stands";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        Optional<JsonNode> list =
                answer.succeeded() ? answer.at("/routes").filter(JsonNode::isArray) : Optional.empty();
        if (list.isEmpty()) {
            return Judgement.unknown("the router does not tell its routes (it answered " + answer.status() + ")");
        }
        String name = arguments.getOrDefault("name", "");
        JsonNode route = null;
        for (JsonNode each : list.get()) {
            if (text(each, "name").equals(name)) {
                route = each;
            }
        }
        String state = arguments.getOrDefault("state", "");
        if (route == null) {
            return Judgement.of(state.equals("absent"), "there is no route " + name);
        }
        for (String field : List.of("state", "backend", "model", "retryAfter", "message")) {
            String wanted = arguments.get(field);
            String found = text(route, field);
            if (wanted != null && !wanted.equals(found)) {
                return Judgement.fails(
                        "the route " + name + " has " + field + " '" + found + "', not '" + wanted + "'");
            }
        }
        return Judgement.holds("the route " + name + " is " + state);
    }

    /** A route as the router tells it; empty when it cannot be one. */
    static Optional<ClientRoute> route(JsonNode node) {
        try {
            ClientRoute.State state = ClientRoute.State.parse(text(node, "state"));
            return state == null
                    ? Optional.empty()
                    : Optional.of(new ClientRoute(
                            text(node, "name"),
                            text(node, "backend"),
                            text(node, "model"),
                            state,
                            node.path("retryAfter").asInt(0),
                            text(node, "message"),
                            ""));
        } catch (IllegalArgumentException odd) {
            return Optional.empty();
        }
    }

    /** Numbers as text, and nothing for what is not there. */
    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return field.equals("retryAfter") ? "0" : "";
        }
        return value.isValueNode() ? value.asString() : "";
    }
}
