package dev.rackhouse.inventory.fact;

import java.util.ArrayList;
import java.util.List;

/**
 * An address that the host has now.
 *
 * @param cidr {@code 10.0.10.41/24}
 */
public record InterfaceAddress(String interfaceName, String cidr) {

    /** {@code 10.0.10.41} */
    public String address() {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }

    public boolean ipv4() {
        return cidr.indexOf(':') < 0;
    }

    /** Reads {@code ip -br addr}. A name may carry {@code @if2}, its other end. */
    static List<InterfaceAddress> parse(List<String> lines) {
        List<InterfaceAddress> found = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            String name = words[0].contains("@") ? words[0].substring(0, words[0].indexOf('@')) : words[0];
            for (int i = 2; i < words.length; i++) {
                if (words[i].contains("/") && (words[i].contains(".") || words[i].contains(":"))) {
                    found.add(new InterfaceAddress(name, words[i]));
                }
            }
        }
        return found;
    }
}
