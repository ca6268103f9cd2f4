package dev.rackhouse.integration;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something when a time has passed, unless it is closed before. */
public final class Deadline implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean passed = new AtomicBoolean();
    private final Thread waiting;

    private Deadline(Duration time, Runnable then) {
        this.waiting = Thread.ofVirtual().name("deadline").start(() -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException inTime) {
                return;
            }
            if (over.compareAndSet(false, true)) {
                passed.set(true);
                then.run();
            }
        });
    }

    /** @param then run on a thread of its own, at most once; should not block */
    public static Deadline after(Duration time, Runnable then) {
        return new Deadline(time, then);
    }

    /** Whether the time ran out before this was closed. */
    public boolean passed() {
        return passed.get();
    }

    @Override
    public void close() {
        over.set(true);
        waiting.interrupt();
    }
}
