package dev.rackhouse.simulator.serving;

import java.util.concurrent.TimeUnit;

/**
 * How fast time passes: durations are given as on real computers and divided by the speed.
 *
 * @param speed 1 for real time, 20 for twenty times faster
 */
public record Tempo(double speed) {

    /** Returns when so many simulated seconds have passed. */
    void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9 / speed));
    }

    /** Simulated seconds since a moment of {@link System#nanoTime()}. */
    double since(long moment) {
        return (System.nanoTime() - moment) * speed / 1e9;
    }
}
