/** What a pretend lab consists of: its seed as read from a file, and the machines on which its Proxmox side acts. */
@NullMarked
package dev.rackhouse.simulator.world;

import org.jspecify.annotations.NullMarked;
