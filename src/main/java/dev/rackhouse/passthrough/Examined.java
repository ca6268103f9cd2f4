package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProtectedSet;
import java.util.List;

/** A host with what follows from its facts as a whole, computed once for all of its devices. */
record Examined(HostFacts facts, ProtectedSet needed, List<DeviceUse> uses) {

    Examined {
        uses = List.copyOf(uses);
    }

    static Examined of(HostFacts facts) {
        return new Examined(facts, ProtectedSet.of(facts), DeviceUse.of(facts));
    }
}
