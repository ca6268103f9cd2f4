package dev.rackhouse.guestsetup;

import dev.rackhouse.guestsetup.GpuGuestPlan.Part;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Sets up the GPUs of an Ubuntu 24.04 guest: driver, Docker, NVIDIA's container toolkit, persistence mode and power limits, proved by
 * nvidia-smi and by a container that sees the cards, and once more after a restart. Each step first looks whether it is so already.
 * What is undone is what this run brought: the packages that it found new, the files in their recorded bytes.
 */
@Component
public class PrepareGpuGuest implements Runbook<GpuGuestPlan> {

    public static final String NAME = "prepare-gpu-guest";

    private static final Duration BOOT = Duration.ofMinutes(8);
    private static final Duration INSTALL = Duration.ofMinutes(45);
    private static final List<String> DOCKER = List.of("docker.io");
    private static final List<String> TOOLKIT = List.of("nvidia-container-toolkit");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Set up GPUs in a guest";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<GpuGuestPlan> plan() {
        return GpuGuestPlan.class;
    }

    @Override
    public Outline outline(GpuGuestPlan plan) {
        GuestCalls calls = new GuestCalls(plan);
        Outline outline = Outline.titled(
                        "Set up %d GPU%s in guest %s",
                        plan.cards().size(), plan.cards().size() == 1 ? "" : "s", plan.label())
                .target(plan.node().node() + " / " + plan.guest().vmid())
                .locks(Locks.guest(plan.guest()));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = outline.confirm("The guest answers on SSH", calls.answersOnSsh(), Duration.ofMinutes(5))
                .check("It is the guest that was planned, with its cards", calls.isThePlannedGuest());
        outline = driver(outline, plan, calls);
        outline = docker(outline, plan, calls);
        outline = toolkit(outline, plan, calls);
        outline = persistence(outline, plan, calls);
        outline = power(outline, plan, calls);
        outline = outline.step("Pull " + plan.image() + " for the proof", calls.does(SetupScripts.pull(plan.image())))
                .unless(calls.imageIsThere())
                .confirm(calls.imageIsThere(), Duration.ofSeconds(20))
                .limit(Duration.ofMinutes(6))
                .undo(Undo.by("Remove " + plan.image(), calls.does(SetupScripts.removeImage(plan.image())))
                        .onlyIf(calls.imageIsThere()));
        return proof(outline, plan, calls);
    }

    private static Outline driver(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        List<String> packages = plan.driverPackages();
        Outline outline = start;
        if (plan.has(Part.NEVER_UPGRADED)) {
            FileEdit edit = calls.file(SetupFiles.NEVER_UPGRADED, SetupFiles.neverUpgraded());
            outline = outline.step("Keep automatic upgrades away from the driver", edit)
                    .undo(edit.reversed());
        }
        outline = outline.step("Refresh the package lists", calls.update())
                .unless(calls.installed(packages))
                .limit(Duration.ofMinutes(20))
                .check("See which packages the driver needs", calls.wouldInstall(packages, "packages.driver"));
        outline = outline.step("Install the driver: " + String.join(", ", packages), calls.install(packages))
                .unless(calls.installed(packages))
                .confirm(calls.installed(packages), Duration.ofSeconds(20))
                .limit(INSTALL)
                .usually(Duration.ofMinutes(3))
                .undo(
                        Undo.by("Remove the packages that this run installed", calls.purge("packages.driver"))
                                .unless(calls.notInstalled(packages))
                                .confirm(calls.notInstalled(packages), Duration.ofSeconds(20))
                                .limit(INSTALL),
                        Undo.by("Restart the guest without the driver", calls.restart())
                                .unless(calls.noDriver())
                                .confirm(calls.noDriver(), BOOT));
        if (!plan.toHold().isEmpty()) {
            outline = outline.step("Hold the driver at its version", calls.hold("hold"))
                    .unless(calls.held())
                    .confirm(calls.held(), Duration.ofSeconds(20))
                    .undo(Undo.by("Release the hold", calls.hold("unhold")));
        }
        return outline.check("Remember the boot before the driver", calls.boot("boot.first"))
                .step("Restart the guest, so that the driver is loaded", calls.restart())
                .unless(calls.driverAnswers())
                .confirm(calls.driverAnswers(), BOOT)
                .usually(Duration.ofSeconds(45))
                .undo(untilRestarted(calls, "boot.first"))
                .confirm("The driver shows every planned card", calls.driverSeesTheCards(), Duration.ofMinutes(2));
    }

    /** An undo may come while the guest is still on its way down or up: nothing else is undone before it is back. */
    private static Undo untilRestarted(GuestCalls calls, String boot) {
        return Undo.by(
                "Wait until the guest is back",
                new Command.Wait("the guest has been restarted", Proof.within(BOOT, calls.anotherBootThan(boot))));
    }

    private static Outline docker(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        if (!plan.has(Part.DOCKER)) {
            return start;
        }
        return start.check("See which packages Docker needs", calls.wouldInstall(DOCKER, "packages.docker"))
                .step("Install Docker", calls.install(DOCKER))
                .unless(calls.installed(DOCKER))
                .confirm(calls.dockerAnswers(), Duration.ofMinutes(2))
                .limit(INSTALL)
                .usually(Duration.ofMinutes(1))
                .undo(Undo.by("Remove the packages that this run installed for Docker", calls.purge("packages.docker"))
                        .unless(calls.notInstalled(DOCKER))
                        .confirm(calls.notInstalled(DOCKER), Duration.ofSeconds(20))
                        .limit(INSTALL));
    }

    private static Outline toolkit(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        Outline outline = start;
        if (plan.has(Part.REPOSITORY)) {
            FileEdit key = calls.file(SetupFiles.KEY, plan.repository().key());
            FileEdit list = calls.file(
                    SetupFiles.LIST, SetupFiles.list(plan.repository().url()));
            outline = outline.step("Write down the key that signs the container toolkit", key)
                    .undo(key.reversed())
                    .step("Write down where the container toolkit comes from", list)
                    .undo(list.reversed())
                    .step("Refresh the package lists for the toolkit", calls.update())
                    .unless(calls.installed(TOOLKIT))
                    .limit(Duration.ofMinutes(20));
        }
        outline = outline.check("See which packages the toolkit needs", calls.wouldInstall(TOOLKIT, "packages.toolkit"))
                .step("Install the container toolkit", calls.install(TOOLKIT))
                .unless(calls.installed(TOOLKIT))
                .confirm(calls.installed(TOOLKIT), Duration.ofSeconds(20))
                .limit(INSTALL)
                .usually(Duration.ofSeconds(40))
                .undo(Undo.by("Remove the packages that this run installed for it", calls.purge("packages.toolkit"))
                        .unless(calls.notInstalled(TOOLKIT))
                        .confirm(calls.notInstalled(TOOLKIT), Duration.ofSeconds(20))
                        .limit(INSTALL));
        String config = plan.dockerConfig();
        if (config != null) {
            if (!plan.dockerFolder()) {
                outline = outline.step(
                                "Make the folder of Docker's settings",
                                calls.does(SetupScripts.asRoot("mkdir -p \"${R:-}\"/etc/docker")))
                        .undo(Undo.by(
                                "Remove the folder, if nothing is in it",
                                calls.does(SetupScripts.asRoot(
                                        "rmdir --ignore-fail-on-non-empty \"${R:-}\"/etc/docker"))));
            }
            FileEdit edit = calls.file(SetupScripts.DAEMON, config);
            outline = outline.step("Let Docker hand out GPUs", edit)
                    .undo(
                            Undo.by("Put " + edit.path() + " back", edit.reversed()),
                            Undo.by(
                                    "Restart Docker with its old settings",
                                    calls.does(SetupScripts.asRoot("systemctl restart docker"))));
        }
        outline = outline.step(
                        "Restart Docker, so that it reads its settings",
                        calls.does(SetupScripts.asRoot("systemctl restart docker")))
                .unless(calls.dockerKnowsTheDevices())
                .confirm(calls.dockerKnowsTheDevices(), Duration.ofMinutes(2));
        return outline.step(
                        "Write down which devices containers may ask for",
                        calls.does(SetupScripts.generateCdi(plan.cdiFile())))
                .unless(calls.cdiNamesTheCards())
                .confirm(calls.cdiNamesTheCards(), Duration.ofSeconds(20))
                .undo(Undo.by(
                        plan.cdiFile() ? "Put the old list of devices back" : "Remove the list of devices",
                        calls.does(SetupScripts.takeCdiBack(plan.cdiFile()))));
    }

    private static Outline persistence(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        Outline outline = start;
        if (plan.has(Part.PERSISTENCE)) {
            FileEdit unit = calls.file(SetupFiles.PERSISTENCE, SetupFiles.persistence());
            outline = outline.step("Let the persistence daemon persist", unit)
                    .undo(
                            Undo.by("Put " + unit.path() + " back", unit.reversed()),
                            Undo.by(
                                    "Run the persistence daemon as before",
                                    calls.does(SetupScripts.asRoot(
                                            "systemctl daemon-reload", "systemctl restart nvidia-persistenced"))));
        }
        return outline.step(
                        "Switch persistence mode on",
                        calls.does(SetupScripts.asRoot(
                                "systemctl daemon-reload",
                                "systemctl enable nvidia-persistenced",
                                "systemctl restart nvidia-persistenced")))
                .unless(calls.persists())
                .confirm(calls.persists(), Duration.ofMinutes(1))
                .undo(Undo.by(
                        "Do not start the persistence daemon at boot",
                        calls.does(SetupScripts.asRoot("systemctl disable nvidia-persistenced"))));
    }

    private static Outline power(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        if (!plan.has(Part.POWER)) {
            return start;
        }
        FileEdit unit = calls.file(SetupFiles.POWER, SetupFiles.power(plan.cards()));
        return start.step("Set the power limits at each boot", unit)
                .undo(
                        Undo.by("Put " + unit.path() + " back", unit.reversed()),
                        Undo.by(
                                "Let systemd forget the unit",
                                calls.does(SetupScripts.asRoot("systemctl daemon-reload"))))
                .step(
                        "Set the power limits now",
                        calls.does(SetupScripts.asRoot(
                                "systemctl daemon-reload",
                                "systemctl enable " + SetupFiles.POWER_UNIT,
                                "systemctl restart " + SetupFiles.POWER_UNIT)))
                .unless(calls.limitsAreSet())
                .confirm(calls.limitsAreSet(), Duration.ofMinutes(1))
                .undo(
                        Undo.by(
                                "Do not set the power limits at boot",
                                calls.does(SetupScripts.asRoot("systemctl disable --now " + SetupFiles.POWER_UNIT))),
                        Undo.by("Give the cards their old power limits", calls.oldLimits()));
    }

    private static Outline proof(Outline start, GpuGuestPlan plan, GuestCalls calls) {
        Outline outline =
                start.confirm("A container sees the same cards", calls.containerSeesTheCards(), Duration.ofMinutes(3));
        if (plan.has(Part.RESTART)) {
            outline = outline.check("Remember this boot", calls.boot("boot.before"))
                    .step("Restart the guest, to prove that it stays so", calls.restart())
                    .unless(calls.anotherBootThan("boot.before"))
                    .confirm(calls.anotherBootThan("boot.before"), BOOT)
                    .usually(Duration.ofSeconds(45))
                    .undo(untilRestarted(calls, "boot.before"));
        }
        return outline.confirm(
                        "Driver, cards, persistence and power limits are as planned",
                        calls.allStands(),
                        Duration.ofMinutes(4))
                .confirm(
                        "A container sees the same cards at the end",
                        calls.containerSeesTheCards(),
                        Duration.ofMinutes(3));
    }

    private static List<String> notes(GpuGuestPlan plan) {
        List<String> notes = new ArrayList<>();
        notes.add(
                plan.has(Part.RESTART)
                        ? "The guest is restarted: what runs in it is interrupted, for about a minute each time."
                        : "Everything seems to be so already; the run proves it and restarts the guest only when the driver does not answer.");
        if (plan.dockerConfig() != null && !plan.interrupted().isEmpty()) {
            notes.add("Docker is restarted; these containers are interrupted: " + String.join(", ", plan.interrupted())
                    + ".");
        }
        if (plan.has(Part.DOCKER)) {
            notes.add(
                    "Docker comes from Ubuntu itself (docker.io), so no foreign key has to be trusted for it. An undo leaves /var/lib/docker.");
        }
        notes.add(
                "A newer kernel that comes with the driver stays after an undo. Packages that were there are not removed, nor put back to an older version.");
        return notes;
    }
}
