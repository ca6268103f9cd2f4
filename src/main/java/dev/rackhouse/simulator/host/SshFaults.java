package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.session.Session;

/** Failures of one SSH door, switched on and off from outside. Thread-safe. */
public final class SshFaults {
    private volatile long slowMillis;
    private volatile long dropAfterMillis = -1;

    /** Every command waits this long before it runs; 0 for none. */
    public void slow(long millis) {
        this.slowMillis = millis;
    }

    /** The next command loses its connection this long after it started; the command itself goes on. */
    public void dropNextCommandAfter(long millis) {
        this.dropAfterMillis = millis;
    }

    /** No failures any more. */
    public void clear() {
        slowMillis = 0;
        dropAfterMillis = -1;
    }

    void beforeCommand(Session session) throws InterruptedException {
        if (slowMillis > 0) {
            TimeUnit.MILLISECONDS.sleep(slowMillis);
        }
    }

    void duringCommand(Session session) throws IOException, InterruptedException {
        long after = dropAfterMillis;
        if (after >= 0) {
            dropAfterMillis = -1;
            TimeUnit.MILLISECONDS.sleep(after);
            session.close(true);
        }
    }
}
