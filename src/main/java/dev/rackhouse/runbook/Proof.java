package dev.rackhouse.runbook;

import java.time.Duration;

/**
 * A check that must hold within a time.
 *
 * @param within from the first look; zero: it must hold at the first
 * @param every between two looks; at least a second
 */
public record Proof(Check check, Duration within, Duration every) {

    public Proof {
        if (within.isNegative() || every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "A proof needs a time of zero or more and looks at least a second apart");
        }
    }

    /** Looks at once. */
    public static Proof now(Check check) {
        return new Proof(check, Duration.ZERO, Duration.ofSeconds(1));
    }

    /** Looks every three seconds; every two where the time is short. */
    public static Proof within(Duration within, Check check) {
        return new Proof(check, within, Duration.ofSeconds(within.compareTo(Duration.ofMinutes(1)) > 0 ? 3 : 2));
    }
}
