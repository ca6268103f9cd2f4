package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a machine is after a boot follows from the files that were there before. */
class HostBootTest {
    private static final String GRUB = "/etc/default/grub";

    @TempDir
    Path folder;

    private TestHost host;

    private void start(String lab, String name) {
        host = TestHost.of(lab, name, folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thor/thor",
                "targaryen/caraxes",
                "targaryen/meraxes",
                "home/helium",
                "home/hydrogen",
                "bare/pve",
                "prepared/pve",
                "shared-group/pve"
            })
    void aRebootWithoutAnyChangeGivesTheMachineOfTheDump(String name) throws Exception {
        ProbeDump dump = ProbeDump.packed(name.split("/")[0], name.split("/")[1]);
        start(name.split("/")[0], name.split("/")[1]);

        host.reboot();

        ProbeDump expected = name.equals("targaryen/meraxes") ? withTheStagedNetworkLive(dump) : dump;
        assertThat(lasting(host.probe(), dump)).isEqualTo(lasting(expected, dump));
    }

    /** The one expected difference: meraxes was dumped with a VLAN staged for {@code vmbr1}, and any boot makes it live. */
    private static ProbeDump withTheStagedNetworkLive(ProbeDump dump) {
        assertThat(dump.fact("interfaces_new")).contains("1");
        return dump.with(row -> row.field(0).equals("interfaces_new")
                ? null
                : row.field(1).equals(" bridge-vids 110 120")
                        ? new ProbeDump.Row("L", List.of(row.field(0), " bridge-vids 110 120 130"))
                        : row);
    }

    /** Records without clocks, without guests and what only they need, one a line. */
    private static String lasting(ProbeDump probe, ProbeDump dump) {
        Set<String> held = new java.util.HashSet<>();
        dump.lines().getOrDefault("pci_reservations", List.of()).forEach(line -> held.add(line.split(" ")[0]));
        return probe.rows().stream()
                .filter(row -> switch (row.tag()) {
                    case "BOARD", "STAGED", "RUN" -> false;
                    case "K" ->
                        !Set.of("boot_id", "uptime", "now", "uid", "mem_MemAvailable", "mem_HugePages_Free")
                                .contains(row.field(0));
                    case "L" ->
                        !row.field(0).equals("pci_reservations")
                                && !row.field(1).contains("vfio-pci 0000:")
                                && !row.field(1).matches("(tap|veth)\\d.*");
                    case "PATH", "LOWER" -> !row.field(1).matches("(tap|veth)\\d.*");
                    case "DRV" -> !held.contains(row.field(0));
                    default -> true;
                })
                .map(row -> row.tag() + "\t" + String.join("\t", row.fields()))
                .map(line -> line.replaceAll("(hp_\\d+kB=\\d+)/\\d+", "$1"))
                .collect(Collectors.joining("\n"));
    }

    private List<String> boardOfBare() {
        return TestHost.groups(ProbeDump.packed("bare", "pve").board());
    }

    @Test
    void theWordInTheRightVariableTurnsTheIommuOn() throws Exception {
        start("bare", "pve");
        host.edit(GRUB, "LINUX_DEFAULT=\"quiet\"", "LINUX_DEFAULT=\"quiet intel_iommu=on iommu=pt\"");
        assertThat(host.run("update-grub").code()).isZero();

        host.reboot();

        ProbeDump probe = host.probe();
        assertThat(probe.rows("IOMMU")).hasSize(2);
        assertThat(TestHost.groups(probe.rows())).isEqualTo(boardOfBare());
        assertThat(probe.rows("G").getFirst().value("type")).contains("identity");
        assertThat(probe.fact("irq_remap")).contains("1");
        assertThat(host.machine().iommuPresent()).isTrue();
        assertThat(host.machine().pciFunctions())
                .filteredOn(function -> function.address().equals("0000:01:00.0"))
                .extracting("iommuGroup")
                .containsExactly(1);
    }

    @Test
    void withoutUpdateGrubTheWordIsNotSeen() throws Exception {
        start("bare", "pve");
        host.edit(GRUB, "LINUX_DEFAULT=\"quiet\"", "LINUX_DEFAULT=\"quiet intel_iommu=on\"");

        host.reboot();

        assertThat(host.groups()).isEmpty();
        assertThat(host.probe().fact("cmdline").orElse("")).doesNotContain("intel_iommu");
    }

    @Test
    void theWordOutsideOfTheVariableDoesNothing() throws Exception {
        start("bare", "pve");
        assertThat(host.file(GRUB)).contains("\nintel_iommu=on");
        assertThat(host.run("update-grub").code()).isZero();

        host.reboot();

        assertThat(host.groups()).isEmpty();
    }

    @Test
    void aSnippetMayOverrideTheVariable() throws Exception {
        start("bare", "pve");
        host.write(
                "/etc/default/grub.d/iommu.cfg",
                "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\"\n");
        host.run("update-grub");

        host.reboot();

        assertThat(host.probe().fact("cmdline").orElse("")).endsWith(" ro quiet intel_iommu=on");
        assertThat(host.probe().rows("G").getFirst().value("type")).contains("DMA-FQ");
    }

    @Test
    void anOpenQuoteIsRefusedAndLeavesTheOldFile() {
        start("bare", "pve");
        String before = host.file(Grub.FILE);
        host.write(GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\nGRUB_TIMEOUT=5\n");

        TestHost.Said said = host.run("update-grub");

        assertThat(said.code()).isNotZero();
        assertThat(said.err()).contains("Unterminated quoted string");
        assertThat(host.file(Grub.FILE)).isEqualTo(before);
    }

    @Test
    void takingAnEditBackGivesTheOldBytesAgain() {
        start("prepared", "pve");
        String before = host.machine().digest();
        String grub = host.file(GRUB);
        host.run("update-grub && update-initramfs -u -k all");
        String same = host.machine().digest();

        host.edit(GRUB, "iommu=pt", "iommu=pt hugepages=4");
        host.write("/etc/modprobe.d/mine.conf", "blacklist i915\n");
        host.run("update-grub && update-initramfs -u -k all");
        String edited = host.machine().digest();
        host.write(GRUB, grub);
        host.run("rm ${R:-}/etc/modprobe.d/mine.conf");
        host.run("update-grub && update-initramfs -u -k all");

        assertThat(same).isEqualTo(before);
        assertThat(edited).isNotEqualTo(before);
        assertThat(host.machine().differences()).isEmpty();
        assertThat(host.machine().digest()).isEqualTo(before);
    }

    @Test
    void firmwareWithoutIommuLeavesItOffWhateverTheWordsSay() throws Exception {
        start("prepared", "pve");
        host.machine().control(java.util.Map.of("iommu", false));

        host.reboot();

        assertThat(host.probe().rows("IOMMU")).isEmpty();
        assertThat(host.machine().iommuPresent()).isFalse();
        assertThat(host.probe().fact("irq_remap")).contains("0");
    }

    @Test
    void hugePagesComeFromTheCommandLine() throws Exception {
        start("thor", "thor");
        host.edit("/etc/kernel/cmdline", "hugepages=128", "hugepages=20");
        host.run("proxmox-boot-tool refresh");

        host.reboot();

        assertThat(host.machine().freeHugePages(1024)).isEqualTo(20);
        assertThat(host.probe().rows("NODE"))
                .extracting(row -> row.value("hp_1048576kB").orElse(""))
                .containsExactly("3/3", "3/3", "3/3", "3/3", "2/2", "2/2", "2/2", "2/2");
    }

    @Test
    void onAMachineWithManagedPartitionsOnlyTheRefreshCounts() throws Exception {
        start("thor", "thor");
        host.edit("/etc/kernel/cmdline", "iommu=pt ", "");

        host.reboot();
        String before = host.probe().fact("cmdline").orElse("");
        host.run("proxmox-boot-tool refresh");
        host.reboot();

        assertThat(before).contains("iommu=pt");
        assertThat(host.probe().fact("cmdline").orElse("")).doesNotContain("iommu=pt");
        assertThat(host.probe().rows("G").getFirst().value("type")).contains("DMA-FQ");
    }

    private List<String> drivers(String... addresses) {
        List<String> drivers = new ArrayList<>();
        for (String address : addresses) {
            drivers.add(host.machine().driver(address));
        }
        return drivers;
    }

    @Test
    void aBlacklistThatIsNotInTheInitramfsComesTooLate() throws Exception {
        start("bare", "pve");

        host.reboot();
        List<String> stale = drivers("0000:01:00.0");
        host.run("update-initramfs -u -k all");
        host.reboot();

        assertThat(stale).containsExactly("nouveau");
        assertThat(drivers("0000:01:00.0")).containsExactly("");
        assertThat(host.probe().rows("M")).extracting(row -> row.field(0)).doesNotContain("nouveau");
    }

    @Test
    void idsTakeBothTwins() throws Exception {
        start("thor", "thor");

        host.reboot();

        assertThat(drivers("0000:41:00.0", "0000:41:00.1", "0000:81:00.0", "0000:81:00.1"))
                .containsOnly("vfio-pci");
    }

    @Test
    void anOverrideBeforeAllModulesTakesOneTwinAndLeavesTheOther() throws Exception {
        start("thor", "thor");
        host.run("rm ${R:-}/etc/modprobe.d/vfio.conf ${R:-}/etc/modprobe.d/blacklist-gpu.conf");
        host.write("/etc/initramfs-tools/modules", "vfio-pci\n");
        host.writeScript("/etc/initramfs-tools/scripts/init-top/rackhouse-vfio", """
                #!/bin/sh
                case $1 in prereqs) echo; exit 0 ;; esac
                for f in 0000:41:00.0 0000:41:00.1; do
                    echo vfio-pci > /sys/bus/pci/devices/$f/driver_override
                done
                """);
        assertThat(host.run("update-initramfs -u -k all").code()).isZero();

        host.reboot();

        assertThat(drivers("0000:41:00.0", "0000:41:00.1", "0000:81:00.0", "0000:81:00.1"))
                .containsExactly("vfio-pci", "vfio-pci", "nouveau", "snd_hda_intel");
        assertThat(host.run("cat ${R:-}/sys/bus/pci/devices/0000:41:00.0/driver_override")
                        .out())
                .isEqualTo("vfio-pci\n");
    }

    @Test
    void aScriptThatMayNotBeRunIsPassedOver() throws Exception {
        start("thor", "thor");
        host.run("rm ${R:-}/etc/modprobe.d/vfio.conf ${R:-}/etc/modprobe.d/blacklist-gpu.conf");
        host.write(
                "/etc/initramfs-tools/scripts/init-top/rackhouse-vfio",
                "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:41:00.0/driver_override\n");
        host.run("update-initramfs -u -k all");

        host.reboot();

        assertThat(drivers("0000:41:00.0")).containsExactly("nouveau");
    }

    @Test
    void aStrayBlankInTheIdsLineMakesItWorthless() throws Exception {
        start("prepared", "pve");
        host.edit("/etc/modprobe.d/homelab-console-vfio.conf", "10de:2504,10de:228e", "10de:2504, 10de:228e");
        host.run("update-initramfs -u -k all");

        host.reboot();

        assertThat(drivers("0000:01:00.0", "0000:01:00.1")).containsExactly("", "snd_hda_intel");
        assertThat(host.run("modprobe --showconfig").err()).contains("ignoring bad line starting with 'options'");
    }

    @Test
    void aUdevRuleWinsOverADriverThatIsLoadedLater() throws Exception {
        start("prepared", "pve");
        host.run("rm ${R:-}/etc/modprobe.d/homelab-console-vfio.conf");
        host.write(
                "/etc/udev/rules.d/10-vfio.rules",
                "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.1\", ATTR{driver_override}=\"vfio-pci\"\n");
        host.run("update-initramfs -u -k all");

        host.reboot();

        assertThat(drivers("0000:01:00.0", "0000:01:00.1")).containsExactly("", "vfio-pci");
    }

    @Test
    void aMachineWhoseSystemDiskGoesToVfioDoesNotComeBack() {
        start("prepared", "pve");
        host.write("/etc/modprobe.d/wrong.conf", "options vfio-pci ids=144d:a808\nsoftdep nvme pre: vfio-pci\n");
        host.run("update-initramfs -u -k all");

        host.rebootTo("stopped in boot: no root file system");
    }

    @Test
    void aMachineWhoseNetworkCardGoesToVfioRunsWithoutNetwork() {
        start("prepared", "pve");
        host.write("/etc/modprobe.d/wrong.conf", "options vfio-pci ids=8086:15f3\nsoftdep igc pre: vfio-pci\n");
        host.run("update-initramfs -u -k all");

        host.rebootTo("no network");
    }
}
