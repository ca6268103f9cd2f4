package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import java.util.List;
import java.util.Optional;

/** Existing VMs with all that is known about their places. */
public interface GuestPlaces {

    /** A VM that can be chosen. */
    record Choice(GuestRef guest, NodeRef node, String label, boolean running) {}

    /** The VMs of a node, by number; templates are left out. */
    List<Choice> vms(NodeRef node);

    /**
     * The VM as its node tells it now. Blocks, some seconds.
     *
     * @return empty when there is no such VM, or it is not known where it stands
     * @throws dev.rackhouse.base.RemoteFailure when the node does not answer
     */
    Optional<GuestPlace> find(GuestRef guest);
}
