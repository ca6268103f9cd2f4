package dev.rackhouse.inference.live;

import dev.rackhouse.inference.health.LoadPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long past starts of one deployment took, newest first.
 *
 * @param starts at most the last {@link #KEPT}
 */
public record StartTimes(List<Start> starts) {

    /** So many are remembered: enough for a 95th percentile that forgets an old disk. */
    public static final int KEPT = 20;

    public static final StartTimes NONE = new StartTimes(List.of());

    /**
     * One start that came to its end.
     *
     * @param total from the start of the process until it was ready
     */
    public record Start(Instant startedAt, Duration total, Map<LoadPhase, Duration> phases) {
        public Start {
            phases = phases.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(phases));
        }
    }

    public StartTimes {
        starts = List.copyOf(starts);
    }

    /** Without the start that began then: nothing is measured by itself. */
    StartTimes before(Instant startedAt) {
        return new StartTimes(
                starts.stream().filter(s -> !s.startedAt().equals(startedAt)).toList());
    }

    /** Empty before the first start. */
    public Optional<Duration> total(double share) {
        return quantile(starts.stream().map(Start::total).toList(), share);
    }

    /** Empty when no past start had that phase. */
    public Optional<Duration> phase(LoadPhase phase, double share) {
        return quantile(
                starts.stream()
                        .map(s -> s.phases().get(phase))
                        .filter(java.util.Objects::nonNull)
                        .toList(),
                share);
    }

    private static Optional<Duration> quantile(List<Duration> times, double share) {
        if (times.isEmpty()) {
            return Optional.empty();
        }
        List<Duration> sorted = times.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        return Optional.of(sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1)));
    }
}
