package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.inventory.Connections.Connected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts the cycles: one collector a lab, in one replica of the console. A tick a second looks which labs are due; the cycles run on
 * virtual threads, so a lab that hangs holds up no other.
 */
@Component
class Collectors implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Collectors.class);
    private static final Duration WATCHED_FOR = Duration.ofSeconds(30);

    private final LabCollector.Parts parts;
    private final Revisions revisions;
    private final String holder = UUID.randomUUID().toString();
    private final Map<LabId, LabCollector> collectors = new ConcurrentHashMap<>();
    private final Map<LabId, Allowance> allowances = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile @Nullable Thread ticker;

    Collectors(
            Connections connections,
            FactStore facts,
            Contacts contacts,
            Samples samples,
            DetailReader details,
            Probes probes,
            StoredDetails stored,
            Revisions revisions,
            InventorySettings settings,
            Clock clock) {
        this.parts =
                new LabCollector.Parts(connections, facts, contacts, samples, details, probes, stored, settings, clock);
        this.revisions = revisions;
    }

    /** The calls that this replica may make to a lab: shared by the collector and by pages that somebody opens. */
    Allowance allowance(LabId lab) {
        return allowances.computeIfAbsent(lab, id -> new Allowance(parts.clock()));
    }

    private LabCollector collector(LabId lab) {
        return collectors.computeIfAbsent(lab, id -> new LabCollector(id, holder, allowance(id), parts));
    }

    Optional<Connected> connected(LabId lab) {
        return parts.connections().labs().stream()
                .filter(c -> c.id().equals(lab))
                .findFirst();
    }

    /** One look at all labs; starts what is due and returns at once. */
    void tick() {
        revisions.check();
        Instant now = parts.clock().instant();
        for (Connected connected : parts.connections().labs()) {
            LabState state = revisions.states().get(connected.id());
            LabCollector collector = collector(connected.id());
            boolean wanted = state != null && wanted(state, now);
            if (!connected.paused() && collector.due(now, wanted)) {
                boolean watched = state != null && watched(state, now);
                Thread.ofVirtual()
                        .name("inventory-" + connected.name())
                        .start(() -> cycle(collector, connected, watched));
            }
        }
    }

    private static boolean watched(LabState state, Instant now) {
        Instant at = state.watchedAt();
        return at != null && at.plus(WATCHED_FOR).isAfter(now);
    }

    /** Somebody asked after the last attempt; but never within five seconds of it: the cluster itself knows no more by then. */
    private static boolean wanted(LabState state, Instant now) {
        Instant wanted = state.wantedAt();
        Instant attempted = state.attemptedAt();
        return wanted != null
                && (attempted == null
                        || wanted.isAfter(attempted)
                                && !attempted.plusSeconds(5).isAfter(now));
    }

    private void cycle(LabCollector collector, Connected connected, boolean watched) {
        try {
            if (collector.cycle(connected, watched)) {
                revisions.check();
            }
        } catch (RuntimeException broken) {
            LOG.error("the cycle of lab {} broke", connected.name(), broken);
        }
    }

    /** Probes a node on the caller's thread; see {@link ProbePlan#now}. */
    void probe(dev.rackhouse.base.NodeRef node, boolean proxmox) {
        try {
            collector(node.lab()).probes().now(node, proxmox);
        } finally {
            revisions.check();
        }
    }

    /** A lab was removed: nothing is asked any more, nothing is kept. */
    void forget(LabId lab) {
        LabCollector collector = collectors.remove(lab);
        if (collector != null) {
            collector.release();
        }
        allowances.remove(lab);
        parts.contacts().forget(lab);
    }

    @Override
    public void start() {
        if (!parts.settings().collect()) {
            LOG.info("This replica does not collect (rackhouse.inventory.collect=false).");
        }
        running = true;
        ticker = Thread.ofVirtual().name("inventory").start(() -> {
            while (running) {
                try {
                    if (parts.settings().collect()) {
                        tick();
                    } else {
                        revisions.check();
                    }
                } catch (RuntimeException broken) {
                    LOG.error("looking which labs are due failed", broken);
                }
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        });
    }

    @Override
    public void stop() {
        running = false;
        Thread last = ticker;
        if (last != null) {
            LockSupport.unpark(last);
        }
        collectors.values().forEach(LabCollector::release);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
