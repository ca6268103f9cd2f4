package dev.rackhouse.preparation;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.preparation.PreparationPlan.Edit;
import dev.rackhouse.preparation.PreparationPlan.PlannedGuest;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Makes a host ready for passthrough: saves the files, edits them, writes the boot files anew, arms a switch on the host that puts
 * everything back when nobody comes, and only then reboots. All undos of the boot hang on the first step that changes something, so
 * that they come after every file is back: boot files, reboot, proof, guests, and the copies last. The order is explained in
 * docs/decisions/0032.
 */
@Component
public class PrepareHost implements Runbook<PreparationPlan> {

    public static final String NAME = "prepare-host";

    /** Servers with much memory need minutes before they even start to boot. */
    private static final Duration LONGEST_BOOT = Duration.ofMinutes(15);
    private static final Duration USUAL_BOOT = Duration.ofSeconds(94);
    /** A host that is going down refuses, breaks off and is silent for a while: looked up again and again. */
    private static final RetryPolicy WHILE_IT_REBOOTS =
            new RetryPolicy(60, Duration.ofSeconds(5), Duration.ofSeconds(15));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Prepare host";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<PreparationPlan> plan() {
        return PreparationPlan.class;
    }

    @Override
    public Outline outline(PreparationPlan plan) {
        HostScripts scripts = new HostScripts(plan);
        DeadMansSwitch revert = new DeadMansSwitch(plan);
        Outline outline = Outline.titled("Prepare %s: %s", plan.node().node(), plan.title())
                .target(plan.node().node())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = outline.check("The host is as it was when this was planned", scripts.asPlanned())
                .check("No backup, migration or package work is under way", scripts.nothingUnderWay());
        outline = files(outline, plan, scripts);
        if (!plan.reboots()) {
            return outline;
        }
        outline = armed(outline, plan, revert);
        outline = rebooted(outline, plan, scripts);
        outline = outline.step("Disarm the switch", revert.disarmAndRemove())
                .unless(revert.disarmed())
                .confirm(revert.disarmed(), Duration.ofSeconds(30));
        return guestsBack(outline, plan, scripts);
    }

    private static Outline files(Outline before, PreparationPlan plan, HostScripts scripts) {
        Outline outline = before.step("Save the originals", scripts.save()).undo(undoOfTheBoot(plan, scripts));
        outline = outline.step("Write down what was saved", scripts.manifest());
        List<String> folders =
                plan.folders().stream().filter(f -> f.startsWith("/etc/")).toList();
        if (!folders.isEmpty()) {
            outline = outline.step("Make the folders that are missing", scripts.makeFolders(folders))
                    .undo(Undo.by("Remove those folders", scripts.removeFolders(folders)));
        }
        for (Edit edit : plan.edits()) {
            Command.FileEdit write = scripts.edit(edit);
            outline = outline.step(
                            "edit-" + edit.path(),
                            (edit.before() == null ? "Write " : edit.after() == null ? "Remove " : "Edit ")
                                    + edit.path(),
                            write)
                    .undo(write.reversed());
        }
        outline = outline.check("The files are well formed", scripts.wellFormed());
        if (scripts.writesBootFiles()) {
            outline = outline.step("Write the boot files anew", scripts.writeBootFiles())
                    .limit(Duration.ofMinutes(25))
                    .usually(Duration.ofSeconds(plan.initramfs() ? 90 : 10));
        }
        return scripts.provesBootFiles()
                ? outline.check("What the next boot reads carries it", scripts.bootFilesCarryIt())
                : outline;
    }

    /** Done last of all undos, in this order. Where nothing was written or booted, each finds that and does nothing. */
    private static Undo[] undoOfTheBoot(PreparationPlan plan, HostScripts scripts) {
        List<Undo> undos = new ArrayList<>();
        if (scripts.writesBootFiles()) {
            undos.add(Undo.by("Write the boot files anew from the files as they were", scripts.writeBootFilesBack())
                    .unless(scripts.bootFilesAreBack())
                    .limit(Duration.ofMinutes(25)));
        }
        if (plan.reboots()) {
            undos.add(Undo.by(
                            "Reboot " + plan.node().node() + ", if it was booted with the new files",
                            scripts.reboot())
                    .unless(scripts.bootedFromPriorFiles())
                    .confirm(scripts.bootedFromPriorFiles(), LONGEST_BOOT)
                    .retry(WHILE_IT_REBOOTS));
        }
        undos.add(Undo.by(
                "Prove that files and kernel words are as they were",
                new Command.Wait(
                        "files and kernel words are as they were",
                        Proof.within(Duration.ofMinutes(5), scripts.asBefore()))));
        if (plan.reboots() && !plan.guests().isEmpty()) {
            undos.add(autostart(scripts));
            plan.ran().forEach(g -> undos.add(startAgain(g, scripts)));
            plan.startedByTheBoot()
                    .forEach(g -> undos.add(shutDown(
                            "Shut down " + g.label() + ", which did not run before", g, scripts)));
        }
        undos.add(Undo.by("Remove the saved copies", scripts.removeCopies()));
        return undos.toArray(Undo[]::new);
    }

    private static Outline armed(Outline before, PreparationPlan plan, DeadMansSwitch revert) {
        Outline outline = before.step("Make a folder for the switch", revert.makeFolder())
                .undo(Undo.by("Remove the folder of the switch", revert.removeFolder()));
        List<String> titles = List.of(
                "Write how the host goes back by itself", "Write its service", "Write its timer");
        List<Command.FileEdit> files = revert.files();
        for (int i = 0; i < files.size(); i++) {
            outline = outline.step(titles.get(i), files.get(i)).undo(files.get(i).reversed());
        }
        return outline.step(
                        "arm-the-switch",
                        "Arm the switch: back by itself " + plan.revertMinutes() + " min after a boot",
                        revert.arm())
                .unless(revert.armed())
                .confirm(revert.armed(), Duration.ofSeconds(30))
                .undo(Undo.by("Disarm the switch", revert.disarm()));
    }

    private static Outline rebooted(Outline before, PreparationPlan plan, HostScripts scripts) {
        String node = plan.node().node();
        Outline outline = before.check("Still nothing else is under way", scripts.nothingUnderWay())
                .asks(question(plan));
        for (PlannedGuest guest : plan.ran().reversed()) {
            outline = outline.step(
                            "shut-down-" + guest.vmid(), "Shut down " + guest.label(), scripts.shutDown(guest))
                    .unless(scripts.is(guest, "stopped"))
                    .confirm(scripts.is(guest, "stopped"), Duration.ofMinutes(1))
                    .limit(Duration.ofMinutes(5))
                    .usually(Duration.ofSeconds(30));
        }
        outline = outline.check("No VM runs any more", scripts.noneRuns("qemu"))
                .check("No container runs any more", scripts.noneRuns("lxc"));
        return outline.step("Reboot " + node, scripts.reboot())
                .unless(scripts.bootedAnew())
                .confirm(Proof.within(LONGEST_BOOT, scripts.bootedAnew())
                        .called(node + " answers with a new boot"))
                .retry(WHILE_IT_REBOOTS)
                .usually(USUAL_BOOT)
                .confirm("The host came back prepared, with all that it had", scripts.prepared(), Duration.ofMinutes(5))
                .usually(Duration.ofSeconds(10));
    }

    private static Outline guestsBack(Outline before, PreparationPlan plan, HostScripts scripts) {
        if (plan.guests().isEmpty()) {
            return before;
        }
        Outline outline = before.confirm(
                        "Proxmox has started what starts with the host",
                        scripts.autostartIsOver(),
                        Duration.ofMinutes(20))
                .usually(Duration.ofSeconds(30));
        for (PlannedGuest guest : plan.ran()) {
            outline = outline.step("start-" + guest.vmid(), "Start " + guest.label(), scripts.start(guest))
                    .unless(scripts.is(guest, "running"))
                    .confirm(scripts.is(guest, "running"), Duration.ofMinutes(1))
                    .limit(Duration.ofMinutes(20))
                    .usually(Duration.ofSeconds(20))
                    .undo(shutDown("Shut down " + guest.label() + " for the reboot", guest, scripts));
        }
        return outline;
    }

    private static Undo autostart(HostScripts scripts) {
        return Undo.by(
                "Wait for Proxmox to start what starts with the host",
                new Command.Wait(
                        "Proxmox starts what starts with the host",
                        Proof.within(Duration.ofMinutes(20), scripts.autostartIsOver())));
    }

    private static Undo startAgain(PlannedGuest guest, HostScripts scripts) {
        return Undo.by("Start " + guest.label() + " again", scripts.start(guest))
                .unless(scripts.is(guest, "running"))
                .confirm(scripts.is(guest, "running"), Duration.ofMinutes(1))
                .limit(Duration.ofMinutes(20));
    }

    private static Undo shutDown(String title, PlannedGuest guest, HostScripts scripts) {
        Check stopped = scripts.is(guest, "stopped");
        return Undo.by(title, scripts.shutDown(guest))
                .unless(stopped)
                .confirm(stopped, Duration.ofMinutes(1))
                .limit(Duration.ofMinutes(5));
    }

    private static String question(PreparationPlan plan) {
        String down = plan.ran().isEmpty()
                ? "No guest runs on it."
                : "These guests go down: "
                        + plan.ran().stream().map(PlannedGuest::label).collect(Collectors.joining(", ")) + ".";
        String forecast = plan.forecast().isEmpty() ? "" : " " + String.join(" ", plan.forecast());
        return "Reboot " + plan.node().node() + " now? " + down + forecast;
    }

    private static String[] locks(PreparationPlan plan) {
        return Stream.of(
                        Stream.of(Locks.node(plan.node())),
                        plan.early().stream().map(f -> Locks.pci(plan.node(), PciSlot.parse(f.slot()))),
                        plan.guests().stream()
                                .map(g -> Locks.guest(new GuestRef(plan.node().lab(), new VmId(g.vmid())))))
                .flatMap(s -> s)
                .distinct()
                .toArray(String[]::new);
    }

    private static List<String> notes(PreparationPlan plan) {
        List<String> notes = new ArrayList<>();
        String node = plan.node().node();
        if (plan.reboots()) {
            notes.add(
                    node + " reboots once: usually 1 to 3 minutes without it" + guestsDown(plan)
                            + ". Somebody is asked before anything goes down.");
            notes.add("The host goes back by itself, and reboots once more, when this console has not proved the new boot %d minutes after it began. Left alone after arming, the next boot does the same."
                    .formatted(plan.revertMinutes()));
            notes.add("Undo puts every file back with its bytes, owner and mode, and reboots again if the new files were booted.");
        } else {
            notes.add("Nothing reboots, and no guest is touched.");
        }
        if (!plan.carries().isEmpty()) {
            notes.add("This host carries " + String.join(", ", plan.carries())
                    + ": the page stops answering meanwhile. The console comes back with the host and then finishes this run.");
        }
        notes.addAll(plan.forecast());
        return notes;
    }

    private static String guestsDown(PreparationPlan plan) {
        return plan.ran().isEmpty()
                ? ""
                : ", longer for "
                        + plan.ran().stream().map(PlannedGuest::label).collect(Collectors.joining(", "));
    }
}
