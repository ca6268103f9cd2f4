package dev.rackhouse.simulator.pve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The lab's clock: real time moved by an offset; and waiting that the speed shortens. Thread-safe. */
final class SimClock {
    private volatile long offsetMillis;
    private volatile double speed;

    SimClock(@Nullable Long startSeconds, double speed) {
        this.speed = speed;
        if (startSeconds != null) {
            set(startSeconds);
        }
    }

    /** Unix time in seconds. */
    long now() {
        return (System.currentTimeMillis() + offsetMillis) / 1000;
    }

    void set(long seconds) {
        offsetMillis = seconds * 1000 - System.currentTimeMillis();
    }

    double speed() {
        return speed;
    }

    void speed(double faster) {
        speed = faster;
    }

    /** Real duration of a wait in the lab, in nanoseconds. */
    long real(Duration wait) {
        return (long) (wait.toNanos() / speed);
    }

    /** Waits; an interrupt ends the wait. */
    void pause(Duration wait) throws InterruptedException {
        long nanos = real(wait);
        if (nanos > 0) {
            Thread.sleep(Duration.ofNanos(nanos));
        }
    }
}
