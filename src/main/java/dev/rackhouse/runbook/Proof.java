package dev.rackhouse.runbook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A check that must hold within a time.
 *
 * @param within from the first look; zero: it must hold at the first
 * @param every between two looks; at least a second
 * @param what completes "waiting: ...", {@code caraxes answers with a new boot}; null: what the last look said is shown
 * @param meanwhile must stay so while it is waited for: when it is not, waiting is over at once, {@code the container runs}; null:
 *     nothing. A machine that cannot be asked about it is not held against it
 * @param otherwise when it is not so in time, the run goes on all the same and says this; null: then it has failed
 */
public record Proof(
        Check check,
        Duration within,
        Duration every,
        @Nullable String what,
        @Nullable Check meanwhile,
        @Nullable String otherwise) {

    public Proof {
        if (within.isNegative() || every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "A proof needs a time of zero or more and looks at least a second apart");
        }
    }

    /** Looks at once. */
    public static Proof now(Check check) {
        return new Proof(check, Duration.ZERO, Duration.ofSeconds(1), null, null, null);
    }

    /** Looks every three seconds; every two where the time is short. */
    public static Proof within(Duration within, Check check) {
        return new Proof(
                check,
                within,
                Duration.ofSeconds(within.compareTo(Duration.ofMinutes(1)) > 0 ? 3 : 2),
                null,
                null,
                null);
    }

    /** A copy that says what is waited for. */
    public Proof called(String waitedFor) {
        return new Proof(check, within, every, waitedFor, meanwhile, otherwise);
    }

    /** A copy that gives up at once when this is not so any more. */
    public Proof asLongAs(Check staysSo) {
        return new Proof(check, within, every, what, staysSo, otherwise);
    }

    /** A copy after which the run goes on when the time is over, or when what must stay so does not. */
    public Proof orGoOn(String otherwise) {
        return new Proof(check, within, every, what, meanwhile, otherwise);
    }
}
