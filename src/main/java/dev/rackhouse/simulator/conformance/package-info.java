/** Holds the pretend Proxmox to recordings and verdicts of a real one. */
@NullMarked
package dev.rackhouse.simulator.conformance;

import org.jspecify.annotations.NullMarked;
