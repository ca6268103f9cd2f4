package dev.rackhouse.inference.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest figures of one thing, in memory, and the minutes among them that are to be stored. Safe for many threads.
 *
 * @param <P> figures at one moment
 */
final class Trail<P> {

    private static final Duration MEMORY = Duration.ofMinutes(20);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Function<P, Instant> at;
    private final Function<List<P>, P> minute;
    private final Deque<P> points = new ArrayDeque<>();
    private @Nullable Instant storedUntil;

    /** @param minute makes one of the points of a minute, oldest first */
    Trail(Function<P, Instant> at, Function<List<P>, P> minute) {
        this.at = at;
        this.minute = minute;
    }

    /** @return the minute that has just become full, to be stored; null when none has */
    synchronized @Nullable P add(P point) {
        Instant now = at.apply(point);
        points.addLast(point);
        while (at.apply(points.getFirst()).isBefore(now.minus(MEMORY))) {
            points.removeFirst();
        }
        Instant from = storedUntil;
        if (from != null && Duration.between(from, now).compareTo(MINUTE) < 0) {
            return null;
        }
        storedUntil = now;
        return minute.apply(from == null ? List.of(point) : after(from));
    }

    /** Those after a moment, oldest first. */
    synchronized List<P> after(Instant moment) {
        return points.stream().filter(p -> at.apply(p).isAfter(moment)).toList();
    }
}
