package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units and timers on the disk of a pretend machine: they are there after a reboot, transient ones are not. */
class HostUnitsTest {
    private static final String UNITS = "/etc/systemd/system/";

    @TempDir
    Path folder;

    private TestHost host;

    @BeforeEach
    void start() {
        host = TestHost.of("bare", "pve", folder, 2000);
        host.write("/etc/setting", "new\n");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void service(String name, String more, String script) {
        host.writeScript("/usr/local/sbin/" + name, "#!/bin/sh\nR=${R:-}\n" + script);
        host.write(UNITS + name + ".service", """
                [Unit]
                Description=test
                %s

                [Service]
                Type=oneshot
                ExecStart=/usr/local/sbin/%s

                [Install]
                WantedBy=multi-user.target
                """.formatted(more, name));
    }

    @Test
    void enablingMakesTheLinkAndDisablingTakesIt() {
        service("mine", "", "exit 0\n");
        String link = UNITS + "multi-user.target.wants/mine.service";

        assertThat(host.run("systemctl is-enabled mine").out()).isEqualTo("disabled\n");
        TestHost.Said said = host.run("systemctl enable mine.service");
        boolean there = host.machine().box().tree().exists(link);
        TestHost.Said asked = host.run("systemctl is-enabled mine");
        host.run("systemctl disable mine.service");

        assertThat(said.err()).contains("Created symlink " + link);
        assertThat(there).isTrue();
        assertThat(asked.code()).isZero();
        assertThat(asked.out()).isEqualTo("enabled\n");
        assertThat(host.machine().box().tree().exists(link)).isFalse();
        assertThat(host.run("systemctl enable none").code()).isNotZero();
    }

    @Test
    void anEnabledUnitRunsAtEachBoot() throws Exception {
        service("mine", "", "echo ran >> $R/etc/ran\n");
        host.run("systemctl enable mine");
        assertThat(host.file("/etc/ran")).isEmpty();

        host.reboot();
        TestHost.eventually(() -> host.file("/etc/ran").equals("ran\n"));
        host.reboot();

        TestHost.eventually(() -> host.file("/etc/ran").equals("ran\nran\n"));
    }

    @Test
    void unitsStartAfterThoseTheyName() throws Exception {
        service("a-late", "After=z-early.service", "echo late >> $R/etc/order\n");
        service("z-early", "", "echo early >> $R/etc/order\n");
        host.run("systemctl enable a-late z-early");

        host.reboot();

        TestHost.eventually(() -> host.file("/etc/order").equals("early\nlate\n"));
    }

    @Test
    void aUnitWhoseConditionFailsDoesNotRun() {
        service("mine", "ConditionPathExists=!/etc/confirmed", "echo ran > $R/etc/ran\n");
        host.write("/etc/confirmed", "");

        assertThat(host.run("systemctl start mine").code()).isZero();

        assertThat(host.file("/etc/ran")).isEmpty();
    }

    @Test
    void aFailedUnitSaysSo() {
        service("mine", "", "exit 3\n");

        assertThat(host.run("systemctl start mine").code()).isEqualTo(1);

        assertThat(host.run("systemctl show mine -p ActiveState,ExecMainStatus").out())
                .isEqualTo("ActiveState=failed\nExecMainStatus=3\n");
    }

    private void revertAfterMinutes(int minutes) {
        service("revert", "ConditionPathExists=!/etc/confirmed", """
                echo old > $R/etc/setting
                rm -f $R/etc/systemd/system/timers.target.wants/revert.timer
                systemctl reboot
                """);
        host.write(UNITS + "revert.timer", """
                [Timer]
                OnBootSec=%dmin

                [Install]
                WantedBy=timers.target
                """.formatted(minutes));
        host.run("systemctl daemon-reload && systemctl enable revert.timer");
    }

    @Test
    void theRevertRunsWhenNobodyConfirms() throws Exception {
        revertAfterMinutes(30);

        host.reboot();
        int boots = host.machine().power().boots();

        TestHost.eventually(() -> host.machine().power().boots() > boots);
        TestHost.eventually(() -> host.machine().state().equals("up"));
        assertThat(host.file("/etc/setting")).isEqualTo("old\n");
    }

    @Test
    void whoConfirmsKeepsTheChange() throws Exception {
        revertAfterMinutes(30);
        host.reboot();
        int boots = host.machine().power().boots();
        assertThat(host.run("systemctl list-timers").out()).contains("revert.timer revert.service");

        host.run("systemctl stop revert.timer && systemctl disable revert.timer");

        assertThat(host.run("systemctl is-active revert.timer").out()).isEqualTo("inactive\n");
        assertThat(host.machine().power().boots()).isEqualTo(boots);
        assertThat(host.file("/etc/setting")).isEqualTo("new\n");
    }

    @Test
    void aMachineWithoutNetworkStillRevertsAndComesBack() {
        revertAfterMinutes(30);
        host.machine().control(Map.of("bootsWithoutNetwork", 1));

        host.rebootTo("no network");

        TestHost.eventually(() -> host.machine().state().equals("up"));
        assertThat(host.file("/etc/setting")).isEqualTo("old\n");
    }

    @Test
    void aTransientTimerRunsItsServiceLater() {
        host.run("systemd-run --on-active=50min --unit=later sh -c 'echo ran > ${R:-}/etc/ran'");
        assertThat(host.run("systemctl is-active later.timer").out()).isEqualTo("active\n");

        TestHost.eventually(() -> host.file("/etc/ran").equals("ran\n"));
    }

    @Test
    void aTransientTimerDiesWithTheReboot() throws Exception {
        host.run("systemd-run --on-active=1h --unit=later true");

        host.reboot();

        assertThat(host.run("systemctl is-active later.timer").out()).isEqualTo("inactive\n");
    }
}
