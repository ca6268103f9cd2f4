package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Network cards, and what is stacked on them. */
final class Wires {

    private static final String VIRTUAL = "/sys/devices/virtual/net/";

    /** An interface with the functions that carry it. */
    record Link(String name, List<Fn> carriers) {
        Link {
            carriers = List.copyOf(carriers);
        }
    }

    private final Board board;
    private final Disks disks;
    final List<String> paths = new ArrayList<>();
    final List<String> lowers = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final List<String> addresses = new ArrayList<>();
    final List<String> file = new ArrayList<>();
    final List<Link> unused = new ArrayList<>();
    private int subnet = 10;
    private int bridges;
    private int bonds;
    private boolean openVswitch;

    Wires(Board board, Disks disks) {
        this.board = board;
        this.disks = disks;
        paths.add("PATH\tnet\tlo\t" + VIRTUAL + "lo\tmac=00:00:00:00:00:00\tstate=unknown\tspeed=-");
        addresses.add("L\tip_addr\tlo UNKNOWN 127.0.0.1/8 ::1/128");
    }

    private Link physical(String name, Fn carrier, List<Fn> also, String between) {
        paths.add("PATH\tnet\t" + name + "\t" + carrier.path + between + "/net/" + name
                + "\tmac=04:42:1a:00:00:01\tstate=up\tspeed=1000");
        List<Fn> all = new ArrayList<>(also);
        all.addFirst(carrier);
        return new Link(name, all);
    }

    private void virtual(String name) {
        paths.add("PATH\tnet\t" + name + "\t" + VIRTUAL + name + "\tmac=04:42:1a:00:00:02\tstate=up\tspeed=10000");
    }

    /** A free port; a card is plugged in when there is none. */
    Link port() {
        if (!unused.isEmpty() && board.chance(60)) {
            return unused.remove(board.random.nextInt(unused.size()));
        }
        switch (board.random.nextInt(10)) {
            case 0 -> {
                Fn controller =
                        board.card(board.place(), "1b21:2142 0c0330 xhci_hcd").getFirst();
                int bus = disks.plug(controller, "0bda:8153", "USB 10/100/1000 LAN");
                return physical(
                        "enx" + controller.address.substring(5, 7) + bus,
                        controller,
                        List.of(),
                        "/usb" + bus + "/" + bus + "-1/" + bus + "-1:1.0");
            }
            case 1, 2 -> {
                return onVirtualFunction();
            }
            case 3, 4, 5 -> {
                List<Fn> ports = board.card(board.place(), parts(2 + 2 * board.random.nextInt(2)));
                for (Fn each : ports.subList(1, ports.size())) {
                    unused.add(physical(named(each), each, List.of(), ""));
                }
                return physical(named(ports.getFirst()), ports.getFirst(), List.of(), "");
            }
            default -> {
                Fn card = board.card(board.place(), "8086:1539 020000 igb").getFirst();
                return physical(named(card), card, List.of(), "");
            }
        }
    }

    private static String[] parts(int count) {
        String[] parts = new String[count];
        java.util.Arrays.fill(parts, "8086:1521 020000 igb");
        return parts;
    }

    private static String named(Fn fn) {
        return "enp" + Integer.parseInt(fn.address.substring(5, 7), 16) + "s"
                + Integer.parseInt(fn.address.substring(8, 10), 16) + "f" + fn.address.charAt(11);
    }

    /** A virtual function that the host itself uses: its parent must stay too. */
    private Link onVirtualFunction() {
        Fn parent = board.card(board.place(), "8086:1572 020000 i40e").getFirst();
        List<Fn> virtual = board.virtualFunctions(parent, "8086:154c", 2 + board.random.nextInt(6));
        unused.add(physical(named(parent), parent, List.of(), ""));
        return physical(named(virtual.getFirst()) + "v", virtual.getFirst(), List.of(parent), "");
    }

    private Link over(String name, List<Link> links) {
        virtual(name);
        links.forEach(l -> lowers.add("LOWER\t" + name + "\t" + l.name()));
        return new Link(
                name,
                links.stream().flatMap(l -> l.carriers().stream()).distinct().toList());
    }

    /** A port, a bond of several, perhaps tagged. */
    private Link trunk() {
        Link link = board.chance(30) ? over("bond" + bonds++, List.of(port(), port())) : port();
        return board.chance(15) ? over(link.name() + ".20", List.of(link)) : link;
    }

    /** A bridge of the kernel, or of Open vSwitch, on a trunk. */
    Link bridge() {
        Link trunk = trunk();
        String name = "vmbr" + bridges++;
        file.add("auto " + name);
        file.add("iface " + name + " inet manual");
        if (board.chance(15)) {
            openVswitch = true;
            virtual(name);
            file.add(" ovs_type OVSBridge");
            file.add(" ovs_ports " + trunk.name());
            lowers.add("LOWER\tovs-system\t" + trunk.name());
            return new Link(name, trunk.carriers());
        }
        file.add(" bridge-ports " + trunk.name());
        return over(name, List.of(trunk));
    }

    /** A bridge for guests among themselves. */
    void innerBridge() {
        String name = "vmbr" + bridges++;
        virtual(name);
        file.add("auto " + name);
        file.add("iface " + name + " inet static");
        file.add(" address 10.10." + subnet + ".1/24");
        file.add(" bridge-ports none");
        addresses.add("L\tip_addr\t" + name + " UNKNOWN 10.10." + subnet++ + ".1/24");
    }

    String address(Link link) {
        String address = "10.0." + subnet++ + "." + (2 + board.random.nextInt(200));
        addresses.add("L\tip_addr\t" + link.name() + " UP " + address + "/24");
        return address;
    }

    private static void needed(Link link, String why) {
        link.carriers().forEach(c -> c.needed(link.name() + " <- " + why));
    }

    /** The way to the host: default route and the console's own session, which may come another way. */
    void management() {
        Link first = board.chance(75) ? bridge() : trunk();
        String address = address(first);
        keys.add("K\tdefault_route\t" + first.name());
        needed(first, "default route");
        switch (board.random.nextInt(8)) {
            case 0 -> {
                Link second = board.chance(50) ? bridge() : trunk();
                keys.add("K\tssh_connection\t10.9.9.9 50022 " + address(second) + " 22");
                needed(second, "session");
            }
            case 1 -> {
                // a tunnel over a port without an address of its own
                Link under = board.chance(50) ? first : trunk();
                virtual("tailscale0");
                addresses.add("L\tip_addr\ttailscale0 UNKNOWN 100.64.0.7/32");
                keys.add("K\tssh_connection\t100.64.0.9 50022 100.64.0.7 22");
                needed(under, "carries the tunnel of the session");
            }
            case 2 -> {
                // nothing tells
            }
            case 3 -> keys.add("K\tssh_connection\t::ffff:10.9.9.9 50022 ::ffff:" + address + " 22");
            default -> keys.add("K\tssh_connection\t10.9.9.9 50022 " + address + " 22");
        }
        if (board.chance(35)) {
            keys.add("K\tcluster\t1");
            Link ring = board.chance(40) ? trunk() : first;
            if (ring != first) {
                address(ring);
            }
            needed(ring, "cluster");
        }
    }

    /** A bridge that carries a running guest, by a plain port, behind a firewall bridge, or behind a virtual network. */
    void guestNetwork(int vmid, boolean container) {
        Link bridge = bridge();
        boolean ovs = openVswitch && lowers.stream().noneMatch(l -> l.startsWith("LOWER\t" + bridge.name() + "\t"));
        String upper = ovs ? "ovs-system" : bridge.name();
        String tap = (container ? "veth" : "tap") + vmid + "i0";
        virtual(tap);
        switch (board.random.nextInt(3)) {
            case 0 -> {
                String inner = "fwbr" + vmid + "i0";
                String outer = "fwpr" + vmid + "p0";
                virtual(inner);
                virtual(outer);
                virtual("fwln" + vmid + "i0");
                lowers.add("LOWER\t" + inner + "\t" + tap);
                lowers.add("LOWER\t" + inner + "\tfwln" + vmid + "i0");
                lowers.add("LOWER\t" + upper + "\t" + outer);
            }
            case 1 -> {
                if (ovs) {
                    lowers.add("LOWER\t" + upper + "\t" + tap);
                } else {
                    String net = "net" + vmid;
                    virtual(net);
                    virtual("ln_" + net);
                    virtual("pr_" + net);
                    lowers.add("LOWER\t" + net + "\t" + tap);
                    lowers.add("LOWER\t" + net + "\tln_" + net);
                    lowers.add("LOWER\t" + upper + "\tpr_" + net);
                }
            }
            default -> lowers.add("LOWER\t" + upper + "\t" + tap);
        }
        needed(bridge, "network of running guest " + vmid);
    }

    /** The switch of Open vSwitch as the kernel shows it, once there is a bridge of it. */
    void finish() {
        if (openVswitch) {
            virtual("ovs-system");
        }
    }
}
