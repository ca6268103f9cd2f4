package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staged network change goes live at boot, whatever it does to the machine. */
class StagedNetworkTest {
    private static final String LIVE = "/etc/network/interfaces";
    private static final String STAGED = LIVE + ".new";

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

    private void stage(String old, String by) {
        assertThat(host.file(LIVE)).contains(old);
        host.write(STAGED, host.file(LIVE).replace(old, by));
    }

    private String line(ProbeDump probe, String name) {
        return probe.lines().get("ip_addr").stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElse("");
    }

    @Test
    void theStagedFileTakesThePlaceOfTheLiveOne() throws Exception {
        start("prepared", "pve");
        stage("10.10.20.1/24", "10.10.30.1/24");
        String staged = host.file(STAGED);

        host.reboot();

        assertThat(host.file(LIVE)).isEqualTo(staged);
        assertThat(host.probe().fact("interfaces_new")).isEmpty();
        assertThat(line(host.probe(), "vmbr1")).contains("10.10.30.1/24").doesNotContain("10.10.20.1");
    }

    @Test
    void aNewBridgeIsThereAfterTheBoot() throws Exception {
        start("targaryen", "caraxes");
        host.write(
                STAGED,
                host.file(LIVE) + "auto vmbr7\niface vmbr7 inet static\n address 10.7.0.1/24\n bridge-ports none\n");

        host.reboot();

        assertThat(host.probe().paths("net")).containsKey("vmbr7");
        assertThat(line(host.probe(), "vmbr7")).endsWith("10.7.0.1/24");
    }

    @Test
    void aBridgeThatIsGoneLeavesNothingBehind() throws Exception {
        start("targaryen", "meraxes");
        String live = host.file(LIVE);
        host.write(STAGED, live.substring(0, live.indexOf("auto vmbr1")));

        host.reboot();

        assertThat(host.probe().paths("net")).doesNotContainKey("vmbr1");
        assertThat(host.probe().rows("LOWER")).extracting(row -> row.field(0)).containsOnly("vmbr0");
    }

    @Test
    void anotherManagementAddressLeavesTheMachineWithoutNetworkAtTheOldOne() {
        start("targaryen", "meraxes");
        stage("10.0.10.42/24", "10.0.10.43/24");

        host.rebootTo("no network");

        assertThat(host.file(LIVE)).contains("10.0.10.43/24");
        assertThat(host.machine().address()).isEqualTo("10.0.10.42");
    }

    @Test
    void aBridgeOnAnotherPortLeavesTheMachineWithoutNetwork() {
        start("targaryen", "meraxes");
        stage("bridge-ports enp8s0", "bridge-ports enp7s0");

        host.rebootTo("no network");
    }

    @Test
    void anInterfaceThatDoesNotComeUpByItselfLeavesTheMachineWithoutNetwork() {
        start("thor", "thor");
        stage("auto vmbr0\n", "");

        host.rebootTo("no network");
    }

    @Test
    void whatWasStagedAtFirstIsNoDifferenceOnceABootMadeItLive() throws Exception {
        start("targaryen", "meraxes");
        assertThat(host.file(STAGED)).contains("bridge-vids 110 120 130");

        host.reboot();

        assertThat(host.file(LIVE)).contains("bridge-vids 110 120 130");
        assertThat(host.machine().differences()).isEmpty();
    }

    @Test
    void aStageMadeLaterIsADifferenceAfterTheBoot() throws Exception {
        start("prepared", "pve");
        stage("10.10.20.1/24", "10.10.30.1/24");

        host.reboot();

        assertThat(host.machine().differences()).startsWith(LIVE + " ").doesNotContain(STAGED);
    }

    @Test
    void aHostWithoutProxmoxLeavesTheFileAlone() throws Exception {
        start("home", "hydrogen");
        host.write(STAGED, "nothing\n");

        host.reboot();

        assertThat(host.file(STAGED)).isEqualTo("nothing\n");
    }
}
