package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.FuzzedPlace;
import dev.rackhouse.passthrough.FuzzedRunbook;
import java.util.List;

/** Handing functions from vfio-pci to the host. Of what is asked for it takes only what is on vfio-pci: the commands say what. */
public final class FuzzedGiveBack implements FuzzedRunbook {

    private final GiveBack runbook = new GiveBack();

    @Override
    public String name() {
        return GiveBack.NAME;
    }

    @Override
    public Effect effect() {
        return Effect.GIVES_BACK;
    }

    @Override
    public Asked at(FuzzedPlace place) {
        HostFacts facts = place.facts();
        return devices -> {
            List<PathList.Part> parts = PathList.parse(String.join(";", devices));
            List<PciAddress> asked = facts.functions().stream()
                    .map(PciFunction::address)
                    .filter(a -> parts.stream().anyMatch(p -> p.names(a)))
                    .toList();
            return switch (GiveBackReadiness.of(place.node(), facts, String.join(", ", devices), asked)) {
                case GiveBackReadiness.Ready ready -> List.of(new Offer(runbook.outline(ready.plan()), List.of()));
                case GiveBackReadiness.Refused _ -> List.of();
            };
        };
    }
}
