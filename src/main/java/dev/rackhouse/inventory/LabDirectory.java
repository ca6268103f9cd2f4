package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.Connections.Connected;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Names and standing of the labs, for whoever shows things of them. */
@Component
class LabDirectory {

    private final Connections connections;
    private final Contacts contacts;
    private final InventorySettings settings;
    private final Clock clock;

    LabDirectory(Connections connections, Contacts contacts, InventorySettings settings, Clock clock) {
        this.connections = connections;
        this.contacts = contacts;
        this.settings = settings;
        this.clock = clock;
    }

    /** One lab at this moment. */
    record Entry(Connected connected, @Nullable LabState state, Verdict verdict, Instant seenAt) {

        String source() {
            return connected.proxmox() ? Words.API : Words.SSH;
        }
    }

    /** All labs at one moment; a lab that was removed meanwhile still has a name. */
    record Snapshot(Map<LabId, Entry> labs, Instant now) {

        String name(LabId lab) {
            Entry entry = labs.get(lab);
            return entry == null ? "removed lab" : entry.connected().name();
        }

        Verdict verdict(LabId lab) {
            Entry entry = labs.get(lab);
            return entry == null
                    ? Verdict.of(Verdict.Level.UNKNOWN, "lab.removed", "The lab was removed.")
                    : entry.verdict();
        }

        /**
         * When a row of the cluster's list was seen: with the last answer, but not later than it was gone or nobody could tell any more.
         */
        Seen seen(LabId lab, ResultSet rs) throws SQLException {
            Entry entry = labs.get(lab);
            Instant at = entry == null ? Instant.EPOCH : entry.seenAt();
            for (String column : List.of("gone_at", "unsure_since")) {
                Instant limit = Contacts.instant(rs, column);
                at = limit != null && limit.isBefore(at) ? limit : at;
            }
            return new Seen(Objects.requireNonNullElse(rs.getString("source"), Words.API), at);
        }
    }

    Snapshot snapshot() {
        Instant now = clock.instant();
        var states = new HashMap<LabId, LabState>();
        contacts.labs().forEach(state -> states.put(state.lab(), state));
        var labs = new LinkedHashMap<LabId, Entry>();
        for (Connected connected : connections.labs()) {
            LabState state = states.get(connected.id());
            Contact contact = state == null ? Contact.never("cluster", "") : state.contact();
            Duration interval = connected.proxmox() ? settings.interval() : settings.hostInterval();
            Verdict verdict =
                    Standings.lab(contact, connected.paused(), now, interval.multipliedBy(settings.staleAfter()));
            labs.put(
                    connected.id(),
                    new Entry(connected, state, verdict, Objects.requireNonNullElse(contact.seenAt(), Instant.EPOCH)));
        }
        return new Snapshot(labs, now);
    }

    int calls(LabId lab) {
        return connections.callsInTheLastMinute(lab);
    }

    static LabId lab(ResultSet rs) throws SQLException {
        return new LabId(rs.getObject("lab", UUID.class));
    }
}
