package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.AttachDevice;
import dev.rackhouse.passthrough.AttachDraft;
import dev.rackhouse.passthrough.AttachPlan;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.GuestPlaces;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.runbook.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Each VM of each Proxmox host gets the first device that it can have; where it has raw addresses, they become mappings with it. */
final class AttachDeviceRehearsal implements RehearsedRunbook<AttachPlan> {

    @Override
    public String name() {
        return AttachDevice.NAME;
    }

    @Override
    public Class<? extends Runbook<AttachPlan>> runbook() {
        return AttachDevice.class;
    }

    @Override
    public List<Scene> scenes() {
        return Scene.allProxmox();
    }

    @Override
    public List<Planned<AttachPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        GuestDevices devices = workbench.part(GuestDevices.class);
        List<Planned<AttachPlan>> plans = new ArrayList<>();
        for (GuestPlaces.Choice vm : devices.vms(node)) {
            GuestPlace place = devices.find(vm.guest()).orElseThrow();
            plans.add(firstThatFits(devices, place));
        }
        return plans.isEmpty() ? List.of(new Planned.Refused<>("any VM", "there is none on this node")) : plans;
    }

    private static Planned<AttachPlan> firstThatFits(GuestDevices devices, GuestPlace place) {
        String why = "no device can be given";
        for (DeviceChoice device : devices.devices(place)) {
            PlanReadiness<AttachPlan> standing = assessed(devices, place, device.path());
            if (standing instanceof PlanReadiness.Ready<AttachPlan> ready) {
                return new Planned.Plan<>(
                        place.label() + " gets " + device.path() + " " + device.label(), ready.plan());
            }
            why = standing instanceof PlanReadiness.Blocked<AttachPlan> blocked
                    ? device.path() + ": " + String.join("; ", blocked.blockers())
                    : why;
        }
        return new Planned.Refused<>(place.label(), why);
    }

    /** With every warning ticked. */
    static PlanReadiness<AttachPlan> assessed(GuestDevices devices, GuestPlace place, String device) {
        AttachDraft draft = devices.draft(place).withDevice(device).withConvert(true);
        PlanReadiness<AttachPlan> first = devices.assess(draft, place);
        return first instanceof PlanReadiness.Blocked<AttachPlan> blocked
                ? devices.assess(
                        draft.withAccepted(
                                blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet())),
                        place)
                : first;
    }
}
