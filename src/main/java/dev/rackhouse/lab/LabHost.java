package dev.rackhouse.lab;

import dev.rackhouse.ssh.HostKey;
import org.jspecify.annotations.Nullable;

/**
 * A machine of a lab that is reached by SSH.
 *
 * @param node what the machine calls itself; the Proxmox node's name where it is one
 * @param address name or address, as seen from the jump host if there is one
 * @param ownKey the public line of a key for this host alone; null when it is reached with the lab's key
 * @param hostKey the key it must show
 * @param jump the node the connection goes through; null for directly
 */
public record LabHost(
        String node,
        String address,
        int port,
        String user,
        @Nullable String ownKey,
        HostKey hostKey,
        @Nullable String jump) {}
