package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.ChangeQuery;
import dev.rackhouse.inventory.ChangeView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.StagedNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gathers from the inventory what is known about a node beside its probe. Asks no machine. */
final class Told {

    /** How long a changed firmware is worth a warning. */
    private static final Duration RECENT = Duration.ofDays(14);

    private Told() {}

    static Reported reported(Inventory inventory, NodeRef node, List<Reported.MappingCheck> checks) {
        Optional<Instant> seen = inventory.facts(node).map(NodeFacts::seen).map(s -> s.at());
        Optional<ChangeView> firmware = seen.flatMap(at -> inventory
                .changes(
                        new ChangeQuery(node.lab(), node.node(), "node", null, at.minus(RECENT), "firmware version"),
                        0,
                        1)
                .stream()
                .filter(c -> c.before() != null && c.what().equals("firmware version"))
                .findFirst());
        return new Reported(
                checks,
                inventory
                        .stagedNetwork(node)
                        .map(StagedNetwork::difference)
                        .filter(d -> !d.isBlank())
                        .orElse(null),
                firmware.map(c -> c.before() + " → " + c.after()).orElse(null));
    }
}
