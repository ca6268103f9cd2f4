package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.NodeView;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Checks of nodes as the inventory knows them. */
@Component
class InventoryNodeChecks implements NodeChecks {

    private final Inventory inventory;

    InventoryNodeChecks(Inventory inventory) {
        this.inventory = inventory;
    }

    @Override
    public Optional<Checked> find(NodeRef node) {
        return inventory.node(node).filter(n -> n.goneAt() == null).map(this::checked);
    }

    @Override
    public Optional<Checked> probe(NodeRef node) {
        inventory.probe(node);
        return find(node);
    }

    private Checked checked(NodeView node) {
        Optional<NodeFacts> facts = inventory.facts(node.ref());
        return new Checked(
                node.ref(),
                node.labName(),
                node.platform().equals("proxmox"),
                facts.map(f -> ReadinessBoard.of(f.facts(), Told.reported(inventory, node.ref(), List.of())))
                        .orElse(null),
                facts.map(NodeFacts::seen).orElse(null),
                facts.map(NodeFacts::verdict).orElse(node.verdict()));
    }
}
