package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;

/** Gathers what is known about a host that may be prepared. */
@FunctionalInterface
interface PreparationSites {

    /**
     * Blocks, up to two minutes.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the host does not answer, or not as a whole
     */
    PreparationSite read(NodeRef node);
}
