package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.Connections.Connected;
import dev.rackhouse.inventory.FactStore.Outcome;
import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.NodeRow;
import dev.rackhouse.inventory.Rows.StorageRow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects one lab, as long as this replica holds its lease. One cycle: one question for everything, then a few details as the
 * allowance permits. Probes run beside it.
 */
final class LabCollector {

    private static final Logger LOG = LoggerFactory.getLogger(LabCollector.class);

    private final LabId lab;
    private final String holder;
    private final Parts parts;
    private final Allowance allowance;
    private final Allowance background;
    private final DetailPlan plan;
    private final ProbePlan probes;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    private Instant leasedUntil = Instant.EPOCH;
    private long epoch = -1;
    private Instant lastSample = Instant.EPOCH;
    private volatile Instant nextAt = Instant.EPOCH;
    private int failures;
    private final Map<String, Boolean> hostsUp = new HashMap<>();
    private Instant hostsAt = Instant.EPOCH;

    /** What all collectors share. */
    record Parts(
            Connections connections,
            FactStore facts,
            Contacts contacts,
            Samples samples,
            DetailReader details,
            Probes probes,
            DetailPlan.Stored stored,
            InventorySettings settings,
            Clock clock) {}

    LabCollector(LabId lab, String holder, Allowance allowance, Parts parts) {
        this.lab = lab;
        this.holder = holder;
        this.parts = parts;
        this.allowance = allowance;
        this.background = new Allowance(parts.clock());
        this.plan = new DetailPlan(lab, parts.stored(), parts.clock());
        this.probes = new ProbePlan(lab, parts.contacts(), parts.probes(), parts.settings(), parts.clock());
    }

    /** Whether a cycle should start now. */
    boolean due(Instant now, boolean wanted) {
        return !oneAtATime.isLocked() && (!now.isBefore(nextAt) || wanted);
    }

    ProbePlan probes() {
        return probes;
    }

    /**
     * One cycle. Blocks; does nothing when one is under way, or when another replica collects this lab.
     *
     * @param watched somebody looks: details may be read faster
     * @return whether facts changed
     */
    boolean cycle(Connected connected, boolean watched) {
        if (!oneAtATime.tryLock()) {
            return false;
        }
        try {
            Instant now = parts.clock().instant();
            nextAt = now.plus(parts.settings().interval());
            if (connected.paused() || !lease(now)) {
                return false;
            }
            boolean changed = connected.proxmox() ? poll(connected, now) : hostsAlone(connected, now);
            if (failures == 0) {
                changed |= details(connected, watched);
            }
            nextAt = now.plus(parts.settings().interval().multipliedBy(Math.clamp(failures, 1, 5)));
            return changed;
        } finally {
            oneAtATime.unlock();
        }
    }

    private boolean lease(Instant now) {
        if (leasedUntil.minus(parts.settings().interval().multipliedBy(2)).isAfter(now)) {
            return true;
        }
        Optional<Long> taken =
                parts.contacts().lease(lab, holder, now, parts.settings().lease());
        if (taken.isEmpty()) {
            leasedUntil = Instant.EPOCH;
            return false;
        }
        leasedUntil = now.plus(parts.settings().lease());
        if (taken.get() != epoch) {
            epoch = taken.get();
            plan.reset();
        }
        return true;
    }

    private boolean poll(Connected connected, Instant now) {
        allowance.spend();
        try {
            ClusterResources all = ClusterResources.of(
                    parts.connections().proxmox(lab).cluster().resources());
            if (all.nodes().isEmpty()) {
                throw new RemoteFailure.Unreadable(
                        "read the cluster's resources",
                        connected.name(),
                        "the answer lists no node",
                        "The token may lack Sys.Audit on /nodes. What was seen before is kept.",
                        null);
            }
            boolean changed = store(connected, all, now);
            failures = 0;
            return changed;
        } catch (RemoteFailure failure) {
            failed(failure, now);
            return true;
        }
    }

    private boolean store(Connected connected, ClusterResources all, Instant now) {
        Seen seen = new Seen(Words.API, now);
        var nodes = new ArrayList<NodeRow>(all.nodes());
        var names = all.nodes().stream().map(NodeRow::node).collect(Collectors.toSet());
        List<String> alone =
                connected.hosts().stream().filter(h -> !names.contains(h)).toList();
        nodes.addAll(lookAt(alone, now));
        Outcome outcome = parts.facts()
                .sync(NodeRow.KIND, lab, null, nodes, seen)
                .plus(parts.facts().sync(GuestRow.KIND, lab, null, all.guests(), seen))
                .plus(parts.facts().sync(StorageRow.KIND, lab, null, all.storages(), seen));
        if (!now.isBefore(lastSample.plus(parts.settings().sampleInterval()))) {
            parts.samples().add(lab, now, all.sample());
            lastSample = now;
        }
        answered(now, outcome.changed());
        plan.saw(all, connected.hosts());
        all.sample().nodes().forEach(n -> probes.sawUptime(n.node(), n.uptime(), now));
        probes.start(connected, reachable(nodes));
        return outcome.changed();
    }

    private static List<String> reachable(List<NodeRow> nodes) {
        return nodes.stream().filter(n -> !n.unsure()).map(NodeRow::node).toList();
    }

    /** A lab without Proxmox: its nodes are the hosts that were entered. */
    private boolean hostsAlone(Connected connected, Instant now) {
        List<NodeRow> nodes = lookAt(connected.hosts(), now);
        Outcome outcome = parts.facts().sync(NodeRow.KIND, lab, null, nodes, new Seen(Words.SSH, now));
        if (nodes.isEmpty() || nodes.stream().anyMatch(n -> !n.unsure())) {
            answered(now, outcome.changed());
            failures = 0;
        } else {
            Contact first =
                    parts.contacts().contact(lab, "ssh", nodes.getFirst().node());
            parts.contacts()
                    .failed(
                            lab,
                            now,
                            Objects.requireNonNullElse(first.failureCode(), "unreachable"),
                            Objects.requireNonNullElse(first.failure(), "No host of this lab answers on SSH."));
            failures = Math.min(failures + 1, 5);
        }
        probes.start(connected, reachable(nodes));
        return outcome.changed();
    }

    /** Hosts that only SSH reaches, looked at once a minute. */
    private List<NodeRow> lookAt(List<String> hosts, Instant now) {
        if (!hosts.isEmpty() && !now.isBefore(hostsAt.plus(parts.settings().hostInterval()))) {
            hostsAt = now;
            for (String host : hosts) {
                hostsUp.put(host, answers(new NodeRef(lab, host), now));
            }
        }
        return hosts.stream().map(h -> host(h, hostsUp.getOrDefault(h, false))).toList();
    }

    private boolean answers(NodeRef node, Instant now) {
        try {
            probes.sawBoot(node.node(), parts.connections().bootId(node));
            parts.contacts().seen(lab, "ssh", node.node(), now);
            return true;
        } catch (RemoteFailure failure) {
            parts.contacts()
                    .failed(
                            lab,
                            "ssh",
                            node.node(),
                            now,
                            FailureCodes.of(failure),
                            Objects.requireNonNullElse(failure.getMessage(), "It does not answer on SSH."));
            return false;
        }
    }

    private static NodeRow host(String name, boolean up) {
        return new NodeRow(name, "host", up ? "online" : "unreachable", null, null, null, !up);
    }

    private void answered(Instant now, boolean changed) {
        Instant until = now.plus(parts.settings().lease());
        leasedUntil = parts.contacts().answered(lab, holder, now, until, changed) ? until : Instant.EPOCH;
    }

    private void failed(RemoteFailure failure, Instant now) {
        failures = Math.min(failures + 1, 5);
        parts.contacts()
                .failed(
                        lab,
                        now,
                        FailureCodes.of(failure),
                        Objects.requireNonNullElse(failure.getMessage(), "The cluster could not be read."));
        LOG.info("lab {} could not be read: {}", lab, failure.getMessage());
    }

    private boolean details(Connected connected, boolean watched) {
        if (!connected.proxmox()) {
            return false;
        }
        long step = parts.settings().interval().toMillis();
        int questions = (int) Math.ceilDiv(60_000L, step);
        int all = watched
                ? parts.settings().callsWatched() * 2 / 3
                : parts.settings().callsUnwatched();
        int perMinute = Math.max(1, all - questions);
        int most = Math.max(1, (int) (perMinute * step / 60_000));
        boolean changed = false;
        for (Detail detail : plan.next(most)) {
            if (!background.take(perMinute) || !allowance.take(parts.settings().callsWatched())) {
                break;
            }
            changed |= parts.details().read(lab, detail);
            plan.tried(detail);
        }
        if (changed) {
            parts.contacts().revised(lab);
        }
        return changed;
    }

    /** Gives the lab to whoever comes next. */
    void release() {
        if (leasedUntil.isAfter(Instant.EPOCH)) {
            parts.contacts().release(lab, holder);
            leasedUntil = Instant.EPOCH;
        }
    }
}
