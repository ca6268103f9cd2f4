package dev.rackhouse.inventory;

import dev.rackhouse.lab.LabChanged;
import dev.rackhouse.lab.LabConnected;
import dev.rackhouse.lab.LabRemoved;
import dev.rackhouse.runbook.RunFinished;
import java.time.Clock;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What happens to labs, and what makes a fresh look worth while. */
@Component
class LabEvents {

    private final Collectors collectors;
    private final Contacts contacts;
    private final Connections connections;
    private final Clock clock;

    LabEvents(Collectors collectors, Contacts contacts, Connections connections, Clock clock) {
        this.collectors = collectors;
        this.contacts = contacts;
        this.connections = connections;
        this.clock = clock;
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(LabConnected event) {
        contacts.wanted(event.lab(), clock.instant());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(LabChanged event) {
        contacts.retryProbes(event.lab());
        contacts.wanted(event.lab(), clock.instant());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(LabRemoved event) {
        collectors.forget(event.lab());
    }

    /** A run changed something somewhere: look at all labs again, soon. */
    @TransactionalEventListener(fallbackExecution = true)
    void on(RunFinished event) {
        connections.labs().stream().filter(l -> !l.paused()).forEach(l -> contacts.wanted(l.id(), clock.instant()));
    }
}
