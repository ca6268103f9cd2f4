package dev.rackhouse.guestsetup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The literal plan by which a guest's GPUs are set up. */
class PrepareGpuGuestTest {

    private final PrepareGpuGuest runbook = new PrepareGpuGuest();
    private final GpuGuestPlan fresh = SampleGuests.plan("fresh");

    @Test
    void readsAloudAsAPlan() {
        assertThat(runbook.outline(fresh).steps())
                .extracting(Step::title)
                .containsExactly(
                        "The guest answers on SSH",
                        "It is the guest that was planned, with its cards",
                        "Keep automatic upgrades away from the driver",
                        "Refresh the package lists",
                        "See which packages the driver needs",
                        "Install the driver: linux-modules-nvidia-580-server-open-generic, nvidia-headless-no-dkms-580-server-open, nvidia-utils-580-server",
                        "Hold the driver at its version",
                        "Remember the boot before the driver",
                        "Restart the guest, so that the driver is loaded",
                        "The driver shows every planned card",
                        "See which packages Docker needs",
                        "Install Docker",
                        "Write down the key that signs the container toolkit",
                        "Write down where the container toolkit comes from",
                        "Refresh the package lists for the toolkit",
                        "See which packages the toolkit needs",
                        "Install the container toolkit",
                        "Make the folder of Docker's settings",
                        "Let Docker hand out GPUs",
                        "Restart Docker, so that it reads its settings",
                        "Write down which devices containers may ask for",
                        "Let the persistence daemon persist",
                        "Switch persistence mode on",
                        "Set the power limits at each boot",
                        "Set the power limits now",
                        "Pull ubuntu:24.04 for the proof",
                        "A container sees the same cards",
                        "Remember this boot",
                        "Restart the guest, to prove that it stays so",
                        "Driver, cards, persistence and power limits are as planned",
                        "A container sees the same cards at the end");
    }

    @Test
    void limitsCardsByTheirIdentity() {
        FileEdit unit = (FileEdit) step("Set the power limits at each boot").command();

        assertThat(unit.path()).isEqualTo("/etc/systemd/system/rackhouse-gpu-power.service");
        assertThat(unit.after())
                .contains("After=nvidia-persistenced.service", "Type=oneshot", "RemainAfterExit=yes")
                .contains("ExecStart=/usr/bin/nvidia-smi -i {gpu.1.uuid} -pl 250\n");
    }

    @Test
    void undoRemovesOnlyWhatTheRunHasFoundNew() {
        Step install = runbook.outline(fresh).steps().get(5);

        assertThat(((Shell) install.undo().getFirst().command()).script()).contains("for p in {packages.driver}; do");
        assertThat(step("Hold the driver at its version").undo()).hasSize(1);
        assertThat(((FileEdit) step("Let Docker hand out GPUs")
                                .undo()
                                .getFirst()
                                .command())
                        .after())
                .isNull();
    }

    @Test
    void everyChangeCanBeUndoneOrNeedsNoUndo() {
        Set<String> without = runbook.outline(fresh).steps().stream()
                .filter(s -> s.command().changes() && s.undo().isEmpty())
                .map(Step::title)
                .collect(Collectors.toSet());

        assertThat(without)
                .containsExactlyInAnyOrder(
                        "Refresh the package lists",
                        "Refresh the package lists for the toolkit",
                        "Restart Docker, so that it reads its settings");
    }

    @Test
    void scriptsNeverRedirectIntoFiles() {
        assertThat(runbook.outline(fresh).steps().stream()
                        .map(Step::command)
                        .filter(Command.Shell.class::isInstance)
                        .map(c -> ((Shell) c)
                                .script()
                                .replace("2>/dev/null", "")
                                .replace(">&2", "")
                                .replace("2>&1", "")))
                .isNotEmpty()
                .noneMatch(script -> script.contains(">"));
    }

    @Test
    void whereAllIsSoItOnlyLooks() {
        assertThat(runbook.outline(SampleGuests.plan("ai-inference")).steps())
                .noneMatch(s -> s.command() instanceof FileEdit)
                .filteredOn(s -> s.command().changes())
                .allSatisfy(s -> assertThat(s.unless()).isNotNull());
    }

    @Test
    void canBeResumedAtAnyPointAndSurvivesBeingStored() {
        Set<String> known = Stream.concat(
                        Stream.of(GpuGuestStands.NAME),
                        Stream.of(
                                        Conditions.succeeded(),
                                        Conditions.exitZero(),
                                        Conditions.outputEquals(""),
                                        Conditions.outputContains(""),
                                        Conditions.outputLacks(""),
                                        Conditions.outputMatches(""),
                                        Conditions.outputHasLines(""))
                                .map(c -> c.name()))
                .collect(Collectors.toSet());
        JsonMapper json = JsonMapper.builder().build();

        GpuGuestPlan read = json.readValue(json.writeValueAsString(fresh), GpuGuestPlan.class);

        assertThat(read).isEqualTo(fresh);
        assertThat(OutlineRules.problems(runbook.outline(read), known)).isEmpty();
    }

    @Test
    void judgesAGuestByWhatWasPlanned() {
        Map<String, String> planned = Map.of(
                "system", "ubuntu 24.04",
                "cards", "0000:01:00.0=10de:2204 0000:02:00.0=10de:2204",
                "driver", "580",
                "watts", "0000:01:00.0=350",
                "uuids", "0000:01:00.0=GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01",
                "persistence", "on",
                "unit", "homelab-gpu-power.service",
                "xids", "none");
        String output = SampleGuests.output("ai-inference");

        assertThat(judge(planned, output)).startsWith("driver 580.105.08 shows");
        assertThat(judge(planned, output.replace("0000:02:00.0\t10de", "0000:03:00.0\t10de")))
                .contains("the cards in it are");
        assertThat(judge(planned, output.replace("580.105.08,", "570.1,"))).contains("not of branch 580");
        assertThat(judge(planned, output.replace(", 350.00, 350", ", 300.00, 350")))
                .contains("is limited to 300.0 W, not 350");
        assertThat(judge(planned, output.replace("d4e01,", "d4e09,"))).contains("at 0000:01:00.0 is GPU-");
        assertThat(judge(planned, output.replace(", Enabled", ", Disabled"))).contains("persistence mode is off");
        assertThat(judge(planned, output.replace("service\tenabled", "service\tdisabled")))
                .contains("does not start at boot");
        assertThat(judge(planned, "nonsense")).contains("not complete");
    }

    private static String judge(Map<String, String> arguments, String output) {
        return new GpuGuestStands()
                .judge(arguments, Answer.shell(0, output, ""))
                .because();
    }

    private Step step(String title) {
        return runbook.outline(fresh).steps().stream()
                .filter(s -> s.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
