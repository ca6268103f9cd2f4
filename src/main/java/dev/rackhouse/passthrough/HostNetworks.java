package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.InterfaceAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bridges as a host's own network file tells them, for nodes whose network the API has not told yet. */
final class HostNetworks {

    private HostNetworks() {}

    static List<Site.Network> of(HostFacts facts) {
        Map<String, Map<String, String>> stanzas = new LinkedHashMap<>();
        String current = "";
        for (String raw : facts.lines("/etc/network/interfaces")) {
            String[] words = raw.strip().split("\\s+", 2);
            if (words[0].equals("iface") && words.length > 1) {
                current = words[1].split("\\s+")[0];
            } else if (words[0].equals("auto") || words[0].equals("source")) {
                current = "";
            } else if (!current.isEmpty() && words.length > 1) {
                stanzas.computeIfAbsent(current, k -> new LinkedHashMap<>())
                        .putIfAbsent(words[0].replace('_', '-'), words[1].strip());
            }
        }
        return stanzas.entrySet().stream()
                .filter(e -> e.getValue().containsKey("bridge-ports"))
                .map(e -> new Site.Network(
                        e.getKey(),
                        "yes".equals(e.getValue().get("bridge-vlan-aware")),
                        e.getValue().get("bridge-vids"),
                        null,
                        facts.addresses().stream()
                                .filter(a -> a.interfaceName().equals(e.getKey()) && a.ipv4())
                                .map(InterfaceAddress::cidr)
                                .findFirst()
                                .orElse(e.getValue().get("address")),
                        e.getValue().get("gateway")))
                .toList();
    }
}
