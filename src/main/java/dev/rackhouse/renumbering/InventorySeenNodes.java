package dev.rackhouse.renumbering;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The nodes of the inventory, and what only the machines themselves can tell. */
@Component
class InventorySeenNodes implements SeenNodes {

    private final Inventory inventory;
    private final Labs labs;
    private final OurFiles files;

    InventorySeenNodes(Inventory inventory, Labs labs, OurFiles files) {
        this.inventory = inventory;
        this.labs = labs;
        this.files = files;
    }

    @Override
    public Map<NodeRef, Instant> probed(LabId lab) {
        Map<NodeRef, Instant> probed = new LinkedHashMap<>();
        for (NodeView node : inventory.nodes()) {
            Seen last = node.probed();
            if (last != null && node.ref().lab().equals(lab)) {
                probed.put(node.ref(), last.at());
            }
        }
        return probed;
    }

    @Override
    public Optional<NodeFacts> facts(NodeRef node) {
        return inventory.facts(node);
    }

    @Override
    public Optional<String> report(NodeRef node) {
        return inventory.report(node);
    }

    @Override
    public List<PveMappings.Mapping> mappings(NodeRef node) {
        return labs.proxmox(node.lab()).mappings().pci(node.node());
    }

    @Override
    public List<HostFile> files(NodeRef node) {
        return files.on(node);
    }
}
