package dev.rackhouse.inference.live;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine's figures at one moment, for charts. What is not known is null; no traffic is not zero latency.
 *
 * @param kvUse 0 to 1
 * @param firstTokenP50 seconds until the first token, over the last minute
 * @param nextTokenP50 seconds between tokens, likewise
 */
public record EnginePoint(
        Instant at,
        @Nullable Double tokensPerSecond,
        @Nullable Integer running,
        @Nullable Integer waiting,
        @Nullable Double kvUse,
        @Nullable Double firstTokenP50,
        @Nullable Double firstTokenP95,
        @Nullable Double nextTokenP50,
        @Nullable Double nextTokenP95) {

    /** One point for a minute: rates are means, queues the longest, latencies those of the last look. */
    static EnginePoint minute(List<EnginePoint> points) {
        EnginePoint last = points.getLast();
        return new EnginePoint(
                last.at(),
                mean(points, EnginePoint::tokensPerSecond),
                most(points, EnginePoint::running),
                most(points, EnginePoint::waiting),
                mean(points, EnginePoint::kvUse),
                last.firstTokenP50(),
                last.firstTokenP95(),
                last.nextTokenP50(),
                last.nextTokenP95());
    }

    private static @Nullable Double mean(List<EnginePoint> points, Function<EnginePoint, @Nullable Double> value) {
        OptionalDouble mean = points.stream()
                .map(value)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .average();
        return mean.isPresent() ? Double.valueOf(mean.getAsDouble()) : null;
    }

    private static @Nullable Integer most(List<EnginePoint> points, Function<EnginePoint, @Nullable Integer> value) {
        return points.stream()
                .map(value)
                .filter(Objects::nonNull)
                .max(Integer::compare)
                .orElse(null);
    }
}
