package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A completion that came through the router was made by this engine. Argument: {@code model}, its served name, and after a space what else
 * the router may call it. Pure. */
@Component
class AnswerNamesModel implements NamedCondition {

    static final String NAME = "answer-names-model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("the router answered " + answer.status() + " to a client");
        }
        String model = answer.textAt("/model").orElse("");
        String wanted = arguments.getOrDefault("model", "");
        return Judgement.of(
                List.of(wanted.split(" ")).contains(model),
                model.isEmpty() ? "no model is named" : model + " has answered");
    }
}
