package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A device is taken back from a VM. */
class DetachDeviceTest {

    private final DetachDevice runbook = new DetachDevice();

    @Test
    void takesTheEntryFromAStoppedVmAndTouchesNothingElse() {
        DetachPlan plan = plan(SampleGuests.ollama(), 0);

        Outline outline = runbook.outline(plan);

        assertThat(outline.steps())
                .extracting(Step::title)
                .containsExactly(
                        "VM 101 is stopped, as planned, and no task holds it",
                        "VM 101 is configured as it was when this was planned",
                        "Take hostpci0 from VM 101",
                        "The VM does not hold the device");
        ApiCall detach = (ApiCall) outline.steps().get(2).command();
        assertThat(detach.form()).containsEntry("delete", List.of("hostpci0"));
        assertThat(((ApiCall) outline.steps().get(2).undo().getFirst().command()).form())
                .containsEntry("hostpci0", List.of("mapping=RTX-2080-SUPER,pcie=1,x-vga=1"));
    }

    @Test
    void putsARawAddressBackAsRoot() {
        Step detach = runbook.outline(plan(SampleGuests.winDev(), 0)).steps().get(2);

        assertThat(((Shell) detach.command()).script())
                .isEqualTo("qm set 102 --delete hostpci0 --digest {guest.102.digest}");
        assertThat(((Shell) detach.undo().getFirst().command()).script())
                .isEqualTo("qm set 102 --hostpci0 '0000:0e:00,pcie=1,x-vga=1' --digest {guest.102.undo.digest}");
    }

    @Test
    void startsARunningVmAgainAndAsksItWhatItSees() {
        DetachPlan plan = plan(SampleGuests.nas(), 0);

        assertThat(plan.counts()).isEqualTo("1000:0097=0");
        assertThat(runbook.outline(plan).steps())
                .extracting(Step::title)
                .contains("Shut VM 100 down", "Start VM 100", "The guest sees what it should");
    }

    @Test
    void stopsARunningVmHardOnlyWhenAPersonChoseSo() {
        PlanReadiness<DetachPlan> forced = DetachAssessment.of(
                SampleGuests.nas(),
                0,
                Inside.NOT,
                new Shutdown(3, true),
                Set.of("guest.downtime guest 100", "guest.hard-stop guest 100"));

        assertThat(form(runbook.outline(plan(SampleGuests.nas(), 0)))).doesNotContainKey("forceStop");
        assertThat(forced)
                .isInstanceOfSatisfying(
                        PlanReadiness.Ready.class,
                        ready -> assertThat(form(runbook.outline((DetachPlan) ready.plan())))
                                .containsEntry("timeout", List.of("180"))
                                .containsEntry("forceStop", List.of("1")));
    }

    private static Map<String, List<String>> form(Outline outline) {
        return outline.steps().stream()
                .filter(s -> s.title().equals("Shut VM 100 down"))
                .map(s -> ((ApiCall) s.command()).form())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void warnsThatAVmBootsFromIt() {
        GuestPlace boots = SampleGuests.with(SampleGuests.ollama(), "boot", "order=hostpci0;scsi0");

        PlanReadiness<DetachPlan> readiness = DetachAssessment.of(boots, 0, Inside.NOT, Shutdown.PATIENT, Set.of());

        assertThat(readiness.findings()).extracting(Finding::check).contains("boot.device");
        assertThat(readiness).isInstanceOf(PlanReadiness.Blocked.class);
    }

    @Test
    void saysWhoElseNamesTheMapping() {
        assertThat(plan(SampleGuests.nas(), 0).words())
                .containsExactly("The name HBA-1 stays; no other guest names it.");
    }

    @Test
    void refusesAnIndexThatHoldsNothing() {
        assertThat(DetachAssessment.of(SampleGuests.ollama(), 7, Inside.NOT, Shutdown.PATIENT, Set.of()))
                .isInstanceOf(PlanReadiness.Blocked.class);
    }

    @Test
    void survivesBeingStored() {
        JsonMapper json = JsonMapper.builder().build();
        DetachPlan plan = plan(SampleGuests.nas(), 0);

        assertThat(json.readValue(json.writeValueAsString(plan), DetachPlan.class))
                .isEqualTo(plan);
    }

    private static DetachPlan plan(GuestPlace place, int index) {
        Inside inside = GuestStandings.inside(place);
        PlanReadiness<DetachPlan> first = DetachAssessment.of(place, index, inside, Shutdown.PATIENT, Set.of());
        PlanReadiness<DetachPlan> then = first instanceof PlanReadiness.Blocked<DetachPlan> blocked
                ? DetachAssessment.of(
                        place,
                        index,
                        inside,
                        Shutdown.PATIENT,
                        blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()))
                : first;
        return switch (then) {
            case PlanReadiness.Ready<DetachPlan> ready -> ready.plan();
            case PlanReadiness.Blocked<DetachPlan> blocked -> throw new AssertionError(blocked.blockers());
        };
    }
}
