package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the interfaces that the host needs down to their PCI functions. */
record NetworkStack(List<Protection> protections, List<String> unplaced) {

    // What Proxmox hangs into a bridge for a guest: tap and veth directly, fwpr when the guest has a firewall.
    private static final Pattern GUEST_PORT = Pattern.compile("(?:tap|veth|fwpr|fwln)([0-9]{3,9})[ip][0-9]+");

    static NetworkStack of(HostFacts facts) {
        Walk walk = new Walk(facts);
        walk.session();
        facts.keyValues("default_route").forEach(i -> walk.need(i, "default route"));
        walk.clusterAddresses();
        walk.guestBridges();
        return new NetworkStack(List.copyOf(walk.found), List.copyOf(walk.unplaced));
    }

    private static final class Walk {

        private final HostFacts facts;
        private final Set<Protection> found = new LinkedHashSet<>();
        private final Set<String> unplaced = new LinkedHashSet<>();

        Walk(HostFacts facts) {
            this.facts = facts;
        }

        void session() {
            String connection = facts.key("ssh_connection");
            String[] ends =
                    connection == null ? new String[0] : connection.strip().split("\\s+");
            if (ends.length >= 3) {
                facts.addresses().stream()
                        .filter(a -> a.address().equals(ends[2]))
                        .forEach(a -> need(a.interfaceName(), "this console's SSH session to " + ends[2]));
            }
        }

        /** The probe does not read corosync's links: on a cluster's member any of its own addresses may be one. */
        void clusterAddresses() {
            if (Boolean.TRUE.equals(facts.flag("cluster"))) {
                facts.addresses().stream()
                        .filter(a ->
                                !a.interfaceName().equals("lo") && !a.address().startsWith("fe80:"))
                        .forEach(a -> need(a.interfaceName(), "address " + a.address() + " of a cluster's member"));
            }
        }

        void guestBridges() {
            facts.lowers().forEach((upper, lowers) -> {
                List<String> guests = new ArrayList<>();
                for (String lower : lowers) {
                    Matcher m = GUEST_PORT.matcher(lower);
                    if (m.matches() && !guests.contains(m.group(1))) {
                        guests.add(m.group(1));
                    }
                }
                if (!guests.isEmpty() && !upper.startsWith("fwbr")) {
                    need(upper, "network of running guest " + String.join(", ", guests));
                }
            });
            for (GuestConfig guest : facts.guestsHere()) {
                if (facts.runs(guest.vmid())) {
                    for (String net : guest.indexed("net").values()) {
                        Matcher m = Pattern.compile("(?:^|.*,)bridge=([^,]+).*").matcher(net);
                        if (m.matches() && facts.lowers().containsKey(m.group(1))) {
                            need(m.group(1), "network of running guest " + guest.vmid());
                        }
                    }
                }
            }
        }

        void need(String name, String purpose) {
            descend(name, name, List.of(purpose), purpose, new HashSet<>());
        }

        private void descend(String top, String name, List<String> above, String purpose, Set<String> visited) {
            if (!visited.add(name) || GUEST_PORT.matcher(name).matches()) {
                return;
            }
            List<String> chain = new ArrayList<>();
            chain.add(name);
            chain.addAll(above);
            PciAddress controller =
                    facts.networkInterface(name).map(NetInterface::controller).orElse(null);
            if (controller != null) {
                chain.addFirst(controller.toString());
                found.add(new Protection(Protection.Kind.MANAGEMENT, controller, chain));
                return;
            }
            List<String> below = facts.lowers().getOrDefault(name, List.of());
            boolean virtualOnly = below.isEmpty() && isBridge(name);
            if (below.isEmpty() && !virtualOnly && !name.equals("lo")) {
                unplaced.add(top + ": " + purpose);
            }
            below.forEach(b -> descend(top, b, chain, purpose, visited));
        }

        /** A bridge without a port leads nowhere: {@code bridge-ports none}, docker0. */
        private boolean isBridge(String name) {
            return facts.networkInterface(name)
                    .map(i -> i.path().startsWith("/sys/devices/virtual/"))
                    .orElse(false);
        }
    }
}
