package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The VMs of caraxes behind the capability; remembers what was started. */
public final class SampleGuestDevices implements GuestPlaces {

    private final SamplePassthrough runs = SamplePassthrough.caraxesAndMeraxes();
    public final List<Object> started = runs.startedPlans;
    public final GuestDevices devices = new GuestDevices(this, runs, new AttachDevice(), new DetachDevice());

    public GuestRef guest(int vmid) {
        return new GuestRef(SampleSites.LAB, new VmId(vmid));
    }

    @Override
    public List<Choice> vms(NodeRef node) {
        return places().map(p -> new Choice(guest(p.vmid().value()), node, p.label(), p.running()))
                .toList();
    }

    @Override
    public Optional<GuestPlace> find(GuestRef guest) {
        return places().filter(p -> p.vmid().equals(guest.vmid())).findFirst();
    }

    private static Stream<GuestPlace> places() {
        return Stream.of(SampleGuests.nas(), SampleGuests.ollama(), SampleGuests.winDev());
    }
}
