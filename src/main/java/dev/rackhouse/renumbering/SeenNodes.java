package dev.rackhouse.renumbering;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes as the capability looks at them. */
interface SeenNodes {

    /** The nodes of a lab that were probed, and when last. */
    Map<NodeRef, Instant> probed(LabId lab);

    /** What the node said in its last complete probe; empty when it was never probed. */
    Optional<NodeFacts> facts(NodeRef node);

    /** That probe as it was printed, without secrets. */
    Optional<String> report(NodeRef node);

    /**
     * The mappings of the node's cluster, compared with this node's hardware. Blocks.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the node does not answer
     */
    List<PveMappings.Mapping> mappings(NodeRef node);

    /**
     * Our own files on the node that may name addresses. Blocks.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the node does not answer
     */
    List<HostFile> files(NodeRef node);
}
