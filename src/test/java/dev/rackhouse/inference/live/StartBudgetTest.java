package dev.rackhouse.inference.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long a start may take, by what starts took before. */
class StartBudgetTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private static StartTimes past(long... seconds) {
        List<StartTimes.Start> starts = java.util.Arrays.stream(seconds)
                .mapToObj(s -> new StartTimes.Start(Instant.EPOCH, Duration.ofSeconds(s), Map.of()))
                .toList();
        return new StartTimes(starts);
    }

    @Test
    void fiveMinutesAreTheLeast() {
        assertThat(StartBudget.of(past(70, 60, 80), TEN_MINUTES).words())
                .isEqualTo("usually 70 s, given up after 300 s");
    }

    @Test
    void twiceTheSlowestOfTwentyWhereThatIsLonger() {
        assertThat(StartBudget.of(past(100, 100, 100, 240), TEN_MINUTES).most()).isEqualTo(Duration.ofSeconds(480));
    }

    @Test
    void beforeTheFirstStartTheKindDecides() {
        assertThat(StartBudget.of(StartTimes.NONE, TEN_MINUTES).words()).isEqualTo("given up after 600 s");
    }

    @Test
    void oneSlowStartOfManyCountsAsLongAsItIsRemembered() {
        List<StartTimes.Start> many = Stream.concat(past(400).starts().stream(), past(60, 60, 60).starts().stream())
                .toList();

        assertThat(StartBudget.of(new StartTimes(many), TEN_MINUTES).most()).isEqualTo(Duration.ofSeconds(800));
    }
}
