package dev.rackhouse.inference.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How long clients wait is read from the difference of two scrapes. */
class HistogramTest {

    private static String busy() throws IOException {
        try (InputStream in = HistogramTest.class.getResourceAsStream("/inference/samples/vllm/metrics-v1-busy.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Histogram of(double... upTo) {
        var buckets = new TreeMap<Double, Double>();
        buckets.put(0.1, upTo[0]);
        buckets.put(0.5, upTo[1]);
        buckets.put(Double.POSITIVE_INFINITY, upTo[2]);
        return new Histogram(buckets);
    }

    @Test
    void readsVllmsTimeToFirstToken() throws IOException {
        Latencies latencies = Latencies.vllm(busy()).orElseThrow();

        assertThat(latencies.firstToken().count()).isEqualTo(328);
        // 164 of 328 lie between 0.1 s (40) and 0.25 s (230)
        assertThat(latencies.firstToken().quantile(0.5).orElseThrow())
                .isCloseTo(0.1 + 0.15 * (164 - 40) / (230.0 - 40), within(1e-9));
    }

    @Test
    void onlyWhatCameSinceTheEarlierScrapeCounts() {
        Histogram since = of(10, 30, 30).since(of(10, 10, 10));

        assertThat(since.count()).isEqualTo(20);
        assertThat(since.quantile(0.5).orElseThrow()).isCloseTo(0.3, within(1e-9));
    }

    @Test
    void noTrafficIsNotZero() {
        assertThat(of(10, 30, 30).since(of(10, 30, 30)).quantile(0.5)).isEmpty();
    }

    @Test
    void anEngineThatBeganAnewCountsFromItsBeginning() {
        assertThat(of(1, 2, 2).since(of(10, 30, 30)).count()).isEqualTo(2);
    }

    @Test
    void whatLiesBeyondTheLastBoundIsNotInvented() {
        assertThat(of(0, 0, 4).quantile(0.95).orElseThrow()).isEqualTo(0.5);
    }

    @Test
    void llamaCountsNone() {
        assertThat(Latencies.vllm("llamacpp:requests_processing 1\n")).isEmpty();
        assertThat(new Histogram(new TreeMap<>(Map.of())).quantile(0.5)).isEmpty();
    }
}
