package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.PlaceRef;
import java.time.Duration;

/**
 * What an operator wants: this mode in this place.
 *
 * @param drain how long requests under way have before their engine is stopped, 0 to 30 minutes; for each engine and for the router
 */
public record SwapDraft(PlaceRef place, String mode, Duration drain, AtDeadline atDeadline) {

    /** What happens when requests are still under way after that time. */
    public enum AtDeadline {
        /** Nothing was stopped yet: clients are sent to the old set again. */
        RETURN,
        /** The old set is stopped, and what is still under way is cut off. */
        GO_ON
    }

    public SwapDraft {
        if (drain.isNegative() || drain.compareTo(Duration.ofMinutes(30)) > 0) {
            throw new IllegalArgumentException("Requests have between no time and half an hour to end");
        }
    }

    /** Two minutes, then back. */
    public static SwapDraft to(PlaceRef place, String mode) {
        return new SwapDraft(place, mode, Duration.ofMinutes(2), AtDeadline.RETURN);
    }

    public SwapDraft draining(Duration time) {
        return new SwapDraft(place, mode, time, atDeadline);
    }

    public SwapDraft then(AtDeadline what) {
        return new SwapDraft(place, mode, drain, what);
    }
}
