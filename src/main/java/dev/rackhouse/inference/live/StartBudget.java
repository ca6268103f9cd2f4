package dev.rackhouse.inference.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the start of an engine may take: twice what nineteen of twenty past starts of the deployment took, and five minutes at least.
 *
 * @param usual the median of past starts; null before the first one
 * @param most after which a start is given up
 */
public record StartBudget(@Nullable Duration usual, Duration most) {

    private static final Duration LEAST = Duration.ofSeconds(300);

    /** @param untilLearned what is allowed before the first start was seen */
    public static StartBudget of(StartTimes past, Duration untilLearned) {
        return past.total(0.95)
                .map(slow -> new StartBudget(past.total(0.5).orElse(slow), longer(slow.multipliedBy(2), LEAST)))
                .orElseGet(() -> new StartBudget(null, untilLearned));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** {@code usually 70 s, given up after 300 s}. */
    public String words() {
        String end = "given up after " + most.toSeconds() + " s";
        return usual == null ? end : "usually " + Math.max(1, usual.toSeconds()) + " s, " + end;
    }
}
