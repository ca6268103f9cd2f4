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
    private static final Pattern BRIDGE_NAME = Pattern.compile("(vmbr|fwbr|virbr|lxcbr|lxdbr|docker|br-).*");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern BRIDGE_OPTION = Pattern.compile("(?:^|.*,)bridge=([^,]+).*");
    /** The kernel's side of Open vSwitch: all its ports hang on this one, whatever bridge they belong to. */
    private static final String OPEN_VSWITCH = "ovs-system";

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
            if (ends.length < 3) {
                return;
            }
            String[] zoned = ends[2].split("%", 2);
            String address = zoned[0].startsWith("::ffff:") ? zoned[0].substring(7) : zoned[0];
            if (address.startsWith("127.") || address.equals("::1")) {
                return; // comes from the host itself, by a tunnel that ends there
            }
            List<String> carriers = zoned.length == 2
                    ? List.of(zoned[1])
                    : facts.addresses().stream()
                            .filter(a -> a.address().equals(address))
                            .map(InterfaceAddress::interfaceName)
                            .toList();
            if (carriers.isEmpty()) {
                unplaced.add("this console's SSH session to " + address + ": no interface has that address");
            }
            carriers.forEach(i -> need(i, "this console's SSH session to " + address));
        }

        /** The probe does not read corosync's links: on a cluster's member any of its own addresses may be one. */
        void clusterAddresses() {
            if (Boolean.TRUE.equals(facts.flag("cluster"))) {
                facts.addresses().stream()
                        .filter(a ->
                                !a.address().startsWith("127.") && !a.address().equals("::1"))
                        .filter(a -> !a.address().startsWith("fe80:") && !withoutWayOut(a.interfaceName()))
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
                    needBelow(upper, "network of running guest " + String.join(", ", guests));
                }
            });
            for (GuestConfig guest : facts.guestsHere()) {
                if (facts.runs(guest.vmid())) {
                    for (String net : guest.indexed("net").values()) {
                        Matcher m = BRIDGE_OPTION.matcher(net);
                        if (m.matches()) {
                            needBelow(m.group(1), "network of running guest " + guest.vmid());
                        }
                    }
                }
            }
        }

        /** A bridge without a port is the network of its guests among themselves: nothing of the host stands behind it. */
        private void needBelow(String bridge, String purpose) {
            boolean known = facts.lowers().containsKey(bridge)
                    || facts.networkInterface(bridge).isPresent();
            if (known && !withoutWayOut(bridge)) {
                need(bridge, purpose);
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
            NetInterface shown = facts.networkInterface(name).orElse(null);
            PciAddress controller = shown == null ? null : shown.controller();
            if (controller != null) {
                chain.addFirst(controller.toString());
                found.add(new Protection(Protection.Kind.MANAGEMENT, controller, chain));
                return;
            }
            List<String> below = facts.lowers().getOrDefault(name, List.of());
            if (!below.isEmpty()) {
                below.forEach(b -> descend(top, b, chain, purpose, visited));
                return;
            }
            if (shown == null || !shown.path().startsWith("/sys/devices/virtual/")) {
                unplaced.add(top + ": " + purpose);
                return;
            }
            otherWays(name, top, chain, purpose, visited);
        }

        /** A virtual interface that stands on nothing the kernel names. */
        private void otherWays(String name, String top, List<String> chain, String purpose, Set<String> visited) {
            List<String> zone = name.startsWith("ln_") ? uppersOf("pr_" + name.substring(3)) : List.of();
            if (!zone.isEmpty()) {
                // Proxmox's virtual networks tie a bridge of their own to the zone's bridge by a pair ln_x, pr_x
                zone.forEach(u -> descend(top, u, chain, purpose, visited));
                return;
            }
            switch (make(name)) {
                case LINUX_BRIDGE -> {
                    if (name.equals(top)) {
                        unplaced.add(top + ": " + purpose);
                    }
                }
                case OPEN_VSWITCH -> {
                    if (facts.lowers().containsKey(OPEN_VSWITCH)) {
                        descend(top, OPEN_VSWITCH, chain, purpose, visited);
                    } else {
                        unplaced.add(top + ": " + purpose);
                    }
                }
                case UNKNOWN -> overAnything(top, chain, purpose);
            }
        }

        /** Tunnels, and addresses that are announced: the kernel does not name their carrier, so every interface in use is one. */
        private void overAnything(String top, List<String> above, String purpose) {
            List<NetInterface> inUse = facts.interfaces().stream()
                    .filter(i -> i.controller() != null && !i.state().equals("down"))
                    .toList();
            if (inUse.isEmpty()) {
                unplaced.add(top + ": " + purpose);
            }
            for (NetInterface carrier : inUse) {
                PciAddress controller = carrier.controller();
                if (controller != null) {
                    List<String> chain = new ArrayList<>(above);
                    chain.addFirst(carrier.name());
                    chain.addFirst(controller.toString());
                    found.add(new Protection(Protection.Kind.MANAGEMENT, controller, chain));
                }
            }
        }

        private List<String> uppersOf(String lower) {
            return facts.lowers().entrySet().stream()
                    .filter(e -> e.getValue().contains(lower))
                    .map(java.util.Map.Entry::getKey)
                    .toList();
        }

        /** A bridge of the kernel whose ports, if any, are all guests': {@code bridge-ports none}, docker0. */
        private boolean withoutWayOut(String name) {
            boolean virtual = facts.networkInterface(name)
                    .map(i -> i.path().startsWith("/sys/devices/virtual/"))
                    .orElse(false);
            return virtual
                    && linuxBridge(name)
                    && facts.lowers().getOrDefault(name, List.of()).stream()
                            .allMatch(l -> GUEST_PORT.matcher(l).matches() || l.startsWith("veth"));
        }

        private boolean linuxBridge(String name) {
            return make(name) == Make.LINUX_BRIDGE;
        }

        /** By its own stanza, which Open vSwitch marks, else by the names that are usual for bridges of the kernel. */
        private Make make(String name) {
            boolean inside = false;
            for (String raw : facts.lines("/etc/network/interfaces")) {
                String[] words = BLANKS.split(raw.strip());
                switch (words[0].replace('_', '-')) {
                    case "iface" -> inside = words.length > 1 && words[1].equals(name);
                    case "auto", "allow-hotplug", "source" -> inside = false;
                    case "bridge-ports" -> {
                        if (inside) {
                            return Make.LINUX_BRIDGE;
                        }
                    }
                    case "ovs-type" -> {
                        if (inside) {
                            return Make.OPEN_VSWITCH;
                        }
                    }
                    default -> {
                        // another option
                    }
                }
            }
            return BRIDGE_NAME.matcher(name).matches() && !facts.lowers().containsKey(OPEN_VSWITCH)
                    ? Make.LINUX_BRIDGE
                    : Make.UNKNOWN;
        }
    }

    /** What a virtual interface without anything below it is. */
    private enum Make {
        LINUX_BRIDGE,
        OPEN_VSWITCH,
        UNKNOWN
    }
}
