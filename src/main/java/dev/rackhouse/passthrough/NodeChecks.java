package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks of whole nodes, from what was seen last. Safe for many threads. */
public interface NodeChecks {

    /**
     * A node with its checks.
     *
     * @param proxmox whether it can get VMs
     * @param board null: the node was never probed
     * @param seen when it was probed; null with {@code board}
     * @param verdict whether that is still fresh
     */
    record Checked(
            NodeRef node,
            String labName,
            boolean proxmox,
            @Nullable ReadinessBoard board,
            @Nullable Seen seen,
            Verdict verdict) {}

    /** Empty when the node is not known (any more). Asks no machine. */
    Optional<Checked> find(NodeRef node);

    /**
     * Probes the node now. Blocks, up to 40 seconds.
     *
     * @throws dev.rackhouse.base.RemoteFailure when there is no complete report; the last facts stay
     */
    Optional<Checked> probe(NodeRef node);
}
