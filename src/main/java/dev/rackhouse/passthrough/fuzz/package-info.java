/**
 * Random but consistent hosts, built from what they need downwards. Knows nothing of how the console finds that out: it shares no code
 * with {@code inventory.fact}, so that the two can be held against each other.
 */
@NullMarked
package dev.rackhouse.passthrough.fuzz;

import org.jspecify.annotations.NullMarked;
