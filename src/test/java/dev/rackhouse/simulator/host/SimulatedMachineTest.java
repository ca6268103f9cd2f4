package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.TreeFromDumpTest.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.simulator.world.GuestLaunch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.sftp.SFTPClient;
import net.schmizz.sshj.transport.verification.FingerprintVerifier;
import net.schmizz.sshj.xfer.InMemorySourceFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person works on a pretend machine over SSH, as on a real one. */
class SimulatedMachineTest {
    @TempDir
    Path folder;

    private SimulatedLab lab;
    private SimulatedMachine machine;
    private SSHClient ssh;

    record Result(int code, String out, String err) {}

    @BeforeEach
    void connect() throws Exception {
        lab = new SimulatedLab(new Jails(folder.resolve("jails")), new Pace(100), List.of());
        KeyPair mine = SshKeys.kept(folder.resolve("id_ed25519"));
        machine = lab.add(
                "caraxes",
                ProbeDump.parse(resource("/labs/targaryen/caraxes/probe.txt")),
                folder.resolve("caraxes"),
                SshKeys.fresh(),
                SshKeys.line(mine.getPublic(), "test"));
        machine.openSsh(0);
        ssh = client(SshKeys.fingerprint(machine.hostKey()));
        ssh.connect("127.0.0.1", machine.sshPort());
        ssh.authPublickey("root", folder.resolve("id_ed25519").toString());
    }

    @AfterEach
    void stop() throws IOException {
        ssh.close();
        lab.close();
        Box.erase(folder.resolve("jails"));
        Box.erase(folder.resolve("caraxes"));
    }

    private static SSHClient client(String fingerprint) throws IOException {
        SSHClient client = new SSHClient();
        client.addHostKeyVerifier(FingerprintVerifier.getInstance(fingerprint));
        return client;
    }

    private Result run(String line, String input) throws Exception {
        return run(ssh, line, input);
    }

    private static Result run(SSHClient client, String line, String input) throws Exception {
        try (Session session = client.startSession()) {
            Session.Command command = session.exec(line);
            try (var in = command.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String out = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(command.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            command.join(20, TimeUnit.SECONDS);
            return new Result(command.getExitStatus(), out, err);
        }
    }

    private static <T> T eventually(Callable<T> question) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(15));
        while (true) {
            try {
                T answer = question.call();
                if (answer != null && !Boolean.FALSE.equals(answer)) {
                    return answer;
                }
            } catch (IOException notYet) {
                if (Instant.now().isAfter(deadline)) {
                    throw notYet;
                }
            }
            assertThat(Instant.now()).isBefore(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void theProbeOverSshTellsWhatTheDumpSays() throws Exception {
        Result probe = run("timeout 30 sh -s", resource("/dev/rackhouse/inventory/fact/probe.sh"));

        assertThat(probe.err()).isEmpty();
        assertThat(probe.code()).isZero();
        assertThat(probe.out()).contains("K\tssh_connection\t10.0.10.250 ").contains(" 10.0.10.41 22\n");
        assertThat(probe.out()
                        .lines()
                        .filter(line -> line.startsWith("L\tzpool"))
                        .count())
                .isEqualTo(4);
        assertThat(ProbeDump.parse(probe.out()).rows("P"))
                .hasSize(ProbeDump.parse(resource("/labs/targaryen/caraxes/probe.txt"))
                        .rows("P")
                        .size());
    }

    @Test
    void anUnknownCommandIsNotFound() throws Exception {
        Result result = run("frobnicate --now", "");

        assertThat(result.code()).isEqualTo(127);
        assertThat(result.err()).contains("not found");
    }

    @Test
    void exitCodesAndStreamsStayApart() throws Exception {
        assertThat(run("cat; echo oops >&2; exit 3", "in")).isEqualTo(new Result(3, "in", "oops\n"));
    }

    @Test
    void aFileWrittenBySftpIsReadByTheShell() throws Exception {
        try (SFTPClient sftp = ssh.newSFTPClient()) {
            sftp.mkdirs("/var/lib/rackhouse");
            sftp.put(file("hello\n"), "/var/lib/rackhouse/.note.new");
            sftp.chmod("/var/lib/rackhouse/.note.new", 0640);
            sftp.chown("/var/lib/rackhouse/.note.new", 0);
            sftp.rename(
                    "/var/lib/rackhouse/.note.new",
                    "/var/lib/rackhouse/note",
                    java.util.EnumSet.of(net.schmizz.sshj.sftp.RenameFlags.OVERWRITE));

            assertThat(sftp.stat("/var/lib/rackhouse/note").getMode().getPermissionsMask())
                    .isEqualTo(0640);
            assertThat(sftp.stat("/var/lib/rackhouse/note").getUID()).isZero();
        }
        assertThat(run("cat ${R:-}/var/lib/rackhouse/note", "").out()).isEqualTo("hello\n");
    }

    @Test
    void anOwnerGivenBySftpIsKeptAndCounts() throws Exception {
        String before = machine.digest();
        try (SFTPClient sftp = ssh.newSFTPClient()) {
            sftp.chown("/etc/hostname", 33);
            sftp.chgrp("/etc/hostname", 34);

            assertThat(sftp.stat("/etc/hostname").getUID()).isEqualTo(33);
            assertThat(sftp.stat("/etc/hostname").getGID()).isEqualTo(34);
            assertThat(machine.digest()).isNotEqualTo(before);
            assertThat(machine.differences()).startsWith("/etc/hostname rw-r--r-- 33:34 ");

            sftp.chown("/etc/hostname", 0);
            sftp.chgrp("/etc/hostname", 0);
        }
        assertThat(machine.digest()).isEqualTo(before);
    }

    @Test
    void aConnectionCutInTheMiddleLeavesHalfAFile() throws Exception {
        machine.control(Map.of("cutNextWrite", "connection"));

        assertThatThrownBy(() -> {
                    try (SFTPClient sftp = ssh.newSFTPClient()) {
                        sftp.put(file("0123456789"), "/etc/half");
                    }
                })
                .isInstanceOf(IOException.class);

        assertThat(machine.file("/etc/half")).isEqualTo("01234");
    }

    @Test
    void aFullDiskRefusesFiles() throws Exception {
        machine.control(Map.of("free", Map.of("/etc", 0)));

        try (SFTPClient sftp = ssh.newSFTPClient()) {
            assertThatThrownBy(() -> sftp.put(file("x"), "/etc/full")).isInstanceOf(IOException.class);
        }
        assertThat(machine.differences()).isEmpty();
    }

    @Test
    void aTransientUnitKeepsItsExitStatusAndOutput() throws Exception {
        run("mkdir -p ${R:-}/var/lib/rackhouse", "");
        Result started = run(
                "systemd-run --unit=step-1 --property=RemainAfterExit=yes --property=StandardOutput=file:/var/lib/rackhouse/out"
                        + " sh -c 'echo working; exit 7'",
                "");
        assertThat(started.err()).contains("Running as unit: step-1.service");

        eventually(() ->
                run("systemctl show step-1 -p ActiveState --value", "").out().equals("failed\n"));
        assertThat(run("systemctl show step-1 -p ExecMainStatus,Result", "").out())
                .isEqualTo("ExecMainStatus=7\nResult=exit-code\n");
        assertThat(run("cat ${R:-}/var/lib/rackhouse/out", "").out()).isEqualTo("working\n");
        assertThat(run("systemd-run --unit=step-1 true", "").code()).isEqualTo(1);
    }

    @Test
    void aRebootedMachineComesBackWithAnotherBootId() throws Exception {
        String before = run("cat ${R:-}/proc/sys/kernel/random/boot_id", "").out();

        try {
            run("systemctl reboot", "");
        } catch (IOException hungUp) {
            // a machine that goes down may take the connection with it before the command's end is told
        }

        eventually(() -> machine.sshPort() == 0);
        eventually(() -> machine.sshPort() != 0);
        try (SSHClient again = client(SshKeys.fingerprint(machine.hostKey()))) {
            again.connect("127.0.0.1", machine.sshPort());
            again.authPublickey("root", folder.resolve("id_ed25519").toString());
            assertThat(run(again, "cat ${R:-}/proc/sys/kernel/random/boot_id", "")
                            .out())
                    .isNotEqualTo(before)
                    .isNotBlank();
        }
    }

    @Test
    void bindingAGroupMovesItsDriverLinks() throws Exception {
        machine.bindToVfio("0000:0e:00.2");

        assertThat(run("readlink ${R:-}/sys/bus/pci/devices/0000:0e:00.2/driver", "")
                        .out())
                .endsWith("/vfio-pci\n");
        assertThat(run("ls ${R:-}/sys/bus/pci/drivers/xhci_hcd", "").out()).doesNotContain("0000:0e:00.2");
    }

    @Test
    void writingToSysfsTakesEffect() throws Exception {
        try (SFTPClient sftp = ssh.newSFTPClient()) {
            sftp.put(file("0000:0e:00.0"), "/sys/bus/pci/drivers/vfio-pci/unbind");
        }
        assertThat(machine.driver("0000:0e:00.0")).isEmpty();
    }

    @Test
    void aGuestIsReachedThroughItsNodeAndSeesItsDevices() throws Exception {
        machine.configWritten("nodes/caraxes/qemu-server/300.conf", "name: llm-01\n");
        start();

        eventually(() -> lab.reach("10.0.10.90", 22) != null);
        try (SSHClient guest = throughTheNode()) {
            assertThat(run(guest, "cat ${R:-}/sys/bus/pci/devices/0000:01:00.*/device", "")
                            .out())
                    .isEqualTo("0x1e81\n0x10f8\n0x1ad8\n0x1ad9\n");
            assertThat(machine.agentRunning(300)).isFalse();
            assertThat(run(guest, "cloud-init status --wait", "").out()).contains("status: done");
            assertThat(run(guest, "sudo -n apt-get install -y qemu-guest-agent", "")
                            .code())
                    .isZero();
            assertThat(run(guest, "sudo apt-get install -y no-such-thing", "").code())
                    .isEqualTo(100);
            assertThat(run(guest, "echo kept > ~/note", "").code()).isZero();
        }
        assertThat(machine.agentRunning(300)).isTrue();

        machine.stopGuest(300);
        assertThat(lab.reach("10.0.10.90", 22)).isNull();
        start();
        eventually(() -> lab.reach("10.0.10.90", 22) != null);
        try (SSHClient guest = throughTheNode()) {
            assertThat(run(guest, "cat ~/note", "").out()).isEqualTo("kept\n");
        }
        eventually(() -> machine.agentRunning(300));
    }

    @Test
    void anAddressWhereNothingAnswersCannotBeReached() {
        assertThatThrownBy(() -> ssh.newDirectConnection("10.0.10.91", 22)).isInstanceOf(IOException.class);
    }

    private void start() throws Exception {
        Map<String, String> config = new HashMap<>(Map.of(
                "name", "llm-01",
                "agent", "1",
                "cores", "4",
                "ciuser", "ada",
                "ide2", "local-lvm:vm-300-cloudinit,media=cdrom",
                "net0", "virtio=BC:24:11:00:03:00,bridge=vmbr0,tag=20",
                "ipconfig0", "ip=10.0.10.90/24,gw=10.0.10.1"));
        String key = SshKeys.line(SshKeys.kept(folder.resolve("id_ed25519")).getPublic(), "ada");
        config.put(
                "sshkeys",
                java.net.URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20"));
        List<String> devices = List.of("0000:0e:00.0", "0000:0e:00.1", "0000:0e:00.2", "0000:0e:00.3");
        machine.startGuest(new GuestLaunch("qemu", 300, config, 8192, 0, devices, Map.of()));
    }

    private SSHClient throughTheNode() throws Exception {
        DirectConnection connection = ssh.newDirectConnection("10.0.10.90", 22);
        SSHClient guest = new SSHClient();
        guest.addHostKeyVerifier(new net.schmizz.sshj.transport.verification.PromiscuousVerifier());
        guest.connectVia(connection);
        guest.authPublickey("ada", folder.resolve("id_ed25519").toString());
        return guest;
    }

    private static InMemorySourceFile file(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new InMemorySourceFile() {
            @Override
            public String getName() {
                return "file";
            }

            @Override
            public long getLength() {
                return bytes.length;
            }

            @Override
            public java.io.InputStream getInputStream() {
                return new java.io.ByteArrayInputStream(bytes);
            }
        };
    }
}
