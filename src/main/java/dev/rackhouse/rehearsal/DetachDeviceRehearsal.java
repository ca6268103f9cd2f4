package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.DetachDevice;
import dev.rackhouse.passthrough.DetachPlan;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.GuestPlaces;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import dev.rackhouse.runbook.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Each VM of each Proxmox host gives back the first device that it has. */
final class DetachDeviceRehearsal implements RehearsedRunbook<DetachPlan> {

    @Override
    public String name() {
        return DetachDevice.NAME;
    }

    @Override
    public Class<? extends Runbook<DetachPlan>> runbook() {
        return DetachDevice.class;
    }

    @Override
    public List<Scene> scenes() {
        return Scene.allProxmox();
    }

    @Override
    public List<Planned<DetachPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        GuestDevices devices = workbench.part(GuestDevices.class);
        List<Planned<DetachPlan>> plans = new ArrayList<>();
        for (GuestPlaces.Choice vm : devices.vms(node)) {
            GuestPlace place = devices.find(vm.guest()).orElseThrow();
            plans.add(first(devices, place));
        }
        return plans.isEmpty() ? List.of(new Planned.Refused<>("any VM", "there is none on this node")) : plans;
    }

    private static Planned<DetachPlan> first(GuestDevices devices, GuestPlace place) {
        List<GuestDevices.Attached> attached = devices.attached(place);
        int index = attached.isEmpty() ? -1 : attached.getFirst().index();
        PlanReadiness<DetachPlan> standing = assessed(devices, place, index, Set.of());
        if (standing instanceof PlanReadiness.Blocked<DetachPlan> blocked) {
            standing = assessed(
                    devices,
                    place,
                    index,
                    blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()));
        }
        return switch (standing) {
            case PlanReadiness.Ready<DetachPlan> ready ->
                new Planned.Plan<>(place.label() + " gives back " + ready.plan().key(), ready.plan());
            case PlanReadiness.Blocked<DetachPlan> blocked ->
                new Planned.Refused<>(place.label(), String.join("; ", blocked.blockers()));
        };
    }

    private static PlanReadiness<DetachPlan> assessed(
            GuestDevices devices, GuestPlace place, int index, Set<String> accepted) {
        return devices.assess(place, index, devices.surest(place), Shutdown.PATIENT, accepted);
    }
}
