package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Tells this replica that facts of a lab changed, whichever replica wrote them: by one small query every two seconds, not by asking
 * machines. Also knows, from the same query, how each lab stands.
 */
@Component
class Revisions {

    private final Contacts contacts;
    private final ApplicationEventPublisher events;
    private final Map<LabId, Long> known = new HashMap<>();
    private volatile Map<LabId, LabState> states = Map.of();

    Revisions(Contacts contacts, ApplicationEventPublisher events) {
        this.contacts = contacts;
        this.events = events;
    }

    /** Reads the revisions and publishes {@link InventoryRefreshed} for each lab that moved on. */
    void check() {
        var read = new HashMap<LabId, LabState>();
        contacts.labs().forEach(state -> read.put(state.lab(), state));
        var moved = new java.util.ArrayList<LabId>();
        synchronized (known) {
            read.forEach((lab, state) -> {
                Long before = known.put(lab, state.revision());
                if (before == null || before != state.revision()) {
                    moved.add(lab);
                }
            });
            known.keySet().retainAll(read.keySet());
        }
        states = Map.copyOf(read);
        moved.forEach(lab -> events.publishEvent(new InventoryRefreshed(lab)));
    }

    /** How each lab stood at the last check. */
    Map<LabId, LabState> states() {
        return states;
    }
}
