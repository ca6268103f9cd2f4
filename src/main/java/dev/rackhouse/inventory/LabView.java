package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A lab as discovery sees it.
 *
 * @param proxmox whether it has a Proxmox endpoint; else its nodes are hosts reached by SSH
 * @param seen the last complete answer; null: never
 * @param version of Proxmox VE; null when not known
 * @param cluster name of the cluster; null: a single node, or not known
 * @param callsLastMinute calls of this console to the lab's endpoint, as its allowance counts them
 * @param callsAllowed how many there may be a minute now
 */
public record LabView(
        LabId id,
        String name,
        boolean proxmox,
        boolean paused,
        Verdict verdict,
        @Nullable Seen seen,
        @Nullable String version,
        @Nullable String cluster,
        @Nullable Boolean quorate,
        int callsLastMinute,
        int callsAllowed) {}
