package dev.rackhouse.inference.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What engines did is kept by the minute, and what starts took is remembered. */
class LiveStoreTest {

    private static final Instant AT = Instant.parse("2026-11-28T10:00:00Z");
    private static final DeploymentId ID = new DeploymentId("vllm-14b");

    private final LiveStore store = new LiveStore(JdbcClient.create(TestDatabase.migrated()));

    private static EnginePoint point(Instant at, double rate) {
        return new EnginePoint(at, rate, 4, 0, 0.5, 0.25, 0.5, null, null);
    }

    @Test
    void aMinuteIsReadAsItWasWrittenAndOnlyTheFirstOfTwoConsolesCounts() {
        store.add(ID, point(AT, 84));
        store.add(ID, point(AT, 12));

        assertThat(store.engine(ID, AT.minusSeconds(1))).containsExactly(point(AT, 84));
        assertThat(store.engine(ID, AT.plusSeconds(1))).isEmpty();
    }

    @Test
    void aCardsFiguresAreReadAsTheyWereWritten() {
        CardPoint point = new CardPoint(AT, 21811, 338.5, 0.5, null);
        store.add(Samples.GUEST, Samples.GPU_0.uuid(), point);

        assertThat(store.card(Samples.GUEST, Samples.GPU_0.uuid(), AT)).containsExactly(point);
        assertThat(store.card(Samples.GUEST, Samples.GPU_1.uuid(), AT)).isEmpty();
    }

    @Test
    void whatIsTooOldGoes() {
        store.add(ID, point(AT, 84));
        store.add(ID, point(AT.plus(Duration.ofDays(20)), 84));
        store.add(Samples.GUEST, Samples.GPU_0.uuid(), new CardPoint(AT, 1, null, null, null));

        assertThat(store.oldest()).isEqualTo(AT);
        assertThat(store.purge(AT.plus(Duration.ofDays(14)))).isEqualTo(2);
        assertThat(store.oldest()).isEqualTo(AT.plus(Duration.ofDays(20)));
    }

    @Test
    void theLastTwentyStartsAreRemembered() {
        for (int i = 1; i <= 25; i++) {
            store.learn(
                    ID,
                    new StartTimes.Start(
                            AT.plus(Duration.ofHours(i)),
                            Duration.ofSeconds(100 + i),
                            Map.of(LoadPhase.WEIGHTS, Duration.ofSeconds(i))));
        }

        StartTimes times = store.of(ID);

        assertThat(times.starts()).hasSize(20);
        assertThat(times.total(0.5)).contains(Duration.ofSeconds(115));
        assertThat(times.phase(LoadPhase.WEIGHTS, 0.95)).contains(Duration.ofSeconds(24));
        assertThat(times.phase(LoadPhase.KV, 0.95)).isEmpty();
    }

    @Test
    void theSameStartCountsOnce() {
        StartTimes.Start start = new StartTimes.Start(AT, Duration.ofSeconds(100), Map.of());
        store.learn(ID, start);

        assertThat(store.learn(ID, start).starts()).containsExactly(start);
    }
}
