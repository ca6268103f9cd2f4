package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Whether a router carries no request of these routes any more. Argument: {@code names}, separated by spaces. */
@Component
class RoutesIdle implements NamedCondition {

    static final String NAME = "routes-idle";

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
        List<String> names = List.of(arguments.getOrDefault("names", "").split(" "));
        List<String> busy = new ArrayList<>();
        for (JsonNode each : list.get()) {
            String name = RouteStands.text(each, "name");
            long inFlight = each.path("inFlight").asLong(0);
            if (names.contains(name) && inFlight > 0) {
                busy.add(inFlight + " for " + name);
            }
        }
        return busy.isEmpty()
                ? Judgement.holds("the router carries no request any more")
                : Judgement.fails("the router still carries " + String.join(", ", busy));
    }
}
