package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;

/** A change of a node's network that waits for the next apply or reboot, as the difference of two files. */
public record StagedNetwork(NodeRef node, String difference, Seen seen) {}
