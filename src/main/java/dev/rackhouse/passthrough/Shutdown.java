package dev.rackhouse.passthrough;

import java.time.Duration;
import java.util.List;

/**
 * What happens to a running guest that is asked to shut down.
 *
 * @param minutes how long it has for it, from 1 to 60
 * @param hard whether one that is not down by then is stopped hard; else the run stops and offers to put all back
 */
public record Shutdown(int minutes, boolean hard) {

    /** What is done when nobody chose otherwise: nothing is forced. */
    public static final Shutdown PATIENT = new Shutdown(3, false);

    /** What a person can choose from. */
    public static final List<Shutdown> CHOICES =
            List.of(PATIENT, new Shutdown(15, false), new Shutdown(3, true), new Shutdown(15, true));

    public Shutdown {
        if (minutes < 1 || minutes > 60) {
            throw new IllegalArgumentException("A guest has 1 to 60 minutes to shut down, not " + minutes);
        }
    }

    Duration patience() {
        return Duration.ofMinutes(minutes);
    }

    /** For the operator: {@code One that is not down after 3 minutes is stopped hard.} */
    public String sentence() {
        return hard
                ? "One that is not down after %d minutes is stopped hard, as if its power was cut.".formatted(minutes)
                : "One that is not down after %d minutes is not forced: the run then stops and offers to put all back."
                        .formatted(minutes);
    }
}
