package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers, in this process, how the last talk with each machine went. */
final class LabStandings {

    static final String PROXMOX = "Proxmox";

    private record Key(LabId lab, String machine) {}

    private final Map<Key, LabStanding> standings = new ConcurrentHashMap<>();
    private final Clock clock;

    LabStandings(Clock clock) {
        this.clock = clock;
    }

    void heard(LabId lab, String machine, @Nullable RemoteFailure failure) {
        Instant now = clock.instant();
        standings.compute(new Key(lab, machine), (key, before) -> {
            Instant answered = before == null ? null : before.answeredAt();
            return failure == null
                    ? new LabStanding(machine, now, null, null)
                    : new LabStanding(machine, answered, now, failure);
        });
    }

    LabStanding of(LabId lab, String machine) {
        return standings.getOrDefault(new Key(lab, machine), new LabStanding(machine, null, null, null));
    }

    void forget(LabId lab) {
        standings.keySet().removeIf(key -> key.lab().equals(lab));
    }
}
