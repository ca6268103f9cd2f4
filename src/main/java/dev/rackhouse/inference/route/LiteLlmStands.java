package dev.rackhouse.inference.route;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Whether a model of LiteLLM leads where it shall. Arguments: {@code id} of the model, {@code address} with its path, {@code model} with
 * its provider.
 */
@Component
class LiteLlmStands implements NamedCondition {

    static final String NAME = "litellm-model-stands";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        Optional<JsonNode> list = answer.succeeded() ? answer.at("/data").filter(JsonNode::isArray) : Optional.empty();
        if (list.isEmpty()) {
            return Judgement.unknown("LiteLLM does not tell its models (it answered " + answer.status() + ")");
        }
        for (JsonNode each : list.get()) {
            ClientRoute route = route(each).orElse(null);
            if (route != null && route.id().equals(arguments.get("id"))) {
                return Judgement.of(
                        address(each).equals(arguments.get("address"))
                                && route.model().equals(arguments.get("model")),
                        route.name() + " leads to " + address(each) + " as " + route.model());
            }
        }
        return Judgement.fails("LiteLLM has no model with the id " + arguments.getOrDefault("id", ""));
    }

    /** As it stands there: {@code http://10.0.0.5:8000/v1}. */
    static String address(JsonNode node) {
        return node.path("litellm_params").path("api_base").asString("");
    }

    /** {@code hosted_vllm/} of {@code hosted_vllm/qwen2.5-7b}; empty without one. */
    static String provider(String model) {
        int slash = model.indexOf('/');
        return slash > 0 && model.substring(0, slash).matches("[a-z0-9_]+") ? model.substring(0, slash + 1) : "";
    }

    /** A model as a route, its name with the provider; empty when it has no address of its own, or stands in LiteLLM's file. */
    static Optional<ClientRoute> route(JsonNode node) {
        String base = address(node).replaceAll("/v1/?$", "");
        String model = node.path("litellm_params").path("model").asString("");
        String id = node.path("model_info").path("id").asString("");
        if (base.isEmpty()
                || !id.matches("[!-~]{1,200}")
                || !node.path("model_info").path("db_model").asBoolean(false)) {
            return Optional.empty();
        }
        try {
            State state = base.endsWith(":9") ? State.OFF : State.ACTIVE;
            return Optional.of(new ClientRoute(node.path("model_name").asString(""), base, model, state, 0, "", id));
        } catch (IllegalArgumentException odd) {
            return Optional.empty();
        }
    }
}
