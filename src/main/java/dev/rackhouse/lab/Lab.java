package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an admin connected: a Proxmox server or cluster, hosts by SSH, or both. Holds no secret.
 *
 * @param name as people call it, unique
 * @param paused nothing is asked there until it is resumed; what was seen is kept
 * @param declared it stands in the labs file, which is the only place to change it
 * @param proxmox null for hosts without Proxmox
 * @param publicKey the public line of the lab's own SSH key, for {@code authorized_keys} and for guests that the console creates
 * @param nextPublicKey a new key that was made and does not sign in yet; null when none
 */
public record Lab(
        LabId id,
        String name,
        boolean paused,
        boolean declared,
        @Nullable ProxmoxSide proxmox,
        List<LabHost> hosts,
        String publicKey,
        @Nullable String nextPublicKey,
        Instant connectedAt) {

    public Lab {
        hosts = List.copyOf(hosts);
    }

    public Optional<LabHost> host(String node) {
        return hosts.stream().filter(h -> h.node().equals(node)).findFirst();
    }
}
