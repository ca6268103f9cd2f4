package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Functions without which a needed function would be gone, though nothing of the host hangs on them directly: the parent of a virtual
 * function, a controller that brings up a PCI domain of its own (Intel VMD), the host interface of a Thunderbolt tunnel.
 */
final class Dependencies {

    private static final int THUNDERBOLT = 0x0c0340;
    /** Integrated Thunderbolt (Tiger Lake and newer): its tunnels come out of the root ports 00:07.0 to 00:07.3. */
    private static final int TUNNEL_ROOT_PORTS = 7;

    private Dependencies() {}

    static List<Protection> of(HostFacts facts, List<Protection> needed) {
        Map<PciAddress, PciFunction> functions =
                facts.functions().stream().collect(Collectors.toMap(PciFunction::address, f -> f, (a, b) -> a));
        Set<Protection> found = new LinkedHashSet<>();
        for (Protection protection : needed) {
            PciFunction function = functions.get(protection.function());
            if (function == null) {
                continue;
            }
            for (PciFunction parent : VirtualFunctions.parents(facts, function)) {
                found.add(above(parent.address(), "parent of a virtual function", protection));
            }
            for (PciAddress ancestor : function.ancestors()) {
                PciFunction above = functions.get(ancestor);
                if (above != null && !above.bridge()) {
                    found.add(above(ancestor, "brings up the domain of", protection));
                }
            }
            for (PciFunction tunnel : facts.functions()) {
                if (tunnel.classCode() == THUNDERBOLT && !tunnel.equals(function) && tunnelTo(tunnel, function)) {
                    found.add(above(tunnel.address(), "Thunderbolt tunnel to", protection));
                }
            }
        }
        return List.copyOf(found);
    }

    /** Below one switch, as on a card of its own; or the integrated one with the root ports beside it. */
    private static boolean tunnelTo(PciFunction tunnel, PciFunction function) {
        if (tunnel.ancestors().isEmpty()) {
            return tunnel.address().bus() == 0
                    && !function.ancestors().isEmpty()
                    && function.ancestors().getFirst().bus() == 0
                    && function.ancestors().getFirst().device() == TUNNEL_ROOT_PORTS;
        }
        return function.ancestors().contains(tunnel.ancestors().getFirst());
    }

    private static Protection above(PciAddress function, String how, Protection protection) {
        List<String> chain = new ArrayList<>();
        chain.add(function.toString());
        chain.add(how);
        chain.addAll(protection.chain());
        return new Protection(protection.kind(), function, chain);
    }
}
