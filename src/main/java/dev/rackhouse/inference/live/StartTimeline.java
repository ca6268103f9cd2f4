package dev.rackhouse.inference.live;

import dev.rackhouse.inference.health.LoadPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The start of an engine, phase by phase: what it did, what it does, what comes.
 *
 * @param startedAt when its process began
 * @param readyAt null while it is on its way
 * @param usual a whole start (95th percentile of past ones)
 * @param learned whether that comes from its own past
 */
public record StartTimeline(
        Instant startedAt, @Nullable Instant readyAt, List<Step> steps, Duration usual, boolean learned) {

    /** How far a phase is. */
    public enum Progress {
        DONE,
        NOW,
        AHEAD
    }

    /**
     * One phase.
     *
     * @param from null while it is ahead
     * @param until null while it has not ended
     * @param median of past starts; what is usual elsewhere where there are none
     * @param most 95th percentile of past starts
     */
    public record Step(
            LoadPhase phase,
            Progress progress,
            @Nullable Instant from,
            @Nullable Instant until,
            Duration median,
            Duration most) {

        /** How long it took, or takes until now. */
        public Duration took(Instant now) {
            Instant begin = from;
            Instant end = until;
            return begin == null ? Duration.ZERO : Duration.between(begin, end == null ? now : end);
        }
    }

    /** When a phase was reached. */
    record Mark(LoadPhase phase, Instant at) {}

    public StartTimeline {
        steps = List.copyOf(steps);
    }

    /**
     * @param order what this engine does between start and first token
     * @param marks in the order of time; a phase that the log did not name was passed over
     */
    static StartTimeline of(
            Instant startedAt, List<LoadPhase> order, List<Mark> marks, StartTimes past, Duration usualTotal) {
        Map<LoadPhase, Instant> reached = new EnumMap<>(LoadPhase.class);
        marks.forEach(m -> reached.putIfAbsent(m.phase(), m.at()));
        LoadPhase last = marks.isEmpty() ? null : marks.getLast().phase();
        List<Step> steps = new ArrayList<>();
        Instant from = startedAt;
        List<LoadPhase> named = order.stream()
                .filter(p -> p != LoadPhase.READY)
                .filter(p -> reached.containsKey(p) || last == null || p.compareTo(last) > 0)
                .toList();
        boolean going = last != LoadPhase.READY;
        for (int i = 0; i < named.size(); i++) {
            LoadPhase phase = named.get(i);
            Duration median = past.phase(phase, 0.5).orElse(phase.usual());
            Duration most = past.phase(phase, 0.95).orElse(phase.usual());
            boolean begun = reached.containsKey(phase) || i == 0;
            if (!begun) {
                steps.add(new Step(phase, Progress.AHEAD, null, null, median, most));
                continue;
            }
            Instant begin = i == 0 ? from : reached.get(phase);
            Instant end = next(reached, phase);
            steps.add(
                    end == null && going
                            ? new Step(phase, Progress.NOW, begin, null, median, most)
                            : new Step(phase, Progress.DONE, begin, end, median, most));
        }
        return new StartTimeline(
                startedAt,
                reached.get(LoadPhase.READY),
                steps,
                usualTotal,
                past.total(0.95).isPresent());
    }

    private static @Nullable Instant next(Map<LoadPhase, Instant> reached, LoadPhase phase) {
        return reached.entrySet().stream()
                .filter(e -> e.getKey().compareTo(phase) > 0)
                .map(Map.Entry::getValue)
                .min(java.util.Comparator.naturalOrder())
                .orElse(null);
    }

    /** What a finished start teaches; empty while it is on its way. */
    java.util.Optional<StartTimes.Start> lesson() {
        Instant ready = readyAt;
        if (ready == null || ready.isBefore(startedAt)) {
            return java.util.Optional.empty();
        }
        Map<LoadPhase, Duration> phases = new EnumMap<>(LoadPhase.class);
        for (Step step : steps) {
            Instant end = step.until();
            if (step.from() != null && end != null && !end.isBefore(step.from())) {
                phases.put(step.phase(), Duration.between(step.from(), end));
            }
        }
        return java.util.Optional.of(new StartTimes.Start(startedAt, Duration.between(startedAt, ready), phases));
    }
}
