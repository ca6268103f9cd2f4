package dev.rackhouse.inference.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose answer comes through a router's door. */
class AnswerNamesModelTest {

    private static Judgement judged(Answer answer) {
        return new AnswerNamesModel().judge(Map.of("model", "qwen2.5-32b"), answer);
    }

    @Test
    void theDoorLeadsToTheModelThatWasPromised() {
        assertThat(judged(Answer.service(200, "{\"model\":\"qwen2.5-32b\"}")).holds())
                .isTrue();
        assertThat(judged(Answer.service(200, "{\"model\":\"qwen2.5-7b\"}")).because())
                .isEqualTo("qwen2.5-7b has answered");
        assertThat(judged(Answer.service(503, "{}")).because()).isEqualTo("the router answered 503 to a client");
    }
}
