package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.PveClient;
import java.util.List;
import org.springframework.stereotype.Component;

/** No lab is connected. Gives way to the labs that an admin connected. */
@Component
class NoConnections implements Connections {

    @Override
    public List<Connected> labs() {
        return List.of();
    }

    @Override
    public PveClient proxmox(LabId lab) {
        throw none(lab.toString());
    }

    @Override
    public String probe(NodeRef node) {
        throw none(node.node());
    }

    @Override
    public String bootId(NodeRef node) {
        throw none(node.node());
    }

    private static RemoteFailure none(String machine) {
        return new RemoteFailure.Unreachable(
                "connect", machine, "no such lab is connected", "Connect it on the page Labs.", null);
    }
}
