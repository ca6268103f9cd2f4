package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A completion that came through the router was made by this engine. Argument: {@code model}, its served name. Pure. */
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
        return Judgement.of(model.equals(wanted), model.isEmpty() ? "no model is named" : model + " has answered");
    }
}
