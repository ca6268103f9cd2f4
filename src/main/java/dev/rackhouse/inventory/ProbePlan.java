package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.Connections.Connected;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the hosts of one lab are probed: at first sight, after a boot, daily, again while it fails. At most four at once. */
final class ProbePlan {

    private static final Logger LOG = LoggerFactory.getLogger(ProbePlan.class);

    private final LabId lab;
    private final Contacts contacts;
    private final Probes probes;
    private final InventorySettings settings;
    private final Clock clock;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Set<String> rebooted = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> bootedAt = new ConcurrentHashMap<>();
    private final Semaphore atOnce = new Semaphore(4);

    ProbePlan(LabId lab, Contacts contacts, Probes probes, InventorySettings settings, Clock clock) {
        this.lab = lab;
        this.contacts = contacts;
        this.probes = probes;
        this.settings = settings;
        this.clock = clock;
    }

    /** The cluster told how long a node has been up. */
    void sawUptime(String node, @Nullable Long uptimeSeconds, Instant now) {
        if (uptimeSeconds != null && uptimeSeconds > 0) {
            bootedAt.put(node, now.minusSeconds(uptimeSeconds));
        }
    }

    /** A host told the id of its boot; empty when it has none. */
    void sawBoot(String node, String bootId) {
        if (bootId.isEmpty()) {
            return;
        }
        boolean other = probes.facts(new NodeRef(lab, node))
                .map(f -> f.facts().bootId())
                .map(known -> !known.equals(bootId))
                .orElse(false);
        if (other) {
            rebooted.add(node);
        }
    }

    /** Starts the probes that are due, each on a thread of its own; returns at once. */
    void start(Connected connected, Collection<String> reachable) {
        for (String host : connected.hosts()) {
            if (reachable.contains(host) && due(host) && running.add(host)) {
                Thread.ofVirtual().name("probe-" + host).start(() -> {
                    try {
                        atOnce.acquireUninterruptibly();
                        try {
                            now(new NodeRef(lab, host), connected.proxmox());
                        } finally {
                            atOnce.release();
                        }
                    } catch (RemoteFailure failure) {
                        LOG.info("{}", failure.getMessage());
                    } catch (RuntimeException broken) {
                        LOG.error("the probe of {} could not be stored", host, broken);
                    } finally {
                        running.remove(host);
                    }
                });
            }
        }
    }

    /**
     * Probes a node on the caller's thread.
     *
     * @throws RemoteFailure when there is no complete report
     */
    void now(NodeRef node, boolean platformKnown) {
        try {
            probes.run(node, platformKnown);
            rebooted.remove(node.node());
        } finally {
            contacts.revised(lab);
        }
    }

    boolean due(String host) {
        Contact contact = contacts.contact(lab, "probe", host);
        Instant now = clock.instant();
        Instant attempted = contact.attemptedAt();
        if (attempted == null) {
            return true;
        }
        Instant seen = contact.seenAt();
        if (contact.failing() || seen == null) {
            return !attempted.plus(settings.probeRetry()).isAfter(now);
        }
        // the cluster counts uptime in seconds of its own clock: half a minute is no reboot
        Instant booted = bootedAt.get(host);
        return rebooted.contains(host)
                || booted != null && booted.isAfter(seen.plusSeconds(30))
                || !seen.plus(settings.probeEvery()).isAfter(now);
    }
}
