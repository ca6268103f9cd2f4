package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Takes a device back from a VM: the entry goes, the VM is left as it was found. Undo gives it back exactly as recorded. */
@Component
public class DetachDevice implements Runbook<DetachPlan> {

    public static final String NAME = "detach-device";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Take a device from a VM";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<DetachPlan> plan() {
        return DetachPlan.class;
    }

    @Override
    public Outline outline(DetachPlan plan) {
        ExistingVm vm = new ExistingVm(plan.node(), plan.vmid(), plan.memoryMiB(), plan.shutdown());
        GuestChange change = new GuestChange(plan.node(), plan.vmid(), plan.with(plan.value()), plan.with(""));
        Outline outline = Outline.titled("Take %s from %s", plan.label(), plan.guestLabel())
                .target(plan.node().node() + " / " + plan.vmid())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = vm.standsAsPlanned(outline, plan.running());
        if (plan.running()) {
            outline = vm.shutDown(outline);
        }
        outline = change.addTo(outline, "detach", "Take " + plan.key() + " from VM " + plan.vmid());
        if (plan.running()) {
            outline = vm.start(outline, false);
        }
        if (!plan.functions().isEmpty()) {
            outline = vm.held(
                    outline,
                    "The VM does not hold the device",
                    plan.functions().stream().map(f -> f.address().toString()).toList(),
                    false);
        }
        return plan.running() && !plan.counts().isEmpty()
                ? vm.seen(outline, plan.inside(), plan.counts(), "")
                : outline;
    }

    private static String[] locks(DetachPlan plan) {
        List<String> locks = new ArrayList<>();
        locks.add(Locks.guest(new GuestRef(plan.node().lab(), plan.vmid())));
        plan.slots().forEach(slot -> locks.add(Locks.pci(plan.node(), slot)));
        return locks.toArray(String[]::new);
    }

    private static List<String> notes(DetachPlan plan) {
        List<String> notes = new ArrayList<>(plan.words());
        notes.add(
                plan.running()
                        ? plan.guestLabel() + " is shut down for this and started again without the device. "
                                + plan.shutdown().sentence()
                        : plan.guestLabel() + " is stopped and stays so.");
        notes.add(
                "The device stays with vfio-pci until the host's next boot. Giving it back to the host's driver at once is a run of its own.");
        return notes;
    }
}
