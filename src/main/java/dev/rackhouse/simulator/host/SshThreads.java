package dev.rackhouse.simulator.host;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.common.util.threads.NoCloseExecutor;

/** Threads that all SSH doors of the process share. */
final class SshThreads {
    private static final ExecutorService WORKERS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("ssh-", 0).factory());
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ssh-timer").factory());

    private SshThreads() {}

    static CloseableExecutorService shared() {
        return new NoCloseExecutor(WORKERS);
    }

    static ScheduledExecutorService timer() {
        return TIMER;
    }
}
