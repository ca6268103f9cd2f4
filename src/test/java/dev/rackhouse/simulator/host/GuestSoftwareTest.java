package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.TreeFromDumpTest.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.world.GuestLaunch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody sets up GPUs in a pretend Ubuntu guest: driver, Docker, toolkit, power limit, as in a real one. */
class GuestSoftwareTest {
    private static final String TOOLKIT_LIST =
            "deb [signed-by=/etc/apt/keyrings/toolkit.asc] https://nvidia.github.io/libnvidia-container/stable/deb/amd64 /";

    @TempDir
    Path folder;

    private SimulatedLab lab;
    private SimulatedGuest guest;

    record Result(int code, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        lab = new SimulatedLab(new Jails(folder.resolve("jails")), new Pace(200), List.of());
        lab.add(
                "thor",
                ProbeDump.parse(resource("/labs/thor/thor/probe.txt")),
                folder.resolve("thor"),
                SshKeys.fresh(),
                "ssh-ed25519 AAAA test");
        guest = guest(null);
        boot(guest);
    }

    @AfterEach
    void stop() {
        guest.destroy();
        lab.close();
        Box.erase(folder.resolve("jails"));
        Box.erase(folder.resolve("thor"));
    }

    private SimulatedGuest guest(Boolean seeded) {
        return new SimulatedGuest(
                300, "thor", lab.jails(), folder.resolve("guest-300"), lab.pace(), seeded, "ssh-ed25519 AAAA test");
    }

    private void boot(SimulatedGuest guest) throws Exception {
        Map<String, String> config = Map.of(
                "name", "llm-01",
                "bios", "ovmf",
                "efidisk0", "a:vm-300-disk-0,pre-enrolled-keys=0",
                "cores", "8",
                "ciuser", "ops",
                "ipconfig0", "ip=10.0.110.30/24");
        var cards = lab.machines().iterator().next().pciFunctions().stream()
                .filter(f -> f.slot().equals("0000:41:00") || f.slot().equals("0000:81:00"))
                .toList();
        guest.start(new GuestLaunch("qemu", 300, config, 8192, 0, List.of(), Map.of()), cards);
        eventually(() -> guest.sshPort() != 0);
    }

    private Result run(String line) throws Exception {
        Process process = guest.box().start(line, Map.of());
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }

    private static void eventually(Callable<Boolean> question) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!question.call()) {
            assertThat(Instant.now()).isBefore(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private void reboot() throws Exception {
        String before = run("cat ${R:-}/proc/sys/kernel/random/boot_id").out();
        run("systemctl reboot");
        eventually(() -> guest.sshPort() == 0);
        eventually(() -> guest.sshPort() != 0);
        assertThat(run("cat ${R:-}/proc/sys/kernel/random/boot_id").out()).isNotEqualTo(before);
    }

    private void installDriver() throws Exception {
        assertThat(run("apt-get install -y linux-modules-nvidia-580-server-open-generic"
                                + " nvidia-headless-no-dkms-580-server-open nvidia-utils-580-server")
                        .code())
                .isZero();
    }

    @Test
    void thereIsNoDriverUntilItIsInstalledAndLoaded() throws Exception {
        assertThat(run("nvidia-smi -L").code()).isEqualTo(127);

        installDriver();
        assertThat(run("nvidia-smi -L").code()).isEqualTo(9);
        reboot();

        assertThat(run("nvidia-smi -L").out()).isEqualTo("""
                        GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01)
                        GPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02)
                        """);
        assertThat(run("cat ${R:-}/proc/driver/nvidia/version").out()).contains("580.105.08");
    }

    @Test
    void answersQueriesInTheFormOfTheRealOne() throws Exception {
        installDriver();
        assertThat(run("modprobe nvidia").code()).isZero();

        assertThat(
                        run("nvidia-smi --query-gpu=index,uuid,pci.bus_id,name,driver_version,memory.total,power.limit,persistence_mode"
                                        + " --format=csv,noheader,nounits")
                                .out())
                .startsWith(
                        "0, GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01, 00000000:01:00.0, NVIDIA GeForce RTX 3090, 580.105.08, 24576, 350.00, Disabled\n");
        assertThat(run("nvidia-smi --query-gpu=name,power.limit --format=csv").out())
                .startsWith("name, power.limit [W]\nNVIDIA GeForce RTX 3090, 350.00 W\n");
        assertThat(run("nvidia-smi --query-gpu=nonsense --format=csv"))
                .isEqualTo(new Result(2, "Field \"nonsense\" is not a valid field to query.\n\n", ""));
        assertThat(run("nvidia-smi topo -m").out())
                .startsWith("\tGPU0\tGPU1\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\nGPU0\t X \tNV4\t0-7\t0");
    }

    @Test
    void aPowerLimitIsGoneAfterAReboot_unlessAUnitSetsIt() throws Exception {
        installDriver();
        reboot();
        assertThat(run("nvidia-smi -i 0 -pl 500").out()).contains("between 100.00 W and 400.00 W");
        assertThat(run("nvidia-smi -i GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01 -pl 280")
                        .out())
                .contains("was set to 280.00 W from 350.00 W");
        reboot();
        assertThat(limits()).isEqualTo("350.00\n350.00\n");

        guest.box()
                .tree()
                .write(
                        "/etc/systemd/system/power.service",
                        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/nvidia-smi -i 1 -pl 280\n[Install]\nWantedBy=multi-user.target\n");
        assertThat(run("systemctl is-enabled power").out()).isEqualTo("disabled\n");
        assertThat(run("systemctl enable --now power.service").code()).isZero();
        assertThat(limits()).isEqualTo("350.00\n280.00\n");
        reboot();

        assertThat(limits()).isEqualTo("350.00\n280.00\n");
        assertThat(run("systemctl is-active power").out()).isEqualTo("active\n");
    }

    private String limits() throws Exception {
        return run("nvidia-smi --query-gpu=power.limit --format=csv,noheader,nounits")
                .out();
    }

    @Test
    void ubuntusPersistenceDaemonDoesNotPersistByItself() throws Exception {
        installDriver();
        reboot();
        assertThat(persistence()).isEqualTo("Disabled\nDisabled\n");

        guest.box()
                .tree()
                .write(
                        "/etc/systemd/system/nvidia-persistenced.service.d/x.conf",
                        "[Service]\nExecStart=\nExecStart=/usr/bin/nvidia-persistenced --persistence-mode\n");
        assertThat(run("systemctl restart nvidia-persistenced").code()).isZero();

        assertThat(persistence()).isEqualTo("Enabled\nEnabled\n");
    }

    private String persistence() throws Exception {
        return run("nvidia-smi --query-gpu=persistence_mode --format=csv,noheader")
                .out();
    }

    @Test
    void aContainerSeesTheCardsOnceAllIsThere() throws Exception {
        installDriver();
        reboot();
        assertThat(run("apt-get install -y docker.io").code()).isZero();
        run("systemctl start docker");
        assertThat(run("apt-get install -y nvidia-container-toolkit").err()).contains("Unable to locate package");
        guest.box().tree().line("/etc/apt/sources.list.d/toolkit.list", TOOLKIT_LIST);
        assertThat(run("apt-get update").err()).contains("is not signed");
        guest.box().tree().line("/etc/apt/keyrings/toolkit.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----");
        assertThat(run("apt-get update").code()).isZero();
        assertThat(run("apt-get install -y nvidia-container-toolkit").code()).isZero();

        String see = "docker run --rm --device nvidia.com/gpu=all ubuntu:24.04 nvidia-smi -L";
        assertThat(run(see).err()).contains("could not select device driver \"cdi\"");
        assertThat(run("nvidia-ctk runtime configure --runtime=docker --cdi.enabled")
                        .code())
                .isZero();
        run("systemctl restart docker");
        assertThat(run(see).err()).contains("unresolvable CDI devices nvidia.com/gpu=all");
        run("nvidia-ctk cdi generate --output=${R:-}/etc/cdi/nvidia.yaml");

        assertThat(run(see)).isEqualTo(run("nvidia-smi -L"));
    }

    @Test
    void whatIsHeldIsNotRemoved_andWhatIsRemovedLeavesTheDiskAsItWas() throws Exception {
        Map<String, String> before = GuestDisk.contents(300, guest.box());
        installDriver();
        run("apt-mark hold nvidia-utils-580-server");
        assertThat(run("apt-mark showhold").out()).isEqualTo("nvidia-utils-580-server\n");
        String added = run("dpkg-query -W -f '${Package} ' 'linux-*-nvidia-*' 'nvidia-*' 'libnvidia-*'")
                .out();
        assertThat(run("apt-get purge -y " + added).code()).isEqualTo(100);

        assertThat(run("apt-get purge -y --allow-change-held-packages " + added).code())
                .isZero();

        assertThat(GuestDisk.contents(300, guest.box())).isEqualTo(before);
    }

    @Test
    void faultsAreToldInTheWordsOfApt() throws Exception {
        guest.software().faults().noNetwork(true);
        assertThat(run("apt-get install -y jq").err()).contains("Temporary failure resolving");
        guest.software().faults().noNetwork(false);
        guest.software().faults().noSpace(true);
        assertThat(run("apt-get install -y jq").err()).contains("don't have enough free space");
        guest.software().faults().noSpace(false);
        guest.software().faults().locked(true);
        assertThat(run("apt-get install -y jq").err()).contains("Could not get lock");
    }

    @Test
    void aGuestOfTheSeedHasItAllAlready() throws Exception {
        guest.destroy();
        guest = guest(true);
        boot(guest);

        assertThat(limits()).isEqualTo("350.00\n350.00\n");
        assertThat(persistence()).isEqualTo("Enabled\nEnabled\n");
        assertThat(run("docker run --rm --device nvidia.com/gpu=all ubuntu:24.04 nvidia-smi -L")
                        .out())
                .contains("0a1b2c3d4e02");
        assertThat(run("systemctl is-enabled homelab-gpu-power").out()).isEqualTo("enabled\n");
    }
}
