package dev.rackhouse.simulator.serving;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The requests that an engine works on together: so many at once, others wait in line; tokens come at the engine's pace, a little slower
 * for each the more there are. Safe for many threads.
 */
final class Batch {
    /** Tokens of one request: called each time some have come. */
    interface Tokens {
        /** @param count new ones */
        void came(int count) throws IOException;
    }

    private final Tempo tempo;
    private final double tokensPerSecond;
    private final Semaphore places;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong generated = new AtomicLong();
    private final AtomicLong prompted = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong nanosBusy = new AtomicLong();
    private final Runnable changed;

    /**
     * @param tokensPerSecond of a request that runs alone
     * @param most requests at once
     * @param changed told when the number of running requests has changed
     */
    Batch(Tempo tempo, double tokensPerSecond, int most, Runnable changed) {
        this.tempo = tempo;
        this.tokensPerSecond = tokensPerSecond;
        this.places = new Semaphore(Math.max(1, most), true);
        this.changed = changed;
    }

    int running() {
        return running.get();
    }

    int waiting() {
        return waiting.get();
    }

    long generated() {
        return generated.get();
    }

    long prompted() {
        return prompted.get();
    }

    /** Tokens of all running requests, which lie in the cache. */
    long held() {
        return held.get();
    }

    double secondsBusy() {
        return nanosBusy.get() / 1e9 * tempo.speed();
    }

    /**
     * What a request took, in simulated seconds: what the engine needed by its own pace, not what a busy computer added, which a hundredfold
     * speed would make a hundred times as long.
     */
    record Took(double queued, double toFirst, double perToken, double all, int tokens) {}

    /** Waits in line for a place; returns how long, and nothing where one was free. */
    private double place() throws InterruptedException {
        if (places.tryAcquire()) {
            return 0;
        }
        long asked = System.nanoTime();
        waiting.incrementAndGet();
        try {
            places.acquire();
            return tempo.since(asked);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Works on one request.
     *
     * @param broken asked between tokens: whether the engine works no more
     * @param stuck asked between tokens: whether nothing moves
     * @throws IOException when the client is gone or the engine is
     */
    Took work(int promptTokens, int tokens, BooleanSupplier broken, BooleanSupplier stuck, Tokens told)
            throws IOException, InterruptedException {
        double queued = place();
        long began = System.nanoTime();
        running.incrementAndGet();
        changed.run();
        int done = 0;
        held.addAndGet(promptTokens);
        try {
            double first = 0.08 + promptTokens / 4000.0;
            double taken = first;
            tempo.sleep(first);
            // prompts are counted when they are computed, which a stuck engine does not do either
            while (stuck.getAsBoolean() && !broken.getAsBoolean()) {
                tempo.sleep(0.5);
                taken += 0.5;
            }
            first = taken;
            prompted.addAndGet(promptTokens);
            while (done < tokens) {
                if (broken.getAsBoolean()) {
                    throw new IOException("the engine is gone");
                }
                if (stuck.getAsBoolean()) {
                    tempo.sleep(0.5);
                    taken += 0.5;
                    continue;
                }
                double rate = tokensPerSecond / (1 + 0.05 * (running.get() - 1));
                // never shorter than what a thread can sleep
                int now = Math.min(tokens - done, Math.max(1, (int) Math.ceil(rate * tempo.speed() * 0.002)));
                tempo.sleep(now / rate);
                taken += now / rate;
                done += now;
                generated.addAndGet(now);
                held.addAndGet(now);
                told.came(now);
            }
            return new Took(queued, queued + first, tokens < 2 ? 0 : (taken - first) / tokens, queued + taken, tokens);
        } finally {
            held.addAndGet(-promptTokens - done);
            nanosBusy.addAndGet(System.nanoTime() - began);
            running.decrementAndGet();
            places.release();
            changed.run();
        }
    }
}
