package dev.rackhouse.runbook;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners in this JVM that something about a run has been stored, by whichever console. One connection listens; when it is
 * lost, everybody is told once after it is back. Listeners are called on the feed's own thread and must be quick.
 */
public final class RunFeed implements AutoCloseable {

    /** Ends a listening. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private static final Logger LOG = LoggerFactory.getLogger(RunFeed.class);
    private static final int WAIT_MILLIS = 1_000;

    private final DataSource source;
    private final Map<RunId, List<Runnable>> ofOne = new ConcurrentHashMap<>();
    private final List<Runnable> ofAny = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    RunFeed(DataSource source) {
        this.source = source;
        this.thread = Thread.ofVirtual().name("run-feed").unstarted(this::listen);
    }

    RunFeed start() {
        thread.start();
        return this;
    }

    /** Called after each write about this run. */
    public Registration on(RunId run, Runnable listener) {
        ofOne.computeIfAbsent(run, _ -> new CopyOnWriteArrayList<>()).add(listener);
        return () -> ofOne.computeIfPresent(run, (_, list) -> {
            list.remove(listener);
            return list.isEmpty() ? null : list;
        });
    }

    /** Called after each write about any run. */
    public Registration onAny(Runnable listener) {
        ofAny.add(listener);
        return () -> ofAny.remove(listener);
    }

    private void listen() {
        boolean again = false;
        while (!closed) {
            try (Connection open = source.getConnection()) {
                open.setAutoCommit(true);
                try (var statement = open.createStatement()) {
                    statement.execute("listen " + RunJournal.CHANNEL);
                }
                if (again) {
                    List.copyOf(ofOne.keySet()).forEach(this::tell);
                }
                hear(open.unwrap(PGConnection.class));
            } catch (SQLException lost) {
                if (!closed) {
                    LOG.warn("Live updates of runs pause: {}", lost.getMessage());
                    LockSupport.parkNanos(2_000_000_000L);
                }
            }
            again = true;
        }
    }

    private void hear(PGConnection from) throws SQLException {
        while (!closed) {
            PGNotification[] heard = from.getNotifications(WAIT_MILLIS);
            if (heard == null) {
                continue;
            }
            List.of(heard).stream().map(PGNotification::getParameter).distinct().forEach(run -> tell(RunId.parse(run)));
        }
    }

    private void tell(RunId run) {
        ofOne.getOrDefault(run, List.of()).forEach(RunFeed::call);
        ofAny.forEach(RunFeed::call);
    }

    private static void call(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("A listener to runs failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofMillis(2 * WAIT_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
