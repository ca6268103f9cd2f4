/** One pretend lab as a whole: its machines, its Proxmox side, where they answer; packed ones and generated ones of any size. */
@NullMarked
package dev.rackhouse.simulator.lab;

import org.jspecify.annotations.NullMarked;
