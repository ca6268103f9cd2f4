package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cards must say while a mode is swapped. */
class SwapConditionsTest {

    private static final SwapConditions CONDITIONS = new SwapConditions();

    private final ThorSwaps thor = new ThorSwaps();

    private static Judgement judged(NamedCondition condition, Answer answer, String... arguments) {
        return condition.judge(
                arguments.length == 2
                        ? Map.of(arguments[0], arguments[1])
                        : Map.of(arguments[0], arguments[1], arguments[2], arguments[3]),
                answer);
    }

    private Judgement freed(String staying) {
        return judged(
                CONDITIONS.gpusFreed(),
                Answer.shell(0, thor.look(), ""),
                "uuids",
                ThorSwaps.GPU0 + " " + ThorSwaps.GPU1,
                "staying",
                staying);
    }

    @Test
    void cardsAreHeldWhileTheOldSetRuns() {
        assertThat(freed(ThorSwaps.id("embed-thor")).because())
                .contains("VLLM::EngineCore (pid 4000, 19800 MiB")
                .contains("21000 MiB are in use");
    }

    @Test
    void whatStaysOnACardDoesNotCount() {
        thor.stopped("vllm-7b", List.of());
        thor.stopped("vllm-14b", List.of());
        thor.cards.set(0, ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 1100, 23000");
        thor.cards.set(1, ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 200, 24000");

        assertThat(freed(ThorSwaps.id("embed-thor")).holds()).isTrue();
        assertThat(freed("").because()).contains("llama-server");
    }

    private Judgement asleep(int keepsMiB) {
        thor.stopped("vllm-14b", List.of());
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), keepsMiB);
        thor.cards.set(
                0, ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, " + (keepsMiB + 1000) + ", 9");
        thor.cards.set(1, ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 200, 24000");
        return CONDITIONS
                .gpusFreed()
                .judge(
                        Map.of(
                                "uuids",
                                ThorSwaps.GPU0 + " " + ThorSwaps.GPU1,
                                "staying",
                                ThorSwaps.id("embed-thor"),
                                "asleep",
                                ThorSwaps.id("vllm-7b")),
                        Answer.shell(0, thor.look(), ""));
    }

    @Test
    void whoSleepsMayKeepALittleAndNoMore() {
        assertThat(asleep(690).holds()).isTrue();
        assertThat(asleep(1331).holds()).isTrue();
        assertThat(asleep(1332).because()).contains("says that it sleeps and holds " + ThorSwaps.GPU0);
    }

    @Test
    void memoryThatNobodyOwnsUpToIsNotFree() {
        thor.apps.clear();
        thor.cards.set(0, ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 700, 23000");
        thor.cards.set(1, ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 200, 24000");

        assertThat(freed("").because()).isEqualTo("700 MiB are in use on " + ThorSwaps.GPU0);
    }

    @Test
    void aLostCardIsNotFree() {
        thor.cards.set(1, "Unable to determine the device handle for GPU0000:02:00.0: Unknown Error");

        assertThat(freed("").because()).contains(ThorSwaps.GPU1 + " does not answer");
        assertThat(judged(CONDITIONS.gpusFreed(), Answer.shell(127, "", "sh: not found"), "uuids", "x", "staying", "")
                        .standing())
                .isEqualTo(Judgement.Standing.UNKNOWN);
    }
}
