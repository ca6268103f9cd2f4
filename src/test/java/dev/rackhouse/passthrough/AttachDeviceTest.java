package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A device goes to a VM that exists already. */
class AttachDeviceTest {

    private static final Set<String> CONDITIONS = Set.of(
            "json-equals",
            "json-absent",
            "json-matches",
            "absent",
            "succeeded",
            "output-equals",
            GuestOptionsAre.NAME,
            DevicesReady.NAME,
            DevicesHeldBy.NAME,
            GuestCountsDevices.NAME,
            MappingStandsFor.NAME);

    private final AttachDevice runbook = new AttachDevice();

    @Test
    void startsAStoppedVmToProveItTwiceWithoutAGoodResetAndLeavesItStopped() {
        AttachPlan plan = SampleGuests.plan(SampleGuests.ollama(), "0000:10:00.3");

        assertThat(runbook.outline(plan).steps())
                .extracting(Step::title)
                .containsExactly(
                        "VM 101 is stopped, as planned, and no task holds it",
                        "The host can spare the device",
                        "VM 101 is configured as it was when this was planned",
                        "Give 0000:10:00.3 to VM 101",
                        "The host can still spare the device",
                        "Start VM 101",
                        "The VM holds the device",
                        "Shut VM 101 down again",
                        "Start VM 101 a second time",
                        "The VM holds the device a second time",
                        "Leave VM 101 stopped, as it was found");
        assertThat(plan.after()).containsEntry("hostpci1", "mapping=Docking-Station-Linux,pcie=1");
    }

    @Test
    void shutsARunningVmDownAndStartsItAgain() {
        AttachPlan plan = SampleGuests.plan(SampleGuests.nas(), "0000:10:00.3");

        Outline outline = runbook.outline(plan);

        assertThat(outline.steps())
                .extracting(Step::title)
                .contains("Shut VM 100 down", "Start VM 100", "The guest sees what it should")
                .doesNotContain("Leave VM 100 stopped, as it was found");
        assertThat(step(outline, "Shut VM 100 down").undo())
                .extracting(Undo::title)
                .containsExactly("Start VM 100 again");
        assertThat(((ApiCall) step(outline, "Shut VM 100 down").command()).form())
                .doesNotContainKey("forceStop");
    }

    @Test
    void forcesARunningVmOnlyWhenAPersonChoseSoAndShowsIt() {
        GuestPlace nas = SampleGuests.nas();
        AttachDraft forced = SampleGuests.draft(nas, "0000:10:00.3").withShutdown(new Shutdown(15, true));

        PlanReadiness<AttachPlan> first = AttachAssessment.of(forced, nas);
        Outline outline = runbook.outline(SampleGuests.plan(nas, forced));

        assertThat(((PlanReadiness.Blocked<AttachPlan>) first).toConfirm())
                .extracting(Finding::check)
                .contains("guest.hard-stop");
        assertThat(((ApiCall) step(outline, "Shut VM 100 down").command()).form())
                .containsEntry("timeout", List.of("900"))
                .containsEntry("forceStop", List.of("1"));
        assertThat(outline.notes().toString()).contains("not down after 15 minutes is stopped hard");
    }

    @Test
    void sendsTheDigestThatWasLookedAt() {
        Outline outline = runbook.outline(SampleGuests.plan(SampleGuests.ollama(), "0000:10:00.3"));

        Step attach = step(outline, "Give 0000:10:00.3 to VM 101");

        assertThat(((ApiCall) attach.command()).form().get("digest")).containsExactly("{guest.101.digest}");
        assertThat(attach.undo()).singleElement().satisfies(undo -> {
            assertThat(((ApiCall) undo.command()).form())
                    .containsEntry("delete", List.of("hostpci1"))
                    .containsEntry("digest", List.of("{guest.101.undo.digest}"));
            assertThat(undo.onlyIf()).isNotNull();
        });
    }

    @Test
    void provesADeviceOnceThatResetsWell() {
        GuestPlace nas = SampleGuests.nas();

        AttachPlan gpu = SampleGuests.plan(nas, "0000:0e:00");

        assertThat(gpu.twice()).isFalse();
        assertThat(gpu.counts()).isEqualTo("10de:1e81=1 10de:10f8=1 10de:1ad8=1 10de:1ad9=1");
        assertThat(runbook.outline(gpu).steps()).extracting(Step::title).doesNotContain("Start VM 100 a second time");
    }

    @Test
    void hidesTheRomOfAStorageControllerAndHasWordsForEachKind() {
        assertThat(kind("caraxes", "0000:05:00.0")).isEqualTo(DeviceKind.HBA);
        assertThat(DeviceKind.HBA.hidesRom()).isTrue();
        assertThat(kind("meraxes", "0000:04:00.0")).isEqualTo(DeviceKind.NVME);
        assertThat(kind("caraxes", "0000:10:00.3")).isEqualTo(DeviceKind.USB);
        assertThat(DeviceKind.words(SampleHosts.facts("caraxes"), functions("caraxes", "0000:0d:00.0")))
                .anyMatch(w -> w.contains("The host loses enp13s0"));
    }

    private static DeviceKind kind(String host, String address) {
        return DeviceKind.of(functions(host, address));
    }

    private static List<PciFunction> functions(String host, String address) {
        return SampleHosts.facts(host).functions().stream()
                .filter(f -> f.address().toString().equals(address))
                .toList();
    }

    @Test
    void convertsRawAddressesAsRootInOneChange() {
        GuestPlace winDev = SampleGuests.winDev();

        AttachPlan plan = SampleGuests.plan(
                winDev, SampleGuests.draft(winDev, "0000:10:00.3").withConvert(true));

        Step change = step(runbook.outline(plan), "Give 0000:10:00.3 to VM 102");
        assertThat(((Shell) change.command()).script())
                .isEqualTo("qm set 102 --balloon '0' --hostpci0 'mapping=RTX-2080-SUPER,pcie=1,x-vga=1'"
                        + " --hostpci1 'mapping=Docking-Station-Linux,pcie=1' --digest {guest.102.digest}");
        assertThat(((Shell) change.undo().getFirst().command()).script())
                .isEqualTo(
                        "qm set 102 --balloon '4096' --hostpci0 '0000:0e:00,pcie=1,x-vga=1' --delete hostpci1 --digest {guest.102.undo.digest}");
    }

    @Test
    void refusesWhatTheGuestHasAlready() {
        PlanReadiness<AttachPlan> readiness = SampleGuests.assessed(SampleGuests.ollama(), "0000:0e:00");

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        PlanReadiness.Blocked.class,
                        b -> assertThat(b.blockers().toString()).contains("has this device already"));
    }

    @Test
    void neverLetsATickPassWhatTheHostNeeds() {
        PlanReadiness<AttachPlan> readiness = SampleGuests.assessed(SampleGuests.ollama(), "0000:07:00.0");

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        PlanReadiness.Blocked.class,
                        b -> assertThat(b.findings().toString()).contains("protect.storage"));
    }

    @Test
    void refusesToStartAVmThatNamesWhatTheHostNeeds() {
        GuestPlace named = SampleGuests.with(SampleGuests.ollama(), "hostpci1", "0000:07:00.0,pcie=1");

        assertThat(SampleGuests.assessed(named, "0000:10:00.3"))
                .isInstanceOfSatisfying(
                        PlanReadiness.Blocked.class,
                        b -> assertThat(b.blockers().toString()).contains("The host uses disks behind it"));
    }

    @Test
    void refusesALockedOrPausedGuest() {
        GuestPlace locked = SampleGuests.place("caraxes", 101, "stopped", "backup", null);
        GuestPlace paused = SampleGuests.place("caraxes", 101, "paused", null, null);

        assertThat(blockers(locked)).contains("is locked (backup): wait");
        assertThat(blockers(paused)).contains("is paused");
    }

    @Test
    void givesPlainPciToAnOldMachineType() {
        GuestPlace old = SampleGuests.with(SampleGuests.ollama(), "machine", "pc-i440fx-9.0");

        PlanReadiness<AttachPlan> readiness =
                SampleGuests.assessed(SampleGuests.with(old, "hostpci0", "mapping=RTX-2080-SUPER"), "0000:10:00.3");

        assertThat(readiness).isInstanceOfSatisfying(PlanReadiness.Ready.class, ready -> {
            assertThat(((AttachPlan) ready.plan()).after()).containsEntry("hostpci1", "mapping=Docking-Station-Linux");
            assertThat(ready.findings().toString()).contains("vm.pci");
        });
    }

    @Test
    void countsWhatARunningGuestWillFreeByItsStop() {
        GuestPlace small = SampleGuests.with(SampleGuests.nas(), "hostpci0", "");
        GuestPlace large = SampleGuests.with(small, "memory", "60000");

        assertThat(SampleGuests.assessed(small, "0000:10:00.3")).isInstanceOf(PlanReadiness.Ready.class);
        assertThat(SampleGuests.assessed(large, "0000:10:00.3").findings())
                .anyMatch(f -> f.check().equals("mem.fit") && f.blocks());
    }

    @Test
    void asksTheGuestOnlyWhereItCanBeAsked() {
        assertThat(GuestStandings.inside(SampleGuests.nas())).isEqualTo(Inside.AGENT);
        assertThat(GuestStandings.inside(SampleGuests.ollama())).isEqualTo(Inside.NOT);
        assertThat(GuestStandings.inside(SampleGuests.winDev())).isEqualTo(Inside.NOT);
        GuestPlace ours = SampleGuests.with(
                SampleGuests.with(
                        SampleGuests.with(SampleGuests.ollama(), "ciuser", "ops"),
                        "ipconfig0",
                        "gw=10.0.10.1,ip=10.0.10.7/24"),
                "sshkeys",
                SampleSites.CONSOLE_KEY.replace(" ", "%20"));
        assertThat(GuestStandings.inside(ours)).isEqualTo(Inside.SSH);
        assertThat(SampleGuests.plan(ours, "0000:10:00.3").inside()).isEqualTo(new InsideProof.Ssh("ops", "10.0.10.7"));
    }

    @Test
    void canBeResumedAtAnyPointAndStored() {
        JsonMapper json = JsonMapper.builder().build();
        for (GuestPlace place : new GuestPlace[] {SampleGuests.ollama(), SampleGuests.nas(), SampleGuests.winDev()}) {
            AttachPlan plan = SampleGuests.plan(
                    place, SampleGuests.draft(place, "0000:10:00.3").withConvert(true));

            assertThat(OutlineRules.problems(runbook.outline(plan), CONDITIONS)).isEmpty();
            assertThat(json.readValue(json.writeValueAsString(plan), AttachPlan.class))
                    .isEqualTo(plan);
        }
    }

    @Test
    void recognisesOptionsWhateverTheOrderOfTheirKeys() {
        Map<String, String> wanted = Map.of("hostpci0", "mapping=a,pcie=1,rombar=0", "hostpci1", "");

        assertThat(config(wanted, "{\"hostpci0\":\"pcie=1,rombar=0,mapping=a\"}")
                        .holds())
                .isTrue();
        assertThat(config(wanted, "{\"hostpci0\":\"mapping=a,pcie=1\"}").because())
                .contains("hostpci0 is");
        assertThat(config(wanted, "{\"hostpci0\":\"mapping=a,pcie=1,rombar=0\",\"hostpci1\":\"mapping=b\"}")
                        .holds())
                .isFalse();
        assertThat(new GuestOptionsAre()
                        .judge(wanted, Answer.refused(403, "Permission check failed"))
                        .standing())
                .isEqualTo(Judgement.Standing.UNKNOWN);
    }

    @Test
    void readsTheKernelsOwnListAndOurs() {
        Map<String, String> counts = Map.of("counts", "10de:1e81=1 10de:10f8=0");
        String kernel = "{\"content\":\"0000\\t808629c0\\t0\\n0100\\t10de1e81\\t10\\t0\\n\"}";

        assertThat(counted(counts, Answer.api(200, kernel)).holds()).isTrue();
        assertThat(counted(counts, Answer.shell(0, "0000:00:00.0 8086:29c0\n0000:01:00.0 10de:1e81\n", ""))
                        .holds())
                .isTrue();
        assertThat(counted(counts, Answer.api(200, "{\"content\":\"\"}")).because())
                .contains("no device at all");
        assertThat(counted(Map.of("counts", "10de:1e81=2"), Answer.api(200, kernel))
                        .because())
                .contains("1 times, not 2");
    }

    @Test
    void believesTheHostAboutWhoHoldsADevice() {
        Map<String, String> held = Map.of("devices", "0000:05:00.0", "vmid", "100", "held", "1");
        Map<String, String> free = Map.of("devices", "0000:0e:00.0", "vmid", "101", "held", "0");

        assertThat(judged(held).holds()).isTrue();
        assertThat(judged(free).holds()).isTrue();
        assertThat(judged(Map.of("devices", "0000:0e:00.0", "vmid", "101", "held", "1"))
                        .because())
                .contains("no guest");
    }

    private static Judgement judged(Map<String, String> arguments) {
        return new DevicesHeldBy().judge(arguments, Answer.shell(0, SampleHosts.dump("caraxes"), ""));
    }

    private static Judgement counted(Map<String, String> arguments, Answer answer) {
        return new GuestCountsDevices().judge(arguments, answer);
    }

    private static Judgement config(Map<String, String> wanted, String json) {
        return new GuestOptionsAre().judge(wanted, Answer.api(200, json));
    }

    private static String blockers(GuestPlace place) {
        return SampleGuests.assessed(place, "0000:10:00.3") instanceof PlanReadiness.Blocked<AttachPlan> b
                ? b.blockers().toString()
                : "";
    }

    private static Step step(Outline outline, String title) {
        return outline.steps().stream()
                .filter(s -> s.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
