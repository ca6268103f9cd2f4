package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some hours of pretend engines; {@code ./rackhouse health-day} plays whole days. */
class HealthDayTest {

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void restartsNoHealthyEngineAndFindsEachWedgeWithinTwoMinutes(long seed) {
        HealthDay.Report report = new HealthDay(seed, 4, Duration.ofHours(6)).play();

        assertThat(report.wrongRestarts()).isEmpty();
        assertThat(report.missed()).isZero();
        assertThat(report.wedges()).isGreaterThan(5);
        assertThat(report.longestSeconds()).isLessThanOrEqualTo(120);
    }

    @Test
    void theDayHasEveryKindOfMoment() {
        HealthDay.Report report = new HealthDay(11, 4, Duration.ofHours(6)).play();

        assertThat(report.looks()).containsKeys("loading", "ready", "busy", "saturated", "wedged", "dead");
        assertThat(report.reloads()).isPositive();
    }
}
