package dev.rackhouse.runbook;

import java.time.Duration;

/**
 * How often a step is tried again by itself after a failure that may pass (the machine was not reached, a lock was held). What a
 * machine refused for good is not repeated.
 *
 * @param attempts in all, the first included; at least 1
 * @param first pause before the second attempt; doubled each time
 * @param longest pause
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {

    public RetryPolicy {
        if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("A retry policy needs at least one attempt and growing pauses");
        }
    }

    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO);
    }

    /** Three attempts, five and ten seconds apart. */
    public static RetryPolicy usual() {
        return new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    public static RetryPolicy times(int attempts, Duration first) {
        return new RetryPolicy(attempts, first, first.multipliedBy(16));
    }

    /** The pause after so many failed attempts. */
    Duration pauseAfter(int failed) {
        Duration pause = first.multipliedBy(1L << Math.min(failed - 1, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
