/** Pretend labs: servers on loopback that speak the real protocols, in a process of their own. No dependency on the console, nor the other way. */
@NullMarked
package dev.rackhouse.simulator;

import org.jspecify.annotations.NullMarked;
