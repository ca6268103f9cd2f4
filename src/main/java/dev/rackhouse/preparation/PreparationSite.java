package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.fact.HostFacts;
import java.util.List;

/**
 * Everything that is known about a host which may be prepared: all that the rules look at, gathered before, so that they are pure.
 *
 * @param guests of this node, running or not, without templates
 */
public record PreparationSite(
        NodeRef node,
        String labName,
        HostFacts facts,
        Seen seen,
        HostFiles files,
        List<Guest> guests,
        ConsoleSurroundings console) {

    public PreparationSite {
        guests = List.copyOf(guests);
    }

    List<Guest> running() {
        return guests.stream().filter(Guest::running).toList();
    }
}
