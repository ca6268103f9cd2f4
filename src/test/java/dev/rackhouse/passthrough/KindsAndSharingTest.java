package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Devices that are no GPUs, and cards that serve several. */
class KindsAndSharingTest {

    private static final String PARTS = "P\t0000:02:10.0\tvendor=0x8086\tdevice=0x1565\tclass=0x020000\tvf=1\treset=1\n"
            + "PATH\tpci\t0000:02:10.0\t/sys/devices/pci0000:00/0000:00:03.1/0000:02:10.0\n"
            + "G\t90\ttype=identity\trmrr=0\tdevices=0000:02:10.0\n";
    private static final UnaryOperator<String> SPLIT =
            d -> d.replaceAll("(P\t0000:02:00.1\t.*)", "$1\tsriov_numvfs=4") + PARTS;

    @Test
    void neverTakesAVirtualFunctionForItsParent() {
        assertThat(found("thor", SPLIT))
                .contains("device 0000:02:00.1 sriov.parent W", "device 0000:02:10.0 sriov.virtual I")
                .doesNotContain("device 0000:02:10.0 sriov.parent W", "device 0000:02:10.0 protect.mgmt B");
    }

    @Test
    void refusesTheParentWhileAGuestRunsOnOneOfItsParts() {
        assertThat(found(
                        "thor",
                        d -> SPLIT.apply(d) + "L\tpci_reservations\t0000:02:10.0 110 pid:"
                                + SampleHosts.facts("thor").running().getFirst().pid() + "\n"))
                .contains("device 0000:02:00.1 sriov.parent-in-use B");
    }

    @Test
    void refusesAVirtualFunctionWhoseParentHasNoDriver() {
        assertThat(found("thor", d -> SPLIT.apply(d).replaceAll("(?m)^DRV\t0000:02:00.1\t.*\n", "")))
                .contains("device 0000:02:10.0 sriov.no-parent-driver B");
    }

    @Test
    void knowsACardThatCanBeSplit() {
        UnaryOperator<String> capable = d -> d.replaceAll("(P\t0000:01:00.0\t.*)", "$1\tmdev=1");
        assertThat(found("generic/before", capable)).contains("slot 0000:01:00 mdev.whole W");
        assertThat(
                        found(
                                "generic/before",
                                d -> capable.apply(d)
                                        + "GUEST\tpve/qemu-server/300.conf\thostpci0\t0000:01:00.0,mdev=nvidia-256\nRUN\t300\t77\n"))
                .contains("slot 0000:01:00 mdev.in-use B");
    }

    @Test
    void saysHowContainersShareACardToTheLetter() {
        Finding hint = Findings.ofEverything(SampleHosts.changed(
                        "helium", d -> d + "L\tpveversion\tpve-manager/9.1.1/x (running kernel: x)\n"))
                .stream()
                .filter(f ->
                        f.check().equals("share.lxc") && f.target().toString().equals("slot 0000:02:00"))
                .findFirst()
                .orElseThrow();

        assertThat(hint.text())
                .contains(
                        "dev0: /dev/nvidia1,gid=44,mode=0660; dev1: /dev/nvidiactl,gid=44,mode=0660",
                        "dev4: /dev/nvidia-modeset,gid=44,mode=0660",
                        "to the digit");
    }

    @Test
    void hasItsOwnWordsForEachKindOfDevice() {
        Map<String, String> said = Findings.ofEverything(SampleHosts.facts("caraxes")).stream()
                .collect(java.util.stream.Collectors.toMap(
                        f -> f.target() + " " + f.check(), Finding::text, (a, b) -> a));

        assertThat(said.get("device 0000:07:00.0 hba.disks"))
                .contains("sdb (HUH728080AL5200", "with pool tank")
                .doesNotContain("sdb1");
        assertThat(said).containsKey("device 0000:07:00.0 hba.rombar");
        assertThat(said.get("device 0000:0d:00.0 nic.leaves")).contains("enp13s0 (04:42:1a:0d:00:13, up)");
        assertThat(said.get("device 0000:10:00.3 usb.devices")).contains("USB Keyboard");
        assertThat(Findings.ofEverything(SampleHosts.facts("meraxes")))
                .anyMatch(f -> f.check().equals("nvme.whole") && f.text().contains("nvme"));
    }

    @Test
    void advisesAGuestThatHasAnAdapterToHideItsRom() {
        assertThat(found("caraxes", d -> d.replace("mapping=HBA-1,pcie=1,rombar=0", "mapping=HBA-1,pcie=1")))
                .contains("guest 100 hba.rombar W");
        assertThat(found("caraxes", d -> d)).doesNotContain("guest 100 hba.rombar W");
    }

    @Test
    void givesNoPartOfTheBoardAway() {
        assertThat(found("generic/after", d -> d))
                .contains("slot 0000:00:1f dev.platform B", "device 0000:00:1f.3 dev.platform B");
        assertThat(DeviceChoice.of(SampleHosts.facts("caraxes")))
                .filteredOn(c -> c.path().startsWith("0000:10:00") && c.blocker() == null)
                .extracting(DeviceChoice::path)
                .containsExactly("0000:10:00.3", "0000:10:00.4");
    }

    @Test
    void offersTheScreenOfAManagementControllerLastAndSaysWhatItIs() {
        List<DeviceChoice> choices = DeviceChoice.of(SampleHosts.facts("thor"));

        assertThat(choices).first().satisfies(c -> assertThat(c.path()).isEqualTo("0000:41:00"));
        assertThat(choices).last().satisfies(c -> {
            assertThat(c.path()).isEqualTo("0000:04:00");
            assertThat(c.gpu()).isFalse();
            assertThat(c.warnings()).isPositive();
        });
        assertThat(found("thor", d -> d))
                .contains("slot 0000:04:00 protect.console W")
                .doesNotContain("slot 0000:04:00 gpu.boot-vga W");
    }

    @Test
    void knowsAManagementControllersScreenByItsDriverToo() {
        assertThat(found(
                        "thor",
                        d -> d.replace("vendor=0x1a03\tdevice=0x2000", "vendor=0x102b\tdevice=0x0538")
                                .replace("DRV\t0000:04:00.0\tast", "DRV\t0000:04:00.0\tmgag200")))
                .contains("slot 0000:04:00 protect.console W");
        assertThat(found("caraxes", d -> d)).noneMatch(f -> f.contains(" protect.console "));
    }

    @Test
    void doesNotLetATickPassWhatCouldNotBeTraced() {
        assertThat(Findings.ofEverything(SampleHosts.changed("caraxes", d -> d.replaceAll("(?m)^L\tzpool.*\n", ""))))
                .filteredOn(f -> f.check().equals("protect.boot") && f.unknown())
                .isNotEmpty()
                .allMatch(f -> f.blocks() && !f.needsTick());
    }

    @Test
    void countsAGroupMateThatIsNotShownAsUnknown() {
        assertThat(found(
                        "generic/after",
                        d -> d.replace(
                                "devices=0000:00:01.0,0000:01:00.0", "devices=0000:00:01.0,0000:00:01.5,0000:01:00.0")))
                .contains("slot 0000:01:00 group.shared unknown");
    }

    private static List<String> found(String host, UnaryOperator<String> change) {
        return Findings.ofEverything(SampleHosts.changed(host, change)).stream()
                .map(f -> f.target() + " " + f.check() + " " + f.severityWord())
                .toList();
    }
}
