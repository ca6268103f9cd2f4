package dev.rackhouse.lab;

import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.LabId;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.proxmox.TlsTrust;
import dev.rackhouse.ssh.HostKeyTrust;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lab as it lies in the database, secrets encrypted.
 *
 * @param hosts in the order of their names
 */
record StoredLab(
        Lab lab,
        byte @Nullable [] tokenSecret,
        byte[] keyPrivate,
        byte @Nullable [] nextKeyPrivate,
        List<StoredHost> hosts,
        long revision) {

    /** @param keyPrivate of a key for this host alone */
    record StoredHost(LabHost host, byte @Nullable [] keyPrivate) {}

    LabId id() {
        return lab.id();
    }

    Optional<PveEndpoint> endpoint(Secrets secrets) {
        ProxmoxSide side = lab.proxmox();
        if (side == null || tokenSecret == null) {
            return Optional.empty();
        }
        return Optional.of(endpoint(lab.name(), side, new ApiToken(side.tokenId(), secrets.decrypt(tokenSecret))));
    }

    static PveEndpoint endpoint(String label, ProxmoxSide side, ApiToken token) {
        return new PveEndpoint(
                label, side.doors().stream().map(ProxmoxSide.Door::url).toList(), token, trust(side));
    }

    private static TlsTrust trust(ProxmoxSide side) {
        return switch (side.trust()) {
            case PINNED -> {
                LinkedHashSet<Fingerprint> pins = new LinkedHashSet<>();
                side.doors().forEach(door -> {
                    Fingerprint pin = door.pin();
                    if (pin != null) {
                        pins.add(pin);
                    }
                });
                yield new TlsTrust.Pinned(pins);
            }
            case AUTHORITY -> {
                String pem = side.authority();
                yield new TlsTrust.Authority(pem == null ? "" : pem);
            }
            case PUBLIC -> new TlsTrust.PublicAuthorities();
        };
    }

    SshKey key(Secrets secrets) {
        return new SshKey(secrets.decrypt(keyPrivate), lab.publicKey());
    }

    Optional<SshKey> nextKey(Secrets secrets) {
        String line = lab.nextPublicKey();
        return line == null || nextKeyPrivate == null
                ? Optional.empty()
                : Optional.of(new SshKey(secrets.decrypt(nextKeyPrivate), line));
    }

    /** The way to a host; {@code labKey} signs in wherever a host has no key of its own. */
    Optional<SshTarget> target(String node, Secrets secrets, SshKey labKey) {
        return target(node, secrets, labKey, 0);
    }

    private Optional<SshTarget> target(String node, Secrets secrets, SshKey labKey, int hops) {
        if (hops > hosts.size()) {
            return Optional.empty();
        }
        return hosts.stream()
                .filter(h -> h.host.node().equals(node))
                .findFirst()
                .map(stored -> {
                    LabHost host = stored.host;
                    String jump = host.jump();
                    byte[] own = stored.keyPrivate;
                    String line = host.ownKey();
                    return new SshTarget(
                            host.node(),
                            host.address(),
                            host.port(),
                            host.user(),
                            own == null || line == null ? labKey : new SshKey(secrets.decrypt(own), line),
                            new HostKeyTrust.Pinned(host.hostKey()),
                            jump == null
                                    ? null
                                    : target(jump, secrets, labKey, hops + 1).orElse(null));
                });
    }
}
