package dev.rackhouse.inference.health;

import java.time.Duration;

/**
 * What is usual for one deployment.
 *
 * @param start a whole start, as past ones took (95th percentile)
 * @param startBudget a start without any sign of progress may last so long
 * @param silence an engine with requests, whose GPUs do not compute, may make no token for so long
 * @param prefill an engine with requests, whose GPUs compute, may make no token for so long: its longest prompt
 */
public record Expectations(Duration start, Duration startBudget, Duration silence, Duration prefill) {

    /** Before a deployment has a past. */
    public static final Expectations UNKNOWN = new Expectations(
            Duration.ofSeconds(150), Duration.ofSeconds(300), Duration.ofSeconds(60), Duration.ofSeconds(90));

    public Expectations {
        if (silence.isNegative() || silence.isZero() || prefill.compareTo(silence) < 0) {
            throw new IllegalArgumentException("a prompt may take at least as long as silence");
        }
    }

    /** With the 95th percentile of past starts: the budget is twice that, and never below 300 seconds. */
    public Expectations withStart(Duration p95) {
        Duration twice = p95.multipliedBy(2);
        Duration least = UNKNOWN.startBudget;
        return new Expectations(p95, twice.compareTo(least) > 0 ? twice : least, silence, prefill);
    }
}
