package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The guest's network, read from a draft.
 *
 * @param vlan null: untagged
 * @param gateway null: none
 * @param nameserver null: none
 */
record NetworkInputs(
        String bridge,
        @Nullable Integer vlan,
        Ipv4Network address,
        @Nullable String gateway,
        @Nullable String nameserver) {

    /** @return empty, after problems were added, when something is wrong */
    static Optional<NetworkInputs> read(PassthroughDraft draft, Site site, Problems problems) {
        boolean bridgeThere = site.bridge(draft.bridge()).isPresent();
        if (!bridgeThere) {
            problems.add(
                    Field.BRIDGE,
                    draft.bridge().isBlank()
                            ? "Choose a bridge."
                            : "This node has no bridge \"" + Problems.shown(draft.bridge()) + "\".");
        }
        Integer vlan = vlan(draft, site, problems);
        Ipv4Network address = address(draft, site, problems);
        String gateway = gateway(draft, address, problems);
        String nameserver = nameserver(draft, problems);
        return bridgeThere && address != null
                ? Optional.of(new NetworkInputs(draft.bridge(), vlan, address, gateway, nameserver))
                : Optional.empty();
    }

    private static @Nullable Integer vlan(PassthroughDraft draft, Site site, Problems problems) {
        String text = draft.vlan();
        if (text.isBlank()) {
            return null;
        }
        if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < 1 || Long.parseLong(text) > 4094) {
            problems.add(
                    Field.VLAN,
                    "A VLAN is a number from 1 to 4094; 0 and 4095 are reserved. Leave it empty for an untagged network.");
            return null;
        }
        int vlan = Integer.parseInt(text);
        site.bridge(draft.bridge()).ifPresent(bridge -> {
            String vids = bridge.vids();
            if (bridge.vlanAware() && vids != null && !letsThrough(vids, vlan)) {
                problems.add(
                        Field.VLAN,
                        "Bridge %s lets only VLANs %s through, so the guest would have no network in VLAN %d."
                                .formatted(bridge.bridge(), vids, vlan));
            }
        });
        return vlan;
    }

    static boolean letsThrough(String vids, int vlan) {
        for (String part : vids.strip().split("[\\s,;]+")) {
            String[] ends = part.split("-", 2);
            if (ends[0].matches("[0-9]{1,4}")
                    && ends[ends.length - 1].matches("[0-9]{1,4}")
                    && Integer.parseInt(ends[0]) <= vlan
                    && vlan <= Integer.parseInt(ends[ends.length - 1])) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Ipv4Network address(PassthroughDraft draft, Site site, Problems problems) {
        String text = draft.address();
        Ipv4Network address = Ipv4Network.find(text).orElse(null);
        if (address == null || !text.contains("/") || address.prefix() == 0 || address.prefix() > 30) {
            problems.add(
                    Field.ADDRESS,
                    text.isBlank()
                            ? "Enter a fixed address with its prefix, like 10.0.110.20/24. The console reaches the guest there."
                            : "\"" + Problems.shown(text) + "\" is no address with its prefix, like 10.0.110.20/24.");
            return null;
        }
        if (!address.usable()) {
            problems.add(
                    Field.ADDRESS, address.host() + " is the address of the network itself, or the one for all in it.");
            return null;
        }
        String owner = site.addressesInUse().get(address.host());
        if (owner != null) {
            problems.add(Field.ADDRESS, address.host() + " is taken by " + owner + ".");
            return null;
        }
        return address;
    }

    private static @Nullable String gateway(PassthroughDraft draft, @Nullable Ipv4Network address, Problems problems) {
        if (draft.gateway().isBlank()) {
            return null;
        }
        Ipv4Network gateway = Ipv4Network.find(draft.gateway()).orElse(null);
        if (gateway == null || draft.gateway().contains("/")) {
            problems.add(Field.GATEWAY, "\"" + Problems.shown(draft.gateway()) + "\" is no address like 10.0.110.1.");
            return null;
        }
        if (address != null
                && (!address.contains(gateway) || !address.at(gateway.address()).usable())) {
            problems.add(
                    Field.GATEWAY, gateway.host() + " is not inside the guest's network " + network(address) + ".");
            return null;
        }
        if (address != null && gateway.address() == address.address()) {
            problems.add(Field.GATEWAY, "The gateway is another machine than the guest.");
            return null;
        }
        return gateway.host();
    }

    private static String network(Ipv4Network address) {
        return address.at(address.network()).toString();
    }

    private static @Nullable String nameserver(PassthroughDraft draft, Problems problems) {
        List<String> servers = new ArrayList<>();
        for (String text : draft.nameserver().strip().split("[\\s,;]+")) {
            if (text.isEmpty()) {
                continue;
            }
            boolean ipv6 = text.matches("[0-9A-Fa-f:]{2,39}") && text.contains(":");
            if (!ipv6 && (text.contains("/") || Ipv4Network.find(text).isEmpty())) {
                problems.add(Field.NAMESERVER, "\"" + Problems.shown(text) + "\" is no address of a DNS server.");
                return null;
            }
            servers.add(text);
        }
        return servers.isEmpty() ? null : String.join(" ", servers);
    }
}
