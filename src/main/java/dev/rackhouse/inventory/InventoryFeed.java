package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunStarted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Keeps open pages up to date. Facts that changed reach a page at once, but no more often than every twenty seconds after that, so
 * that what is pushed to one viewer stays small; ages are set anew every thirty seconds. Pages read the database, never a machine.
 */
@org.springframework.stereotype.Component
public class InventoryFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InventoryFeed.class);
    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(20);
    private static final Duration BETWEEN_TICKS = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofSeconds(2);

    /** What an open page does. Both are called on the UI thread. */
    public interface Listener {

        /** Facts changed: read them again. */
        void changed();

        /** Nothing changed, but time passed: set ages and figures anew. Must cost little. */
        void ticked();
    }

    private static final class Subscription {
        private final UI ui;
        private final Listener listener;
        private volatile boolean dirty;
        private volatile Instant lastChange = Instant.EPOCH;
        private volatile Instant lastTick;

        Subscription(UI ui, Listener listener, Instant now) {
            this.ui = ui;
            this.listener = listener;
            this.lastTick = now;
        }
    }

    private final Inventory inventory;
    private final Clock clock;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    InventoryFeed(Inventory inventory, Clock clock) {
        this.inventory = inventory;
        this.clock = clock;
    }

    /** Keeps this page up to date as long as it is attached. Call once, in the constructor. */
    public void follow(Component page, Listener listener) {
        page.addAttachListener(attach -> {
            var subscription = new Subscription(attach.getUI(), listener, clock.instant());
            subscriptions.add(subscription);
            page.addDetachListener(detach -> {
                subscriptions.remove(subscription);
                detach.unregisterListener();
            });
        });
    }

    @EventListener
    void on(InventoryRefreshed event) {
        subscriptions.forEach(s -> s.dirty = true);
        deliver();
    }

    /** Pages show what runs too. */
    @EventListener
    void on(RunStarted event) {
        subscriptions.forEach(s -> s.dirty = true);
    }

    @EventListener
    void on(RunFinished event) {
        subscriptions.forEach(s -> s.dirty = true);
    }

    private void deliver() {
        Instant now = clock.instant();
        for (Subscription s : subscriptions) {
            if (s.dirty && !s.lastChange.plus(BETWEEN_CHANGES).isAfter(now)) {
                s.dirty = false;
                s.lastChange = now;
                s.lastTick = now;
                call(s, s.listener::changed);
            } else if (!s.lastTick.plus(BETWEEN_TICKS).isAfter(now)) {
                s.lastTick = now;
                call(s, s.listener::ticked);
            }
        }
    }

    private static void call(Subscription s, Runnable what) {
        try {
            s.ui.access(what::run);
        } catch (com.vaadin.flow.component.UIDetachedException gone) {
            LOG.trace("the page went away", gone);
        }
    }

    /** Tells the collectors that somebody looks, once for all who look. */
    private void watch() {
        if (!subscriptions.isEmpty()) {
            inventory.labs().stream().filter(l -> !l.paused()).forEach(l -> inventory.watched(l.id()));
        }
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("inventory-feed").start(() -> {
            int step = 0;
            while (running) {
                try {
                    deliver();
                    if (step++ % 5 == 0) {
                        watch();
                    }
                } catch (RuntimeException broken) {
                    LOG.warn("open pages could not be kept up to date", broken);
                }
                LockSupport.parkNanos(STEP.toNanos());
            }
        });
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
