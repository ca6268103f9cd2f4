package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Secret;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.HostKeyTrust;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lab about to be connected, complete and checked for what can be checked without asking anybody.
 *
 * @param proxmox null for hosts without Proxmox
 * @param key the lab's own SSH key
 */
public record LabDraft(String name, @Nullable ProxmoxDraft proxmox, List<HostDraft> hosts, SshKey key) {

    /** The Proxmox side with its secret. */
    public record ProxmoxDraft(ProxmoxSide side, Secret secret) {

        public ProxmoxDraft {
            if (secret.isBlank()) {
                throw new IllegalArgumentException("the token's secret is missing");
            }
            new ApiToken(side.tokenId(), secret);
        }
    }

    /**
     * A host with its key.
     *
     * @param ownKey null when the lab's key signs in
     */
    public record HostDraft(
            String node,
            String address,
            int port,
            String user,
            @Nullable SshKey ownKey,
            HostKey hostKey,
            @Nullable String jump) {

        private static final LabId ANY = new LabId(new UUID(0, 0));

        public HostDraft {
            new NodeRef(ANY, node);
            new SshTarget(
                    node, address, port, user, new SshKey(new Secret(""), ""), new HostKeyTrust.Pinned(hostKey), null);
            if (node.equals(jump)) {
                throw new IllegalArgumentException(node + " cannot be reached through itself");
            }
        }

        HostDraft withOwnKey(SshKey own) {
            return new HostDraft(node, address, port, user, own, hostKey, jump);
        }
    }

    public LabDraft {
        name = checkedName(name);
        hosts = List.copyOf(hosts);
        if (proxmox == null && hosts.isEmpty()) {
            throw new IllegalArgumentException("a lab needs a Proxmox endpoint, or at least one host");
        }
        Set<String> nodes = new HashSet<>();
        for (HostDraft host : hosts) {
            if (!nodes.add(host.node())) {
                throw new IllegalArgumentException("there are two hosts named " + host.node());
            }
        }
        for (HostDraft host : hosts) {
            checkWay(host, hosts);
        }
    }

    private static void checkWay(HostDraft host, List<HostDraft> hosts) {
        String jump = host.jump();
        for (int hops = 0; jump != null; hops++) {
            String next = jump;
            HostDraft through = hosts.stream()
                    .filter(h -> h.node().equals(next))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            host.node() + " is to be reached through " + next + ", which is no host of this lab"));
            if (hops > hosts.size()) {
                throw new IllegalArgumentException("the way to " + host.node() + " goes in a circle");
            }
            jump = through.jump();
        }
    }

    /** @throws IllegalArgumentException with a sentence for the field */
    public static String checkedName(String name) {
        String clean = name.strip();
        if (clean.isEmpty() || clean.length() > 60 || clean.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a lab's name has 1 to 60 characters");
        }
        return clean;
    }
}
