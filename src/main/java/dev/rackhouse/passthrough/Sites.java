package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import java.util.List;
import java.util.Optional;

/** Gathers what is known about nodes from the inventory; asks machines only for what nobody collects (which images lie there). */
public interface Sites {

    /** Nodes on which a VM could be created, by lab and name. */
    List<NodeRef> nodes();

    /** The lab's name as shown. */
    String labName(NodeRef node);

    /** Empty when the node is not known (any more). May ask the node for its images: not for a UI thread that must be quick. */
    Optional<Site> find(NodeRef node);

    /**
     * Probes the node now, and gives what is then known. Blocks, up to 40 seconds.
     *
     * @throws dev.rackhouse.base.RemoteFailure when there is no complete report; the last facts stay
     */
    Optional<Site> probe(NodeRef node);
}
