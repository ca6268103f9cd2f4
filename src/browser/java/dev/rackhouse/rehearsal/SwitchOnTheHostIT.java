package dev.rackhouse.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.preparation.PreparationPlan;
import dev.rackhouse.preparation.PrepareHost;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.RunAction;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console that does not come back after the reboot of a host that it prepares: the host helps itself. */
class SwitchOnTheHostIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final List<String> FILES = List.of(
            "/etc/default/grub",
            "/etc/modules",
            "/etc/initramfs-tools/modules",
            "/etc/modprobe.d/rackhouse-vfio.conf",
            "/etc/udev/rules.d/10-rackhouse-vfio.rules");

    @TempDir
    Path folder;

    @Test
    void aHostPutsItsFilesBackByItselfWhenNobodyProvesTheNewBoot() {
        PrepareHostRehearsal scene = new PrepareHostRehearsal();
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "bare", "--speed", "20")) {
            Control control = labs.control("bare");
            List<String> before;
            int boots;
            try (Workbench console = Workbench.working(labs, folder.resolve("data"), Map.of())) {
                NodeRef node = console.awaitNode("pve");
                before = files(console, node);
                boots = boots(control);
                RunId run = start(console, scene.plans(console, control, node).getFirst());
                console.await("the run asks for the reboot", PATIENCE, () -> at(console, run, RunState.NEEDS_APPROVAL));
                assertThat(files(console, node)).isNotEqualTo(before);
                console.part(Runs.class).ask(run, RunAction.APPROVE, new Operator("ada", Role.OPERATOR), "");
                console.await("the host goes down", PATIENCE, () -> up(control) ? Optional.empty() : Optional.of(true));
            }

            try (Workbench later = Workbench.start(labs, folder.resolve("later"), Map.of())) {
                later.await(
                        "the host has booted twice",
                        PATIENCE,
                        () -> boots(control) == boots + 2 && up(control) ? Optional.of(true) : Optional.empty());

                assertThat(files(later, later.awaitNode("pve"))).isEqualTo(before);
            }
        }
    }

    private static RunId start(Workbench console, RehearsedRunbook.Planned<PreparationPlan> planned) {
        if (planned instanceof RehearsedRunbook.Planned.Plan<PreparationPlan>(String what, PreparationPlan plan)
                && console.part(Runs.class)
                                .start(console.part(PrepareHost.class), plan, new Operator("ada", Role.OPERATOR), what)
                        instanceof Start.Started(RunId run)) {
            return run;
        }
        throw new AssertionError("no run was started: " + planned);
    }

    private static Optional<Boolean> at(Workbench console, RunId run, RunState state) {
        return console.part(Runs.class).get(run).summary().state() == state ? Optional.of(true) : Optional.empty();
    }

    private static int boots(Control control) {
        return control.get("/machines/pve").path("boots").asInt();
    }

    private static boolean up(Control control) {
        return control.get("/machines/pve").path("state").asString("").equals("up");
    }

    /** What stands in the files that a preparation changes; "absent" for those that are not there. */
    private static List<String> files(Workbench console, NodeRef node) {
        Machines machines = console.part(Machines.class);
        List<String> contents = new ArrayList<>();
        for (String file : FILES) {
            String content = machines.read(new Host.Node(node), file, NO_GUESTS);
            contents.add(content == null ? "absent" : content);
        }
        return contents;
    }

    private static final Machines.GuestKeys NO_GUESTS = new Machines.GuestKeys() {
        @Override
        public Optional<String> known(String guest) {
            return Optional.empty();
        }

        @Override
        public void learned(String guest, String key) {
            throw new AssertionError("no guest is met here");
        }
    };
}
