package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.inventory.Detail.Source;
import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.NodeRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to ask next about one lab: first what changed, then what was never asked, then what is oldest. Used by one thread at a time.
 */
final class DetailPlan {

    private static final Duration RETRY = Duration.ofMinutes(10);

    /** What the plan has to look up. */
    interface Stored {
        /** When each detail was last tried, but for configurations. */
        Map<Detail, Instant> tried(LabId lab);

        /** Guests whose configuration is missing or older than this, oldest first. */
        List<Long> configsOlderThan(LabId lab, Instant before, Collection<Long> without, int limit);
    }

    private final LabId lab;
    private final Stored stored;
    private final Clock clock;
    private final Map<Detail, Instant> tried = new HashMap<>();
    private final Map<Long, GuestRow> guests = new HashMap<>();
    private final LinkedHashSet<Detail> changed = new LinkedHashSet<>();
    private final Map<Long, Instant> configTried = new HashMap<>();
    private List<String> nodes = List.of();
    private Set<String> hosts = Set.of();
    private boolean loaded;

    DetailPlan(LabId lab, Stored stored, Clock clock) {
        this.lab = lab;
        this.stored = stored;
        this.clock = clock;
    }

    /** Another replica may have gone on meanwhile. */
    void reset() {
        tried.clear();
        guests.clear();
        changed.clear();
        configTried.clear();
        loaded = false;
    }

    /** @param withSsh nodes that are probed: what the probe tells is not asked again */
    void saw(ClusterResources all, Collection<String> withSsh) {
        nodes = all.nodes().stream()
                .filter(n -> !n.unsure())
                .map(NodeRow::node)
                .sorted()
                .toList();
        hosts = Set.copyOf(withSsh);
        boolean first = guests.isEmpty();
        for (GuestRow guest : all.guests()) {
            if (guest.unsure()) {
                continue;
            }
            GuestRow before = guests.put(guest.vmid(), guest);
            if (!first && !guest.equals(before)) {
                changed.add(Detail.config(guest.vmid()));
            }
        }
        var there = new HashSet<Long>();
        all.guests().forEach(g -> there.add(g.vmid()));
        guests.keySet().retainAll(there);
        changed.removeIf(d -> d.source() == Source.CONFIG && !there.contains(Long.parseLong(d.subject())));
    }

    /** The most urgent ones, at most so many. */
    List<Detail> next(int limit) {
        if (!loaded) {
            tried.putAll(stored.tried(lab));
            loaded = true;
        }
        Instant now = clock.instant();
        var next = new LinkedHashSet<Detail>();
        changed.stream().limit(limit).forEach(next::add);
        for (Source source : Source.values()) {
            if (next.size() >= limit) {
                break;
            }
            switch (source) {
                case CLUSTER, VERSION, MAPPINGS -> add(next, Detail.of(source, ""), now);
                case NETWORK, PCI -> nodes.forEach(n -> add(next, Detail.of(source, n), now));
                case STATUS ->
                    nodes.stream().filter(n -> !hosts.contains(n)).forEach(n -> add(next, Detail.of(source, n), now));
                case CONFIG -> {
                    configTried.values().removeIf(t -> t.plus(RETRY).isBefore(now));
                    stored.configsOlderThan(lab, now.minus(source.age()), configTried.keySet(), limit - next.size())
                            .forEach(vmid -> next.add(Detail.config(vmid)));
                }
            }
        }
        return new ArrayList<>(next).subList(0, Math.min(limit, next.size()));
    }

    private void add(LinkedHashSet<Detail> next, Detail detail, Instant now) {
        @Nullable Instant last = tried.get(detail);
        if (last == null || !last.plus(detail.source().age()).isAfter(now)) {
            next.add(detail);
        }
    }

    void tried(Detail detail) {
        Instant now = clock.instant();
        changed.remove(detail);
        if (detail.source() == Source.CONFIG) {
            configTried.put(Long.parseLong(detail.subject()), now);
        } else {
            tried.put(detail, now);
        }
    }
}
