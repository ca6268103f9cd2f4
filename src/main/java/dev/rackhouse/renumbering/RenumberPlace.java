package dev.rackhouse.renumbering;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.proxmox.PveMappings;
import java.time.Instant;
import java.util.List;

/**
 * One node with its last accepted layout and all that names addresses on it, as read when somebody asked.
 *
 * @param acceptedBy empty: nobody, it was the first that was seen or nothing had moved
 * @param mappings of the whole cluster, compared with this node's hardware
 * @param files our own files that may name addresses
 */
public record RenumberPlace(
        NodeRef node,
        HostFacts before,
        Instant acceptedAt,
        String acceptedBy,
        HostFacts now,
        List<PveMappings.Mapping> mappings,
        List<HostFile> files) {

    /** A file of ours on the node. */
    public record HostFile(String path, String content) {}

    public RenumberPlace {
        mappings = List.copyOf(mappings);
        files = List.copyOf(files);
    }
}
