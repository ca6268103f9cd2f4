package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.world.PciFunction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual functions of thor's X550 come and go with what is written to {@code sriov_numvfs}. */
class VirtualFunctionsTest {
    private static final String CARD = "${R:-}/sys/bus/pci/devices/0000:02:00.1";

    @TempDir
    Path folder;

    private TestHost host;

    @BeforeEach
    void start() {
        host = TestHost.of("thor", "thor", folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void ask(int count) {
        assertThat(host.run("echo " + count + " > " + CARD + "/sriov_numvfs").code())
                .isZero();
    }

    private List<PciFunction> virtual() {
        return host.machine().pciFunctions().stream()
                .filter(function -> function.ids().equals("8086:1565"))
                .toList();
    }

    @Test
    void theyAppearWithTheirDriverAndInGroupsOfTheirOwn() throws Exception {
        ask(2);

        assertThat(virtual()).extracting(PciFunction::address).containsExactly("0000:02:10.1", "0000:02:10.3");
        assertThat(virtual())
                .extracting(PciFunction::iommuGroup)
                .doesNotHaveDuplicates()
                .doesNotContain(-1);
        assertThat(host.machine().driver("0000:02:10.1")).isEqualTo("ixgbevf");
        ProbeDump probe = host.probe();
        assertThat(BootDisk.functions(probe).get("0000:02:10.3").value("vf")).contains("1");
        assertThat(BootDisk.functions(probe).get("0000:02:00.1").value("sriov_numvfs"))
                .contains("2");
        assertThat(host.groups()).anyMatch(group -> group.endsWith(" 0000:02:10.3"));
    }

    @Test
    void cardAndVirtualFunctionsPointAtEachOther() {
        ask(2);

        assertThat(host.run("cd " + CARD + " && readlink virtfn0 virtfn1 virtfn0/physfn")
                        .out())
                .isEqualTo("../0000:02:10.1\n../0000:02:10.3\n../0000:02:00.1\n");
    }

    @Test
    void zeroTakesThemAwayAndLeavesNothing() throws Exception {
        ProbeDump before = host.probe();
        String digest = host.machine().digest();

        ask(63);
        int most = virtual().size();
        ask(0);

        assertThat(most).isEqualTo(63);
        assertThat(virtual()).isEmpty();
        assertThat(host.probe().rows("P")).isEqualTo(before.rows("P"));
        assertThat(host.probe().rows("G")).isEqualTo(before.rows("G"));
        assertThat(host.machine().digest()).isEqualTo(digest);
    }

    @Test
    void otherNumbersAreRefusedWhileThereAreSomeAndWhenThereAreTooMany() {
        ask(64);
        List<PciFunction> tooMany = virtual();
        ask(2);
        ask(3);

        assertThat(tooMany).isEmpty();
        assertThat(virtual()).hasSize(2);
        assertThat(host.run("cat " + CARD + "/sriov_numvfs").out()).isEqualTo("2\n");
    }

    @Test
    void withoutProbingTheyHaveNoDriver() {
        host.run("echo 0 > " + CARD + "/sriov_drivers_autoprobe");
        ask(1);

        assertThat(virtual()).hasSize(1);
        assertThat(host.machine().driver("0000:02:10.1")).isEmpty();
    }

    @Test
    void aGuestMayHaveOne() throws Exception {
        ask(2);

        host.machine().bindToVfio("0000:02:10.3");

        assertThat(host.machine().driver("0000:02:10.3")).isEqualTo("vfio-pci");
        assertThat(host.machine().driver("0000:02:10.1")).isEqualTo("ixgbevf");
    }

    @Test
    void theyGoWithTheDriverOfTheirCard() {
        ask(2);

        host.run("echo 0000:02:00.1 > ${R:-}/sys/bus/pci/drivers/ixgbe/unbind");

        assertThat(virtual()).isEmpty();
    }

    @Test
    void aBootForgetsThem() throws Exception {
        ask(2);

        host.reboot();

        assertThat(virtual()).isEmpty();
        assertThat(host.run("cat " + CARD + "/sriov_numvfs").out()).isEqualTo("0\n");
    }
}
