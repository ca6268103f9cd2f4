/**
 * The Proxmox side of a pretend lab: a stateful server that speaks the API of Proxmox VE over HTTPS. It refuses what the
 * real server refuses, in the same words; its table of calls ({@code calls.txt}) holds facts of version 9.2.
 */
@NullMarked
package dev.rackhouse.simulator.pve;

import org.jspecify.annotations.NullMarked;
