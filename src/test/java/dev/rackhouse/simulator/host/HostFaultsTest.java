package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a machine and its boot files, switched on from outside. */
class HostFaultsTest {
    private static final String INITRD = "/boot/initrd.img-6.8.12-15-pve";

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

    @Test
    void aFullBootFailsHalfWayAndKeepsTheOldFile() {
        start("prepared", "pve");
        String before = host.file(INITRD);
        host.machine().control(Map.of("free", Map.of("/boot", 1000)));

        TestHost.Said said = host.run("update-initramfs -u -k all");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("No space left on device");
        assertThat(host.file(INITRD)).isEqualTo(before);
        assertThat(host.file(INITRD + ".new")).isNotEmpty().hasSizeLessThan(before.length());
        assertThat(host.run("df -B1 --output=avail /boot")
                        .out()
                        .lines()
                        .toList()
                        .getLast()
                        .strip())
                .isEqualTo("1000");
    }

    @Test
    void aFullEspIsLeftHalfWrittenAndDoesNotBoot() {
        start("thor", "thor");
        host.machine().control(Map.of("free", Map.of("esp", 0)));

        assertThat(host.run("update-initramfs -u").err()).contains("No space left on device");

        host.rebootTo("stopped in boot");
    }

    @Test
    void aReadOnlyBootIsRefused() {
        start("prepared", "pve");
        host.machine().control(Map.of("readOnly", Map.of("/boot", true)));

        assertThat(host.run("update-grub").err()).contains("Read-only file system");
        assertThat(host.run("update-initramfs -u").err()).contains("Read-only file system");
        assertThat(host.machine().differences()).isEmpty();
    }

    @Test
    void aMachineThatLostItsPowerWhileTheInitramfsWasMadeBootsFromTheOldOne() {
        start("prepared", "pve");
        host.write("/etc/modprobe.d/mine.conf", "blacklist i915\n");
        String before = host.file(INITRD);
        host.machine().control(Map.of("cutNextBootFile", true));

        host.run("update-initramfs -u");

        TestHost.eventually(() -> host.machine().state().equals("up"));
        assertThat(host.file(INITRD)).isEqualTo(before);
        assertThat(host.machine().driver("0000:00:02.0")).isEqualTo("i915");
    }

    @Test
    void aTornInitramfsDoesNotBoot() {
        start("prepared", "pve");
        host.machine().control(Map.of("cutNextBootFile", true, "torn", true));

        host.run("update-initramfs -u");

        TestHost.eventually(() -> host.machine().state().startsWith("stopped in boot"));
    }

    @Test
    void aMachineMayNeverComeBack() {
        start("prepared", "pve");
        host.machine().control(Map.of("bootsNowhere", 1));

        host.rebootTo("stopped in boot");
    }

    @Test
    void aCardThatMovedHasItsOldGroupAtAnotherAddress() throws Exception {
        start("targaryen", "caraxes");
        host.machine().control(Map.of("move", Map.of("0000:0e:00", "0000:11:00")));

        host.reboot();

        assertThat(host.machine().driver("0000:11:00.0")).isEqualTo("vfio-pci");
        assertThat(host.machine().driver("0000:0e:00.0")).isEmpty();
        assertThat(host.groups()).contains("31 0000:11:00.0");
        assertThat(host.machine().pciFunctions()).extracting("address").doesNotContain("0000:0e:00.0");
    }

    @Test
    void aNetworkCardThatMovedIsCalledOtherwiseAndTheNetworkIsGone() {
        start("prepared", "pve");
        host.machine().control(Map.of("move", Map.of("0000:04:00", "0000:05:00")));

        host.rebootTo("no network");

        assertThat(host.machine().box().tree().exists("/sys/class/net/enp5s0")).isTrue();
        assertThat(host.machine().box().tree().exists("/sys/class/net/enp4s0")).isFalse();
    }

    @Test
    void aPinnedNameSurvivesTheMove() throws Exception {
        start("prepared", "pve");
        host.write(
                "/etc/systemd/network/10-lan.link", "[Match]\nMACAddress=04:d9:f5:04:00:00\n\n[Link]\nName=enp4s0\n");
        host.machine().control(Map.of("move", Map.of("0000:04:00", "0000:05:00")));

        host.reboot();

        assertThat(host.probe().paths("net").get("enp4s0").field(2)).contains("/0000:05:00.0/net/enp4s0");
    }

    @Test
    void aMissingCardIsNowhere() throws Exception {
        start("prepared", "pve");
        host.machine().control(Map.of("missing", List.of("0000:01:00"), "bios", "3001"));

        host.reboot();

        ProbeDump probe = host.probe();
        assertThat(probe.rows("P")).extracting(row -> row.field(0)).doesNotContain("0000:01:00.0", "0000:01:00.1");
        assertThat(TestHost.groups(probe.rows())).contains("1 0000:00:01.0");
        assertThat(probe.fact("bios")).contains("3001");
    }

    @Test
    void aSecondAdminWritesAFile() {
        start("prepared", "pve");

        host.machine().control(Map.of("writeFile", Map.of("path", "/etc/default/grub", "content", "GRUB_TIMEOUT=1\n")));

        assertThat(host.file("/etc/default/grub")).isEqualTo("GRUB_TIMEOUT=1\n");
    }

    @Test
    void whatCommandsWriteToSysfsTakesEffect() {
        start("targaryen", "caraxes");
        String device = "${R:-}/sys/bus/pci/devices/0000:0e:00.2";

        host.run("echo vfio-pci | tee " + device + "/driver_override");
        host.run("echo 0000:0e:00.2 | tee " + device + "/driver/unbind; sleep 0.01;"
                + " echo 0000:0e:00.2 | tee ${R:-}/sys/bus/pci/drivers_probe");
        String taken = host.machine().driver("0000:0e:00.2");
        host.run("printf '\\n' | tee " + device + "/driver_override;"
                + " echo 0000:0e:00.2 | tee ${R:-}/sys/bus/pci/drivers/vfio-pci/unbind; sleep 0.01;"
                + " echo 0000:0e:00.2 | tee ${R:-}/sys/bus/pci/drivers_probe");

        assertThat(taken).isEqualTo("vfio-pci");
        assertThat(host.machine().driver("0000:0e:00.2")).isEqualTo("xhci_hcd");
        assertThat(host.run("cat " + device + "/driver_override").out()).isEqualTo("(null)\n");
    }

    @Test
    void anIdGivenToVfioTakesFreeTwinsOnly() {
        start("targaryen", "caraxes");

        host.run("echo 1000 0097 | tee ${R:-}/sys/bus/pci/drivers/vfio-pci/new_id");
        String held = host.machine().driver("0000:07:00.0");
        host.run("echo 0000:07:00.0 | tee ${R:-}/sys/bus/pci/drivers/mpt3sas/unbind");
        host.run("echo 0000:07:00.0 | tee ${R:-}/sys/bus/pci/drivers/vfio-pci/bind");

        assertThat(held).isEqualTo("mpt3sas");
        assertThat(host.machine().driver("0000:07:00.0")).isEqualTo("vfio-pci");
    }

    @Test
    void aRemovedFunctionComesBackWithARescan() throws Exception {
        start("targaryen", "caraxes");

        host.run("echo 1 | tee ${R:-}/sys/bus/pci/devices/0000:0c:00.0/remove");
        List<String> without =
                host.probe().rows("P").stream().map(row -> row.field(0)).toList();
        host.run("echo 1 | tee ${R:-}/sys/bus/pci/rescan");

        assertThat(without).doesNotContain("0000:0c:00.0");
        assertThat(host.machine().driver("0000:0c:00.0")).isEqualTo("rtw_8821ce");
        assertThat(host.probe().paths("net")).containsKey("wlp12s0");
    }
}
