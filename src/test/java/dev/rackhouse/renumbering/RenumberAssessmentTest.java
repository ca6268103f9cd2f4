package dev.rackhouse.renumbering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import dev.rackhouse.renumbering.RenumberPlan.MappingChange;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a move endangers, and the plan that makes names follow. */
class RenumberAssessmentTest {

    private static final HostFile RULES = new HostFile(
            "/etc/udev/rules.d/rackhouse-vfio.rules",
            "ACTION==\"add\", KERNEL==\"0000:0e:00.0\", ATTR{driver_override}=\"vfio-pci\"\n# not 10000:0e:00.0\n");

    private final RenumberPlace place = MovedHosts.caraxes(MovedHosts.caraxesAfterTheUpdate(), RULES);

    @Test
    void pointsOutFirstWhatNowNamesSomethingThatTheHostNeeds() {
        List<String> dangers = RenumberAssessment.of(place, Map.of(), Set.of()).dangers();

        assertThat(dangers.getFirst()).contains("now names the host's way to the network");
        assertThat(dangers)
                .anyMatch(d -> d.startsWith("VM 102 (win-dev) (starts with the host), hostpci0, now names"))
                .anyMatch(d -> d.startsWith("Mapping RTX-2080-SUPER now names"));
    }

    @Test
    void letsMappingsAndRawAddressesAndFilesFollow() {
        RenumberPlan plan = plan(place);

        assertThat(plan.mappings())
                .filteredOn(m -> m.id().equals("RTX-2080-SUPER"))
                .singleElement()
                .satisfies(m -> assertThat(m.after())
                        .containsExactly(
                                "node=caraxes,path=0000:0f:00,id=10de:1e81,subsystem-id=3842:3081,iommugroup=31"));
        assertThat(plan.mappings()).extracting(MappingChange::id).doesNotContain("HBA-1", "RTX-3090-Ti");
        assertThat(plan.guests())
                .singleElement()
                .satisfies(g -> assertThat(g.after()).containsEntry("hostpci0", "0000:0f:00,pcie=1,x-vga=1"));
        assertThat(plan.files())
                .singleElement()
                .satisfies(f -> assertThat(f.after()).contains("0000:0f:00.0").contains("# not 10000:0e:00.0"));
    }

    @Test
    void keepsTheEntriesOfOtherNodesAsTheyAre() {
        RenumberPlan moved = plan(MovedHosts.caraxes(MovedHosts.shifted("caraxes", Map.of("0c", "1c"))));

        MappingChange wifi = moved.mappings().getFirst();
        assertThat(wifi.id()).isEqualTo("WiFi");
        assertThat(wifi.after().getFirst()).contains("path=0000:1c:00.0");
        assertThat(wifi.after().getLast()).isEqualTo(wifi.before().getLast()).contains("node=meraxes");
    }

    @Test
    void neverLetsANameStandForWhatTheHostNeeds() {
        Diagnosis diagnosis = RenumberAssessment.of(place, Map.of(), Set.of());

        assertThat(diagnosis.readiness().findings())
                .anyMatch(f -> f.check().equals("map.protected") && f.text().contains("NIC-1G"));
        assertThat(plan(place).mappings()).extracting(MappingChange::id).doesNotContain("NIC-1G");
    }

    @Test
    void neverLetsAFileKeepADriverFromWhatTheHostNeeds() {
        HostFile rules = new HostFile(
                RULES.path(), "KERNEL==\"0000:0d:00.0\" of the network card\nKERNEL==\"0000:0e:00.0\" of the GPU\n");

        RenumberPlan plan = plan(MovedHosts.caraxes(MovedHosts.caraxesAfterTheUpdate(), rules));

        assertThat(plan.files())
                .singleElement()
                .satisfies(f -> assertThat(f.after())
                        .isEqualTo(
                                "KERNEL==\"0000:0d:00.0\" of the network card\nKERNEL==\"0000:0f:00.0\" of the GPU\n"));
        assertThat(plan.left()).anyMatch(l -> l.startsWith(rules.path() + " would name 0000:0e:00.0"));
    }

    @Test
    void refusesWhileAGuestThatWouldChangeIsRunning() {
        RenumberPlace moved = MovedHosts.caraxes(
                MovedHosts.shifted("caraxes", Map.of("03", "23", "04", "24", "05", "25", "07", "27")));

        PlanReadiness<RenumberPlan> readiness = assessed(moved);

        assertThat(readiness).isInstanceOf(PlanReadiness.Blocked.class);
        assertThat(readiness.findings())
                .anyMatch(f -> f.check().equals("dev.used-running")
                        && f.stops() != null
                        && f.stops().value() == 100);
    }

    @Test
    void saysWhenThereIsNothingToRewrite() {
        PlanReadiness<RenumberPlan> readiness = assessed(MovedHosts.caraxes(SampleHosts.facts("caraxes")));

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        PlanReadiness.Blocked.class,
                        b -> assertThat(b.problems().toString()).contains("nothing to rewrite"));
    }

    @Test
    void leavesTheNameOfAMissingDeviceAlone() {
        HostFacts without = SampleHosts.changed(
                "caraxes",
                d -> MovedHosts.hardware(l -> l.replace("0000:10:", "0000:11:"))
                        .apply(d)
                        .replaceAll("(?m)^(P|DRV|PATH\\tpci)\\t0000:0e:00\\..*\\n", ""));

        RenumberPlan plan = plan(MovedHosts.caraxes(without));

        assertThat(plan.mappings()).extracting(MappingChange::id).containsExactly("Docking-Station-Linux");
        assertThat(plan.left()).anyMatch(l -> l.contains("Mapping RTX-2080-SUPER") && l.contains("not there any more"));
    }

    @Test
    void readsAloudAsAPlanAndUndoesRecordedValues() {
        Outline outline = new RenumberRunbook().outline(plan(place));

        assertThat(outline.steps())
                .extracting(Step::title)
                .containsSubsequence(
                        "The devices are where the plan says",
                        "VM 101 is stopped",
                        "Mapping RTX-2080-SUPER is as it was when this was planned",
                        "Let mapping RTX-2080-SUPER name its device again",
                        "Name the new addresses in VM 102",
                        "Save the initramfs",
                        "Name the new addresses in /etc/udev/rules.d/rackhouse-vfio.rules",
                        "Make the initramfs again",
                        "Proxmox finds that the mappings fit the hardware");
        Step gpu = step(outline, "Let mapping RTX-2080-SUPER name its device again");
        assertThat(((ApiCall) gpu.command()).form().get("digest").getFirst()).matches("\\{mapping\\.\\d+\\.digest}");
        assertThat(((ApiCall) gpu.undo().getFirst().command()).form().get("map").getFirst())
                .contains("path=0000:0e:00");
        assertThat(((Shell) step(outline, "Name the new addresses in VM 102").command()).script())
                .startsWith("qm set 102 --hostpci0 '0000:0f:00,pcie=1,x-vga=1' --digest");
        Step file = step(outline, "Name the new addresses in /etc/udev/rules.d/rackhouse-vfio.rules");
        assertThat(step(outline, "Save the initramfs").undo())
                .extracting(Undo::title)
                .containsExactly("Put the saved initramfs back", "Remove the saved copy");
        assertThat(((FileEdit) file.undo().getFirst().command()).after()).isEqualTo(RULES.content());
    }

    @Test
    void canBeResumedAtAnyPointAndStored() {
        JsonMapper json = JsonMapper.builder().build();
        RenumberPlan plan = plan(place);

        assertThat(OutlineRules.problems(
                        new RenumberRunbook().outline(plan),
                        Set.of(
                                DevicesStandAt.NAME,
                                MappingEntriesAre.NAME,
                                MappingsFitHardware.NAME,
                                "guest-options-are",
                                "json-equals")))
                .isEmpty();
        assertThat(json.readValue(json.writeValueAsString(plan), RenumberPlan.class))
                .isEqualTo(plan);
    }

    @Test
    void looksAtTheHostAgainBeforeAnythingIsWritten() {
        assertThat(standsAt("0000:0e:00.0=10de:1e81").holds()).isTrue();
        assertThat(standsAt("0000:0f:00.0=10de:1e81").because()).contains("at 0000:0f:00.0 is");
        assertThat(new DevicesStandAt()
                        .judge(Map.of("devices", "0000:0e:00.0=10de:1e81"), Answer.shell(1, "", "sudo: no"))
                        .standing())
                .isEqualTo(Judgement.Standing.UNKNOWN);
    }

    private static Judgement standsAt(String devices) {
        return new DevicesStandAt().judge(Map.of("devices", devices), Answer.shell(0, SampleHosts.dump("caraxes"), ""));
    }

    @Test
    void believesProxmoxAboutMappingsThatDoNotFit() {
        String checks = """
                [{"id": "WiFi", "map": [], "checks": []},
                 {"id": "HBA-2", "checks": [{"severity": "error",
                  "message": "Invalid configuration: 'iommugroup' does not match for 'HBA-2' (28 != 27)\\n"}]},
                 {"id": "Docking-Station", "checks": [{"severity": "warning", "message": "No mapping for node caraxes."}]},
                 {"id": "RTX-2080-SUPER", "checks": [{"severity": "error",
                  "message": "Invalid configuration: pci device '0000:0e:00.0' not found\\n"}]}]
                """;

        assertThat(fits("WiFi Docking-Station", checks)).isTrue();
        assertThat(fits("RTX-2080-SUPER", checks)).isFalse();
        assertThat(fits("WiFi HBA-2", checks)).isFalse();
        assertThat(fits("Nothing", checks)).isFalse();
    }

    private static boolean fits(String mappings, String data) {
        return new MappingsFitHardware()
                .judge(Map.of("mappings", mappings), Answer.api(200, data))
                .holds();
    }

    private static Step step(Outline outline, String title) {
        return outline.steps().stream()
                .filter(s -> s.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static RenumberPlan plan(RenumberPlace place) {
        return switch (assessed(place)) {
            case PlanReadiness.Ready<RenumberPlan> ready -> ready.plan();
            case PlanReadiness.Blocked<RenumberPlan> blocked -> throw new AssertionError(blocked.blockers());
        };
    }

    /** All warnings ticked. */
    private static PlanReadiness<RenumberPlan> assessed(RenumberPlace place) {
        PlanReadiness<RenumberPlan> first =
                RenumberAssessment.of(place, Map.of(), Set.of()).readiness();
        return RenumberAssessment.of(
                        place,
                        Map.of(),
                        first.findings().stream().map(Finding::key).collect(Collectors.toSet()))
                .readiness();
    }
}
