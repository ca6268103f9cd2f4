package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.passthrough.PassthroughPlan.Download;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Creates a VM with passed-through devices, proves from inside the guest that it sees them, stops it and proves it a second time, since
 * a device that cannot be reset works exactly once. Whatever is undone bears the mark of this run: its tag, its vmid, and the SMBIOS
 * identity that the preview shows.
 */
@Component
public class CreatePassthroughVm implements Runbook<PassthroughPlan> {

    public static final String NAME = "create-passthrough-vm";

    private static final Duration BOOT = Duration.ofMinutes(6);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Create passthrough VM";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<PassthroughPlan> plan() {
        return PassthroughPlan.class;
    }

    @Override
    public Outline outline(PassthroughPlan plan) {
        VmCalls calls = new VmCalls(plan);
        DeviceMappings mappings = new DeviceMappings(plan.node(), plan.mark());
        Outline outline = Outline.titled(
                        "Create %s on %s", plan.name(), plan.node().node())
                .target(plan.node().node() + " / " + plan.vmid())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = outline.check("The vmid is free", calls.vmidIsFree());
        outline = outline.check("The host can spare the devices", calls.devicesReady());
        for (Device device : plan.devices()) {
            outline = mappings.addTo(outline, device);
        }
        Download download = plan.image().download();
        NodeImages files = calls.nodeImages();
        if (plan.image().onNode() && download == null) {
            outline = outline.check("The image lies on the node", files.liesThere());
        } else if (plan.image().onNode() && download != null) {
            outline = outline.step("Download the image to the node", files.download(download))
                    .unless(files.liesThere())
                    .confirm(files.liesThere(), Duration.ofSeconds(30))
                    .limit(Duration.ofHours(1))
                    .usually(Duration.ofMinutes(1))
                    .undo(Undo.by("Remove the downloaded image", files.remove())
                            .unless(files.isGone())
                            .confirm(files.isGone(), Duration.ofSeconds(30)));
        } else if (download != null) {
            outline = outline.step("Download the image", calls.download(download))
                    .unless(calls.imageLies(download))
                    .confirm(calls.imageLies(download), Duration.ofSeconds(30))
                    .limit(Duration.ofHours(1))
                    .usually(Duration.ofMinutes(1))
                    .undo(Undo.by("Remove the downloaded image", calls.removeImage(download))
                            .onlyIf(calls.imageLies(download))
                            .confirm(calls.imageGone(download), Duration.ofSeconds(60)));
        }
        outline = outline.step("Create the VM", calls.create())
                .unless(calls.bearsOurMark())
                .confirm(calls.bearsOurMark(), Duration.ofSeconds(30))
                .limit(Duration.ofMinutes(30))
                .usually(Duration.ofSeconds(20))
                .retry(RetryPolicy.never())
                .undo(stop(plan, calls), delete(plan, calls));
        if (plan.image().onNode()) {
            outline = outline.step("Import the disk, which only root may do from a file", calls.importDisk())
                    .unless(calls.diskIsThere())
                    .confirm(calls.diskIsThere(), Duration.ofSeconds(30))
                    .limit(Duration.ofMinutes(30))
                    .usually(Duration.ofSeconds(20));
        }
        outline = outline.step("Grow the disk to " + plan.diskGiB() + " GiB", calls.resize())
                .unless(calls.diskHasItsSize())
                .confirm(calls.diskHasItsSize(), Duration.ofSeconds(60))
                .retry(RetryPolicy.never());
        if (!calls.rootOnly().isEmpty()) {
            outline = outline.step("Set what only root may set", calls.setRootOnly())
                    .unless(calls.rootOnlyIsSet())
                    .confirm(calls.rootOnlyIsSet(), Duration.ofSeconds(20));
        }
        outline = outline.check("The host can still spare the devices", calls.devicesReady());
        outline = startAndProve(outline, plan, calls, true);
        outline = outline.step("Shut the VM down", calls.shutdown())
                .unless(calls.isStopped())
                .confirm(calls.isStopped(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(6))
                .usually(Duration.ofSeconds(20));
        outline = startAndProve(outline, plan, calls, false);
        return outline.check("The host has all that it needs", calls.devicesReady());
    }

    private static Outline startAndProve(Outline outline, PassthroughPlan plan, VmCalls calls, boolean first) {
        String again = first ? "" : " a second time";
        Outline grown = outline.step("Start the VM" + again, calls.start())
                .unless(calls.isRunning())
                .confirm(calls.isRunning(), Duration.ofSeconds(30))
                .limit(Duration.ofMinutes(20))
                .usually(Duration.ofSeconds(15 + plan.memoryMiB() / 1024))
                .retry(RetryPolicy.never())
                .undo(stop(plan, calls));
        grown = grown.confirm("The guest answers on SSH" + again, calls.answersOnSsh(), BOOT)
                .usually(Duration.ofSeconds(40));
        if (first) {
            grown = grown.confirm("Cloud-init has finished", calls.cloudInitDone(), Duration.ofMinutes(10))
                    .usually(Duration.ofSeconds(40));
            grown = grown.step("Install the guest agent", calls.installAgent())
                    .unless(calls.agentRuns())
                    .limit(Duration.ofMinutes(15))
                    .usually(Duration.ofSeconds(30));
        }
        return grown.confirm("The guest agent answers" + again, calls.agentAnswers(), Duration.ofMinutes(4))
                .confirm(
                        "The guest sees every planned device" + again, calls.guestSeesDevices(), Duration.ofMinutes(1));
    }

    private static Undo stop(PassthroughPlan plan, VmCalls calls) {
        return Undo.by("Stop VM " + plan.vmid(), calls.stop())
                .onlyIf(calls.bearsOurMark())
                .unless(calls.isStopped())
                .confirm(calls.isStopped(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(5));
    }

    private static Undo delete(PassthroughPlan plan, VmCalls calls) {
        return Undo.by(
                        "Delete VM %s with its disks, and all that was written to them since: scsi0 (%d GiB on %s), efidisk0, cloud-init drive"
                                .formatted(plan.vmid(), plan.diskGiB(), plan.storage()),
                        calls.delete())
                .onlyIf(calls.bearsOurMarkAndOurDisks())
                .confirm(calls.vmIsGone(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(15));
    }

    private static String[] locks(PassthroughPlan plan) {
        List<String> locks = new ArrayList<>();
        locks.add(Locks.guest(new GuestRef(plan.node().lab(), plan.vmid())));
        plan.devices().stream()
                .map(d -> Locks.pci(plan.node(), d.slot()))
                .distinct()
                .forEach(locks::add);
        return locks.toArray(String[]::new);
    }

    private static List<String> notes(PassthroughPlan plan) {
        List<String> notes = new ArrayList<>();
        notes.add("After this the guest shows "
                + plan.functions().stream().map(PlannedFunction::ids).collect(Collectors.joining(", "))
                + ", proved twice: start, stop, start.");
        notes.add("The host is not rebooted. No other guest is touched.");
        notes.add("VM " + plan.vmid() + " bears the tags " + VmOptions.TAG + " and " + plan.mark()
                + " and the identity " + plan.smbios() + ". It does not start with the host.");
        if (plan.memoryMiB() > 32 * 1024) {
            notes.add(
                    "All of its memory is taken at start; that can last minutes, and the task shows nothing meanwhile.");
        }
        List<PlannedFunction> taken = plan.functions().stream()
                .filter(f -> f.driver() != null && !"vfio-pci".equals(f.driver()))
                .toList();
        if (!taken.isEmpty()) {
            notes.add(
                    taken.stream()
                                    .map(f -> f.address() + " (" + f.driver() + ")")
                                    .collect(Collectors.joining(", "))
                            + (taken.size() == 1 ? " goes" : " go")
                            + " from the host to vfio-pci. Proxmox leaves it so when the VM stops; the host's driver has it again after the next boot.");
        }
        return notes;
    }
}
