package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.unknown;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.InterfaceAddress;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of {@code /etc/network/interfaces} that Proxmox itself does not make. */
final class NetworkRules {

    /** What the rules look at. */
    private record Network(HostFacts facts, List<InterfaceStanza> stanzas) {}

    private static final List<Rule<Network>> ALL = List.of(
            NetworkRules::duplicates,
            NetworkRules::halfTranslated,
            NetworkRules::strayRules,
            NetworkRules::noForwarding,
            NetworkRules::reusedPorts,
            NetworkRules::packetSizes,
            NetworkRules::severalGateways,
            NetworkRules::wirelessPorts,
            NetworkRules::singleLink,
            NetworkRules::staged);

    private NetworkRules() {}

    static List<Finding> check(HostFacts facts) {
        return Rule.all(ALL, new Network(facts, InterfaceStanza.all(facts.lines(InterfaceStanza.FILE))));
    }

    private static Target iface(String name) {
        return new Target.Iface(name);
    }

    private static List<Finding> duplicates(Network network) {
        List<Finding> found = new ArrayList<>();
        for (InterfaceStanza one : network.stanzas()) {
            for (InterfaceStanza other : network.stanzas()) {
                if (one == other) {
                    continue;
                }
                for (Ipv4Network a : one.addresses()) {
                    for (Ipv4Network b : other.addresses()) {
                        if (a.overlaps(b) && a.prefix() < 32 && b.prefix() < 32) {
                            found.add(duplicate(
                                    one.name(), a.toString(), other.name(), b.toString(), one.line("address " + a)));
                        }
                    }
                }
            }
        }
        List<InterfaceAddress> live = network.facts().addresses();
        for (InterfaceAddress a : live) {
            live.stream()
                    .filter(b -> a.ipv4()
                            && a.address().equals(b.address())
                            && !a.interfaceName().equals(b.interfaceName()))
                    .filter(b -> found.stream().noneMatch(f -> f.target().equals(iface(a.interfaceName()))))
                    .findFirst()
                    .ifPresent(b -> found.add(duplicate(
                            a.interfaceName(),
                            a.cidr(),
                            b.interfaceName(),
                            b.cidr(),
                            "L ip_addr " + a.interfaceName() + " " + a.cidr())));
        }
        return found;
    }

    private static Finding duplicate(String one, String a, String other, String b, String evidence) {
        return blocker(
                "net.dup-addr",
                iface(one),
                "%s has %s and %s has %s: two routes to one network, the first one wins, and guests behind the other get no answers."
                        .formatted(one, a, other, b),
                "Renumber one of them.",
                evidence,
                other + " address " + b);
    }

    private static List<Finding> halfTranslated(Network network) {
        List<InterfaceStanza> internal =
                network.stanzas().stream().filter(InterfaceStanza::internal).toList();
        if (internal.stream().allMatch(s -> s.masqueraded().isEmpty())) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        for (InterfaceStanza bridge : internal) {
            boolean byOther = network.stanzas().stream()
                    .filter(s -> s != bridge)
                    .anyMatch(s -> s.masqueraded().stream()
                            .anyMatch(source -> bridge.addresses().stream().anyMatch(source::overlaps)
                                    && s.addresses().stream().noneMatch(source::overlaps)));
            if (bridge.masqueraded().isEmpty() && !byOther) {
                found.add(warning(
                        "net.nat-half",
                        iface(bridge.name()),
                        bridge.name()
                                + " is an internal network without address translation, while another one has it: its guests do"
                                + " not reach the Internet.",
                        "Add a MASQUERADE rule for its network, if its guests are to reach out.",
                        bridge.line("no MASQUERADE")));
            }
        }
        return found;
    }

    /** Rules that nobody applies, and rules that change nothing. */
    private static List<Finding> strayRules(Network network) {
        List<String> file = network.facts().lines(InterfaceStanza.FILE);
        List<Finding> found = new ArrayList<>();
        file.stream()
                .filter(l -> l.strip().matches("(iptables|ip6tables|nft|ufw)\\s.*"))
                .limit(3)
                .forEach(l -> found.add(warning(
                        "net.stray-rules",
                        HostRules.NODE,
                        "A firewall command stands in the network file as a line of its own. Nothing runs it: the rule is not there after a boot.",
                        "Write it as post-up of the interface that it is about, with its post-down.",
                        "L " + InterfaceStanza.FILE + " " + l)));
        boolean restricts = file.stream().anyMatch(l -> l.matches(".*\\b(DROP|REJECT)\\b.*"));
        List<String> accepting = file.stream()
                .filter(l -> l.matches(".*iptables.*-[AI] (FORWARD|INPUT).*-j ACCEPT.*"))
                .limit(3)
                .map(l -> "L " + InterfaceStanza.FILE + " " + l)
                .toList();
        if (!accepting.isEmpty() && !restricts) {
            found.add(Finding.of(
                    "net.stray-rules",
                    Severity.WARNING,
                    HostRules.NODE,
                    "Rules that accept stand there without any rule that drops: under the policy ACCEPT they restrict nothing.",
                    "Remove them, or write the rules that drop what is not accepted.",
                    accepting));
        }
        return found;
    }

    private static List<Finding> noForwarding(Network network) {
        Optional<InterfaceStanza> translating = network.stanzas().stream()
                .filter(s -> !s.masqueraded().isEmpty())
                .findFirst();
        if (translating.isEmpty()) {
            return List.of();
        }
        List<String> words = network.facts().lines(InterfaceStanza.FILE).stream()
                .filter(l -> l.contains("ip_forward"))
                .toList();
        String name = translating.get().name();
        if (words.isEmpty()) {
            return List.of(unknown(
                    "net.no-forward",
                    iface(name),
                    "Addresses are translated here, and whether the host forwards packets at all could not be read: the network file"
                            + " does not turn it on.",
                    "See sysctl net.ipv4.ip_forward; it must be 1.",
                    translating.get().line("MASQUERADE without ip_forward")));
        }
        return when(
                words.stream().noneMatch(l -> l.matches(".*(echo\\s+1\\b|ip_forward\\s*=\\s*1).*")),
                () -> blocker(
                        "net.no-forward",
                        iface(name),
                        "Addresses are translated here, but the host is told not to forward packets: nothing gets out.",
                        "Set net.ipv4.ip_forward to 1.",
                        "L " + InterfaceStanza.FILE + " " + words.getFirst()));
    }

    private static List<Finding> reusedPorts(Network network) {
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (InterfaceStanza stanza : network.stanzas()) {
            for (String port : stanza.names("bridge-ports", "bond-slaves", "slaves", "ovs-bonds")) {
                users.computeIfAbsent(port, p -> new ArrayList<>()).add(stanza.name());
            }
        }
        return users.entrySet().stream()
                .filter(e -> e.getValue().stream().distinct().count() > 1)
                .map(e -> blocker(
                        "net.port-reuse",
                        iface(e.getKey()),
                        "%s is a port of %s at once. Only the first of them gets it, the others come up without a link."
                                .formatted(e.getKey(), String.join(" and ", e.getValue())),
                        "Leave it to one of them.",
                        "L " + InterfaceStanza.FILE + " " + e.getKey() + " in " + String.join(", ", e.getValue())))
                .toList();
    }

    private static List<Finding> packetSizes(Network network) {
        List<Finding> found = new ArrayList<>();
        for (InterfaceStanza bridge : network.stanzas()) {
            int own = mtu(bridge);
            for (String port : bridge.names("bridge-ports")) {
                int below = network.stanzas().stream()
                        .filter(s -> s.name().equals(port))
                        .mapToInt(NetworkRules::mtu)
                        .findFirst()
                        .orElse(1500);
                if (own != below) {
                    found.add(warning(
                            "net.mtu",
                            iface(bridge.name()),
                            "%s carries packets of %d bytes, its port %s of %d: the larger ones are dropped without a word."
                                    .formatted(bridge.name(), own, port, below),
                            "Give bridge and port the same MTU, and the switch at least as much.",
                            bridge.line("mtu " + own),
                            port + ": mtu " + below));
                }
            }
        }
        return found;
    }

    private static int mtu(InterfaceStanza stanza) {
        return stanza.values("mtu").stream()
                .filter(v -> v.matches("[0-9]{2,5}"))
                .findFirst()
                .map(Integer::valueOf)
                .orElse(1500);
    }

    private static List<Finding> severalGateways(Network network) {
        List<InterfaceStanza> with = network.stanzas().stream()
                .filter(s -> s.values("gateway").stream()
                        .anyMatch(g -> Ipv4Network.find(g).isPresent()))
                .toList();
        return when(
                with.size() > 1,
                () -> Finding.of(
                        "net.gw-many",
                        Severity.WARNING,
                        iface(with.get(1).name()),
                        "%s each have a gateway. A host has one default route; which one it is depends on the order of the start."
                                .formatted(String.join(
                                        " and ",
                                        with.stream().map(InterfaceStanza::name).toList())),
                        "Keep the gateway on one interface; reach other networks by routes.",
                        with.stream()
                                .map(s ->
                                        s.line("gateway " + s.values("gateway").getFirst()))
                                .toList()));
    }

    private static List<Finding> wirelessPorts(Network network) {
        List<Finding> found = new ArrayList<>();
        for (InterfaceStanza bridge : network.stanzas()) {
            bridge.names("bridge-ports").stream()
                    .filter(p -> wireless(network.facts(), p))
                    .forEach(p -> found.add(blocker(
                            "net.wifi-bridge",
                            iface(bridge.name()),
                            "%s has the Wi-Fi interface %s as a port. An access point accepts one address per station, so the guests behind it get no answers."
                                    .formatted(bridge.name(), p),
                            "Use a cable, or route and translate instead of bridging.",
                            bridge.line("bridge-ports " + p))));
        }
        return found;
    }

    private static boolean wireless(HostFacts facts, String name) {
        return name.startsWith("wl")
                || facts.networkInterface(name)
                        .flatMap(i -> Optional.ofNullable(i.controller()))
                        .flatMap(facts::function)
                        .map(PciFunction::subclass)
                        .filter(c -> c == 0x0280)
                        .isPresent();
    }

    /** One cable for everything: nothing wrong, good to know before it is pulled. */
    private static List<Finding> singleLink(Network network) {
        HostFacts facts = network.facts();
        List<NetInterface> used = facts.interfaces().stream()
                .filter(i -> i.controller() != null && i.up())
                .filter(i -> Stream.concat(
                                facts.lowers().values().stream().flatMap(List::stream),
                                facts.addresses().stream().map(InterfaceAddress::interfaceName))
                        .anyMatch(i.name()::equals))
                .toList();
        boolean guests = facts.lowers().values().stream()
                .anyMatch(l -> l.stream().anyMatch(n -> n.matches("(tap|veth|fwpr)[0-9]+[ip][0-9]+"))
                        && l.stream()
                                .anyMatch(n ->
                                        used.stream().anyMatch(u -> u.name().equals(n))));
        return when(used.size() == 1 && guests, () -> {
            NetInterface only = used.getFirst();
            PciAddress at = only.controller();
            return information(
                    "net.mgmt-single",
                    iface(only.name()),
                    "One link, %s, carries the way to the host and the network of its guests: a guest that fills it slows the console too."
                            .formatted(only.name()),
                    "A second link for management, where there is a free port.",
                    "PATH net " + only.name() + " below " + at);
        });
    }

    private static List<Finding> staged(Network network) {
        return when(
                Boolean.TRUE.equals(network.facts().flag("interfaces_new")),
                () -> warning(
                        "net.staged",
                        HostRules.NODE,
                        "The network that is configured and the one that runs differ: a change is staged in /etc/network/interfaces.new.",
                        "Apply it under watch, or drop it.",
                        "K interfaces_new 1"));
    }
}
