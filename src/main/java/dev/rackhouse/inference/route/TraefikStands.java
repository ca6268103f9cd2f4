package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Whether Traefik has taken over services of its file as they were written. Argument {@code services}: lines {@code name=address}; an
 * empty address means a service without servers.
 */
@Component
class TraefikStands implements NamedCondition {

    static final String NAME = "traefik-services-stand";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        Optional<JsonNode> list = answer.succeeded() ? answer.at("").filter(JsonNode::isArray) : Optional.empty();
        if (list.isEmpty()) {
            return Judgement.unknown("Traefik does not tell its services (it answered " + answer.status() + ")");
        }
        Map<String, String> found = new HashMap<>();
        for (JsonNode each : list.get()) {
            String url = each.path("loadBalancer")
                    .path("servers")
                    .path(0)
                    .path("url")
                    .asString("");
            found.put(each.path("name").asString(""), url.replaceAll("/$", ""));
        }
        for (String line : arguments.getOrDefault("services", "").lines().toList()) {
            int equals = line.indexOf('=');
            String name = line.substring(0, Math.max(equals, 0));
            String wanted = line.substring(equals + 1);
            String there = found.get(name + "@file");
            if (there == null) {
                return Judgement.fails("Traefik has no service " + name + " from a file");
            }
            if (!there.equals(wanted)) {
                return Judgement.fails("the service " + name + " leads to " + (there.isEmpty() ? "nobody" : there)
                        + ", not to " + (wanted.isEmpty() ? "nobody" : wanted));
            }
        }
        return Judgement.holds("Traefik has taken the routes over");
    }
}
