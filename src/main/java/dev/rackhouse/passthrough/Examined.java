package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProtectedSet;
import java.util.List;

/**
 * A host with what follows from its facts as a whole, computed once for all of its devices.
 *
 * @param host findings about the host as such
 * @param override what shows that IOMMU groups are asserted, not measured; empty when they are measured
 */
record Examined(HostFacts facts, ProtectedSet needed, List<DeviceUse> uses, List<Finding> host, List<String> override) {

    Examined {
        uses = List.copyOf(uses);
        host = List.copyOf(host);
        override = List.copyOf(override);
    }

    static Examined of(HostFacts facts) {
        return new Examined(
                facts,
                ProtectedSet.of(facts),
                DeviceUse.of(facts),
                Findings.ofHost(facts, null),
                GroupRules.evidenceOfOverride(facts));
    }
}
