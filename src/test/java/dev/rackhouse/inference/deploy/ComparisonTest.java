package dev.rackhouse.inference.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a new engine counts as fast as the old one. */
class ComparisonTest {

    private static void counters(Map<String, String> arguments, String who, double first, double next) {
        arguments.putAll(Map.of(
                who + ".from.first-sum", "10.0",
                who + ".from.first-count", "100.0",
                who + ".from.next-sum", "50.0",
                who + ".from.next-count", "1000.0",
                who + ".to.first-sum", Double.toString(10 + 3 * first),
                who + ".to.first-count", "103.0",
                who + ".to.next-sum", Double.toString(50 + 24 * next),
                who + ".to.next-count", "1024.0"));
    }

    private static Judgement judged(double oldFirst, double oldNext, double newFirst, double newNext) {
        Map<String, String> arguments = new TreeMap<>();
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
        assertThat(judgement.because()).isEqualTo("first token after 0.20 s (before: 0.20 s), 20 tokens/s for one request (before: 50)");
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
        arguments.put("new.to.first-count", "100.0");

        assertThat(new Comparison().judge(arguments, Answer.service(200, "")).holds()).isFalse();
    }

    @Test
    void hostileNumbersAreNotNumbers() {
        assertThat(new Comparison()
                        .judge(Map.of("new.to.first-sum", "NaN", "old.to.first-sum", "1e999999"), Answer.service(200, ""))
                        .because())
                .contains("nothing to compare with");
    }
}
