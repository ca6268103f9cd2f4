package dev.rackhouse.inference.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded runs of each standing are judged right at every look. */
class RecordedRunsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ready-idle",
                "asleep",
                "ready-ollama",
                "ollama-not-loaded",
                "ollama-answering",
                "ollama-computing",
                "ollama-spilled",
                "ollama-wedged",
                "busy",
                "busy-with-gaps",
                "long-prompt",
                "saturated",
                "loading-cold",
                "loading-slow-disk",
                "loading-download",
                "loading-llama",
                "reload",
                "only-200",
                "wedged-no-power",
                "wedged-nccl-spin",
                "wedged-full-power",
                "wedged-shm",
                "wedged-no-answer",
                "wedged-but-200",
                "wedged-nccl-start",
                "dead-behind-200",
                "dead-out-of-memory"
            })
    void isJudgedRightOverItsWholeLength(String name) {
        List<Observation> history = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (RecordedRun.Look look : RecordedRun.read(name).looks()) {
            history.add(look.observation());
            var now = look.observation().at();
            history.removeIf(o -> o.at().isBefore(now.minus(Health.HISTORY)));

            EngineStanding standing = Health.judge(List.copyOf(history), Expectations.UNKNOWN, now);

            if (!look.expected().contains(standing.word())) {
                wrong.add(now + ": " + look.expected() + " was judged " + standing.word() + ": " + standing.sentence());
            }
        }
        assertThat(wrong).isEmpty();
    }
}
