package dev.rackhouse.inventory;

import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.fact.HostFacts;

/**
 * What a host said about itself in its last complete probe.
 *
 * @param verdict ok, or why it is not fresher: stale or attention with the failure of the last attempt
 */
public record NodeFacts(HostFacts facts, Seen seen, Verdict verdict) {}
