package dev.rackhouse.simulator.host;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How fast things happen on pretend machines: durations are given as on real ones and divided by the speed.
 *
 * @param speed 1 for real time, 20 for twenty times faster
 */
public record Pace(double speed) {
    private static final ScheduledExecutorService TIMER = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().daemon().name("pace").factory());

    /** Moment on the monotonic clock at which so many simulated seconds have passed. */
    long inSeconds(double seconds) {
        return System.nanoTime() + nanos(seconds);
    }

    boolean reached(long moment) {
        return System.nanoTime() - moment >= 0;
    }

    void after(double seconds, Runnable work) {
        TIMER.schedule(
                () -> Thread.ofPlatform().daemon().name("paced").start(work), nanos(seconds), TimeUnit.NANOSECONDS);
    }

    void sleepSeconds(double seconds) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos(seconds));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private long nanos(double seconds) {
        return (long) (seconds * 1e9 / speed);
    }
}
