package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.PveNodes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** History of nodes, kept in memory for a minute: Proxmox has no newer point before that. One question for all who look. */
@Component
class Histories {

    private static final Duration FRESH = Duration.ofSeconds(60);

    private final Connections connections;
    private final Collectors collectors;
    private final InventorySettings settings;
    private final Clock clock;
    private final Map<Key, Slot> slots = new ConcurrentHashMap<>();

    private record Key(NodeRef node, PveNodes.Timeframe timeframe) {}

    private static final class Slot {
        private Instant at = Instant.EPOCH;
        private List<PveNodes.Sample> samples = List.of();
        private @Nullable RemoteFailure failure;
    }

    Histories(Connections connections, Collectors collectors, InventorySettings settings, Clock clock) {
        this.connections = connections;
        this.collectors = collectors;
        this.settings = settings;
        this.clock = clock;
    }

    List<PveNodes.Sample> of(NodeRef node, PveNodes.Timeframe timeframe) {
        slots.values()
                .removeIf(s -> s.at.plus(Duration.ofMinutes(30)).isBefore(clock.instant()) && s.at != Instant.EPOCH);
        Slot slot = slots.computeIfAbsent(new Key(node, timeframe), k -> new Slot());
        synchronized (slot) {
            Instant now = clock.instant();
            if (slot.at.plus(FRESH).isAfter(now)) {
                return answer(slot);
            }
            if (!collectors.allowance(node.lab()).take(settings.callsWatched())) {
                return slot.samples; // the allowance of this minute is spent: what is known, even if older
            }
            slot.at = now;
            try {
                slot.samples = connections.proxmox(node.lab()).nodes().history(node.node(), timeframe);
                slot.failure = null;
            } catch (RemoteFailure failure) {
                slot.failure = failure;
            }
            return answer(slot);
        }
    }

    private static List<PveNodes.Sample> answer(Slot slot) {
        if (slot.failure != null) {
            throw slot.failure;
        }
        return slot.samples;
    }
}
