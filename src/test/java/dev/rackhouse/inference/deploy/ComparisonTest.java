package dev.rackhouse.inference.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a new engine counts as fast as the old one. */
class ComparisonTest {

    /** The means of the three prompts. */
    private static void counters(Map<String, String> arguments, String who, double first, double next) {
        double[] slower = {1, 1.5, 3};
        double firstSum = 10;
        double nextSum = 50;
        for (int i = 0; i <= 3; i++) {
            arguments.put(who + "." + i + ".first-sum", Double.toString(firstSum));
            arguments.put(who + "." + i + ".first-count", Double.toString(100 + i));
            arguments.put(who + "." + i + ".next-sum", Double.toString(nextSum));
            arguments.put(who + "." + i + ".next-count", Double.toString(1000 + 8 * i));
            firstSum += i < 3 ? first * slower[i] : 0;
            nextSum += i < 3 ? 8 * next * slower[i] : 0;
        }
    }

    private static Judgement judged(double oldFirst, double oldNext, double newFirst, double newNext) {
        Map<String, String> arguments = new TreeMap<>(Map.of("slower-percent", "20"));
        counters(arguments, "old", oldFirst, oldNext);
        counters(arguments, "new", newFirst, newNext);
        return new Comparison().judge(arguments, Answer.service(200, ""));
    }

    @Test
    void aFifthSlowerIsAllowed() {
        assertThat(judged(0.2, 0.02, 0.23, 0.023).holds()).isTrue();
    }

    @Test
    void moreThanThatIsNotAndTheNumbersAreSaid() {
        Judgement judgement = judged(0.2, 0.02, 0.2, 0.05);

        assertThat(judgement.holds()).isFalse();
        assertThat(judgement.because())
                .isEqualTo("first token after 0.20 s (before: 0.20 s), 20 tokens/s for one request (before: 50)");
    }

    @Test
    void aLateFirstTokenIsSlowToo() {
        assertThat(judged(0.2, 0.02, 0.9, 0.02).holds()).isFalse();
    }

    @Test
    void countersThatDoNotMoveProveNothingAboutTheNewOne() {
        Map<String, String> arguments = new TreeMap<>();
        counters(arguments, "old", 0.2, 0.02);
        counters(arguments, "new", 0.2, 0.02);
        for (int i = 0; i <= 3; i++) {
            arguments.put("new." + i + ".first-count", "100.0");
        }

        assertThat(new Comparison().judge(arguments, Answer.service(200, "")).holds())
                .isFalse();
    }

    @Test
    void hostileNumbersAreNotNumbers() {
        assertThat(new Comparison()
                        .judge(Map.of("new.0.first-sum", "NaN", "old.0.first-sum", "1e999999"), Answer.service(200, ""))
                        .because())
                .contains("nothing to compare with");
    }
}
