package dev.rackhouse.lab;

import dev.rackhouse.proxmox.Fingerprint;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Proxmox endpoint of a lab, without its secret.
 *
 * @param doors where it answers, in the order in which they are used
 * @param authority the PEM text; only with {@link Trust#AUTHORITY}
 */
public record ProxmoxSide(
        List<Door> doors,
        String tokenId,
        Trust trust,
        @Nullable String authority) {

    /** Whom the certificates must come from. */
    public enum Trust {
        PINNED,
        AUTHORITY,
        PUBLIC;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Trust of(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /**
     * One address.
     *
     * @param pin the certificate that was confirmed for it; only with {@link Trust#PINNED}
     */
    public record Door(URI url, @Nullable Fingerprint pin) {}

    public ProxmoxSide {
        doors = List.copyOf(doors);
        if (doors.isEmpty()) {
            throw new IllegalArgumentException("a Proxmox endpoint needs at least one address");
        }
        if (trust == Trust.PINNED && doors.stream().anyMatch(d -> d.pin() == null)) {
            throw new IllegalArgumentException("each address needs the fingerprint of its certificate");
        }
        if ((trust == Trust.AUTHORITY) != (authority != null)) {
            throw new IllegalArgumentException("the certificate of the authority is missing");
        }
    }
}
