package dev.rackhouse.inventory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many calls a lab may still be asked within a minute. A sliding window; safe for many threads. */
final class Allowance {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final Deque<Instant> calls = new ArrayDeque<>();

    Allowance(Clock clock) {
        this.clock = clock;
    }

    /** Notes a call that is made in any case. */
    synchronized void spend() {
        calls.addLast(clock.instant());
    }

    /** Takes one call out of the allowance, if this leaves it within so many a minute. */
    synchronized boolean take(int perMinute) {
        forget();
        if (calls.size() >= perMinute) {
            return false;
        }
        calls.addLast(clock.instant());
        return true;
    }

    synchronized int spentInTheLastMinute() {
        forget();
        return calls.size();
    }

    private void forget() {
        Instant before = clock.instant().minus(WINDOW);
        while (!calls.isEmpty() && !calls.getFirst().isAfter(before)) {
            calls.removeFirst();
        }
    }
}
