package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Gives a device to an existing VM: shut down, configured, started, proved, and left as it was found. The host's own view proves it
 * always; where the guest can be asked, its view proves it too. Undo restores recorded values only, and the power state.
 */
@Component
public class AttachDevice implements Runbook<AttachPlan> {

    public static final String NAME = "attach-device";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Give a device to a VM";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<AttachPlan> plan() {
        return AttachPlan.class;
    }

    @Override
    public Outline outline(AttachPlan plan) {
        ExistingVm vm = new ExistingVm(plan.node(), plan.vmid(), plan.memoryMiB(), plan.shutdown());
        DeviceMappings mappings = new DeviceMappings(plan.node(), plan.mark());
        GuestChange change = new GuestChange(plan.node(), plan.vmid(), plan.before(), plan.after());
        Map<String, String> functions = new LinkedHashMap<>();
        plan.device().functions().forEach(f -> functions.put(f.address().toString(), f.ids()));
        Outline outline = Outline.titled("Give %s to %s", plan.device().label(), plan.label())
                .target(plan.node().node() + " / " + plan.vmid())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = vm.standsAsPlanned(outline, plan.running());
        outline = vm.devicesReady(outline, "The host can spare the device", functions);
        for (Device device : devices(plan)) {
            outline = mappings.addTo(outline, device);
        }
        if (plan.running()) {
            outline = vm.shutDown(outline);
        }
        outline = change.addTo(
                outline, "attach", "Give %s to VM %s".formatted(plan.device().path(), plan.vmid()));
        outline = vm.devicesReady(outline, "The host can still spare the device", functions);
        outline = startAndProve(outline, vm, plan, functions, false);
        if (plan.twice()) {
            outline = vm.shutDownAgain(outline, !plan.running());
            outline = startAndProve(outline, vm, plan, functions, true);
        }
        return plan.running() ? outline : vm.shutDownAsFound(outline);
    }

    private static Outline startAndProve(
            Outline outline, ExistingVm vm, AttachPlan plan, Map<String, String> functions, boolean again) {
        String more = again ? " a second time" : "";
        Outline grown = vm.start(outline, again);
        grown = vm.held(grown, "The VM holds the device" + more, functions.keySet(), true);
        return vm.seen(grown, plan.inside(), plan.counts(), more);
    }

    private static List<Device> devices(AttachPlan plan) {
        return Stream.concat(Stream.of(plan.device()), plan.converted().stream())
                .toList();
    }

    private static String[] locks(AttachPlan plan) {
        List<String> locks = new ArrayList<>();
        locks.add(Locks.guest(new GuestRef(plan.node().lab(), plan.vmid())));
        devices(plan).stream()
                .map(d -> Locks.pci(plan.node(), d.slot()))
                .distinct()
                .forEach(locks::add);
        return locks.toArray(String[]::new);
    }

    private static List<String> notes(AttachPlan plan) {
        List<String> notes = new ArrayList<>(plan.words());
        notes.add(
                plan.running()
                        ? plan.label() + " is shut down for this and started again. "
                                + plan.shutdown().sentence()
                        : plan.label() + " is started to prove it, and shut down again.");
        notes.add(
                switch (plan.inside()) {
                    case InsideProof.Agent _ ->
                        "Proof: the VM's process holds the device, and the guest's kernel lists it, read by the guest agent.";
                    case InsideProof.Ssh(String user, String address) ->
                        "Proof: the VM's process holds the device, and the guest lists it, asked as " + user + " at "
                                + address + ".";
                    case InsideProof.None _ ->
                        "Proof: the VM's process holds the device, bound to vfio-pci. What the guest makes of it is not looked at.";
                });
        if (plan.twice()) {
            notes.add("No reset of this device is known to be good, so the VM is stopped and started a second time.");
        }
        List<PlannedFunction> taken = plan.device().functions().stream()
                .filter(f -> f.driver() != null && !"vfio-pci".equals(f.driver()))
                .toList();
        if (!taken.isEmpty()) {
            notes.add(
                    taken.stream()
                                    .map(f -> f.address() + " (" + f.driver() + ")")
                                    .collect(Collectors.joining(", "))
                            + (taken.size() == 1 ? " goes" : " go")
                            + " from the host to vfio-pci. Proxmox leaves it so when the VM stops, and after an undo too; the host's driver has it again after the next boot.");
        }
        return notes;
    }
}
