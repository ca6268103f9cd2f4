package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One interface of a node; for a bridge, with the guests on it.
 *
 * @param type {@code bridge}, {@code eth}, {@code bond}, {@code vlan}, {@code OVSBridge}...
 * @param ports of a bridge or bond
 * @param vids the VLANs that a VLAN-aware bridge lets through, as written; null: not told
 * @param vlan of a VLAN interface
 * @param rawDevice the interface that a VLAN interface stands on
 * @param nics cards of guests on this bridge, by VLAN and number
 */
public record NetworkView(
        NodeRef node,
        String name,
        String type,
        @Nullable Boolean active,
        List<String> ports,
        boolean vlanAware,
        @Nullable String vids,
        @Nullable String cidr,
        @Nullable String gateway,
        @Nullable Integer vlan,
        @Nullable String rawDevice,
        @Nullable String mtu,
        @Nullable String comments,
        List<Nic> nics,
        Seen seen) {

    /**
     * A card of a guest.
     *
     * @param name {@code net0}
     * @param vlan null: untagged
     */
    public record Nic(
            GuestRef guest,
            String label,
            boolean running,
            String name,
            @Nullable Integer vlan,
            @Nullable String mac) {}

    public NetworkView {
        ports = List.copyOf(ports);
        nics = List.copyOf(nics);
    }

    public boolean bridge() {
        return type.equals("bridge") || type.equals("OVSBridge");
    }
}
