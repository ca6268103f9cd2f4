package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When an engine carries no request any more, by its own count. */
class EngineIdleTest {

    private static Judgement judged(Answer answer, String argument, String engine) {
        return new EngineConditions().engineIdle().judge(Map.of(argument, engine), answer);
    }

    private static String metrics(int running, int waiting) {
        return """
                vllm:num_requests_running{engine="0",model_name="a"} %d.0
                vllm:num_requests_waiting{engine="0",model_name="a"} %d.0
                """.formatted(running, waiting);
    }

    @Test
    void anEngineIsIdleOnlyWithoutRunningAndWaitingRequests() {
        for (var each : List.of(
                Map.entry(metrics(1, 0), false), Map.entry(metrics(0, 2), false), Map.entry(metrics(0, 0), true))) {
            assertThat(judged(Answer.service(200, each.getKey()), "engine", "vllm")
                            .holds())
                    .isEqualTo(each.getValue());
        }
    }

    @Test
    void anEngineThatDoesNotTellIsNotIdle() {
        assertThat(judged(Answer.service(200, "# nothing"), "engine", "vllm").standing())
                .isEqualTo(Judgement.Standing.UNKNOWN);
        assertThat(judged(Answer.service(503, ""), "engine", "vllm").standing()).isEqualTo(Judgement.Standing.UNKNOWN);
    }

    @Test
    void llamaCppIsAskedInItsOwnWords() throws IOException {
        try (InputStream in = EngineIdleTest.class.getResourceAsStream("/inference/samples/llamacpp/metrics.txt")) {
            String text = in == null
                    ? "llamacpp:requests_processing 1\nllamacpp:requests_deferred 0\n"
                    : new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(judged(Answer.service(200, text), "engine", "llama.cpp").standing())
                    .isNotEqualTo(Judgement.Standing.UNKNOWN);
        }
    }
}
