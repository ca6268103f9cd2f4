package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.preparation.PreparationPlan.Edit;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The literal plan that turns a bare host into one that gives its GPU away. */
class PrepareHostTest {

    private final PrepareHost runbook = new PrepareHost();
    private final PreparationPlan plan = SamplePreparation.bare();

    @Test
    void readsAloudAsAPlan() {
        assertThat(runbook.outline(plan).steps())
                .extracting(Step::title)
                .containsExactly(
                        "The host is as it was when this was planned",
                        "No backup, migration or package work is under way",
                        "Save the originals",
                        "Write down what was saved",
                        "Edit /etc/default/grub",
                        "Edit /etc/modules",
                        "Write /etc/initramfs-tools/scripts/init-top/rackhouse-vfio",
                        "Write /etc/udev/rules.d/10-rackhouse-vfio.rules",
                        "Write /etc/modprobe.d/rackhouse-vfio.conf",
                        "Edit /etc/initramfs-tools/modules",
                        "The files are well formed",
                        "Write the boot files anew",
                        "What the next boot reads carries it",
                        "Make a folder for the switch",
                        "Write how the host goes back by itself",
                        "Write its service",
                        "Write its timer",
                        "Arm the switch: back by itself 10 min after a boot",
                        "Still nothing else is under way",
                        "Shut down CT 102 (rag-ingest)",
                        "Shut down CT 101 (rag-api)",
                        "No VM runs any more",
                        "No container runs any more",
                        "Reboot pve",
                        "The host came back prepared, with all that it had",
                        "Disarm the switch",
                        "Proxmox has started what starts with the host",
                        "Start CT 101 (rag-api)",
                        "Start CT 102 (rag-ingest)");
    }

    @Test
    void canBeResumedAfterACrashAtAnyPoint() {
        Set<String> known = Set.of(
                HostAsNoted.NAME,
                BootFilesCanBeWritten.NAME,
                BootFilesCarry.NAME,
                HostPrepared.NAME,
                "json-equals",
                "list-lacks",
                "output-equals",
                "output-matches",
                "output-lacks",
                "status-is");

        assertThat(OutlineRules.problems(runbook.outline(plan), known)).isEmpty();
    }

    @Test
    void undoesTheBootOnlyAfterEveryFileIsBack() {
        Outline outline = runbook.outline(plan);
        List<String> undos = outline.steps().reversed().stream()
                .flatMap(s -> s.undo().stream())
                .map(Undo::title)
                .toList();

        assertThat(undos.subList(undos.indexOf("Put /etc/default/grub back") + 1, undos.size()))
                .containsExactly(
                        "Write the boot files anew from the files as they were",
                        "Reboot pve, if it was booted with the new files",
                        "Prove that files and kernel words are as they were",
                        "Wait for Proxmox to start what starts with the host",
                        "Start CT 101 (rag-api) again",
                        "Start CT 102 (rag-ingest) again",
                        "Remove the saved copies");
    }

    @Test
    void changesOnlyTheWordsThatAreMissing() {
        assertThat(after("/etc/default/grub"))
                .isEqualTo(
                        """
                        GRUB_DEFAULT=0
                        GRUB_TIMEOUT=5
                        GRUB_DISTRIBUTOR="Proxmox Virtual Environment"
                        GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on iommu=pt"
                        GRUB_CMDLINE_LINUX=""
                        """);
        assertThat(after("/etc/modules")).isEqualTo("vfio\nvfio_iommu_type1\nvfio_pci\n");
        assertThat(after("/etc/initramfs-tools/modules")).isEqualTo("# List of modules\nvfio-pci\n");
    }

    @Test
    void bindsByAddressNeverByIds() {
        assertThat(after(EarlyBinding.SCRIPT))
                .contains("\nclaim 0000:01:00.0 0x10de 0x2504\nclaim 0000:01:00.1 0x10de 0x228e\n");
        assertThat(after(EarlyBinding.MODPROBE))
                .contains("softdep nouveau pre: vfio-pci\n", "softdep snd_hda_intel pre: vfio-pci\n")
                .doesNotContain("ids=");
        assertThat(plan.edits().stream().filter(e -> e.path().equals(EarlyBinding.SCRIPT)).map(Edit::mode))
                .containsExactly("0755");
    }

    @Test
    void isStoredAndReadBack() {
        JsonMapper json = JsonMapper.builder().build();

        assertThat(json.readValue(json.writeValueAsString(plan), PreparationPlan.class)).isEqualTo(plan);
    }

    @Test
    void neverRedirectsIntoAFile() {
        List<String> scripts = runbook.outline(plan).steps().stream()
                .map(s -> CommandText.literal(s.command()))
                .filter(t -> t.startsWith("ssh "))
                .toList();

        assertThat(scripts)
                .isNotEmpty()
                .allSatisfy(s -> assertThat(s.replace(">/dev/null", "").replace(">&2", "")).doesNotContain(">"));
    }

    private String after(String path) {
        return plan.edits().stream()
                .filter(e -> e.path().equals(path))
                .map(Edit::after)
                .collect(Collectors.joining());
    }
}
