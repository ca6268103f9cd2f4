package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.proxmox.PveClient;
import java.util.List;

/** The labs that an admin connected, as discovery needs them. */
interface Connections {

    /**
     * @param paused nothing is asked; what was seen is kept
     * @param proxmox whether there is a Proxmox endpoint
     * @param hosts nodes that are reached by SSH
     */
    record Connected(LabId id, String name, boolean paused, boolean proxmox, List<String> hosts) {
        public Connected {
            hosts = List.copyOf(hosts);
        }
    }

    List<Connected> labs();

    /** @throws dev.rackhouse.base.RemoteFailure when the endpoint cannot be used as it is configured */
    PveClient proxmox(LabId lab);

    /** Calls of this console to the lab's endpoint in the 60 seconds up to now, whoever made them. */
    int callsInTheLastMinute(LabId lab);

    /**
     * Runs the probe on a node, one round trip, at most 40 seconds.
     *
     * @return what it printed, complete or not
     * @throws dev.rackhouse.base.RemoteFailure when the node cannot be reached or refuses
     */
    String probe(NodeRef node);

    /**
     * Asks a node over SSH whether it is there: the cheapest question that also tells a reboot.
     *
     * @return the id of its boot; empty when it has none
     * @throws dev.rackhouse.base.RemoteFailure when the node cannot be reached
     */
    String bootId(NodeRef node);
}
