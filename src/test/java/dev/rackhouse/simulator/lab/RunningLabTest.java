package dev.rackhouse.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SshKeys;
import dev.rackhouse.simulator.pve.LocalAnswer;
import dev.rackhouse.simulator.pve.PveSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens on one side of a lab is seen on the other: Proxmox API and machine are one world. */
class RunningLabTest {
    @TempDir
    Path folder;

    private RunningLab lab;

    @AfterEach
    void stop() {
        lab.close();
    }

    private PveSimulator start(String name) throws Exception {
        String key = SshKeys.line(SshKeys.fresh().getPublic(), "test");
        Jails jails = new Jails(folder.resolve("jails"));
        lab = RunningLab.start(LabPlan.packed(name).orElseThrow(), new RunningLab.Common(jails, folder, 0, 100, key));
        return lab.proxmox().orElseThrow();
    }

    private SimulatedMachine machine() {
        return lab.hosts().getFirst();
    }

    private Object call(String node, String method, String path, Map<String, String> parameters) {
        Map<String, List<String>> form = new HashMap<>();
        parameters.forEach((key, value) -> form.put(key, List.of(value)));
        LocalAnswer answer = lab.proxmox().orElseThrow().local(node, method, path, form);
        assertThat(answer.succeeded()).as(answer.message() + answer.errors()).isTrue();
        return answer.data();
    }

    private void task(String node, String method, String path, Map<String, String> parameters) {
        String upid = String.valueOf(call(node, method, path, parameters));
        Map<?, ?>[] status = new Map<?, ?>[1];
        eventually(() -> {
            status[0] = (Map<?, ?>) call(node, "GET", "/nodes/" + node + "/tasks/" + upid + "/status", Map.of());
            return "stopped".equals(status[0].get("status"));
        });
        assertThat(status[0].get("exitstatus")).isEqualTo("OK");
    }

    private static void eventually(BooleanSupplier question) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!question.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void createAndStart(String node, String storage, String mapping, Map<String, String> more) {
        Map<String, String> vm = new HashMap<>(Map.of(
                "vmid", "300",
                "name", "llm-01",
                "memory", "8192",
                "cores", "4",
                "machine", "q35",
                "bios", "ovmf",
                "efidisk0", storage + ":1,efitype=4m,pre-enrolled-keys=0",
                "hostpci0", "mapping=" + mapping + ",pcie=1"));
        vm.putAll(more);
        task(node, "POST", "/nodes/" + node + "/qemu", vm);
        task(node, "POST", "/nodes/" + node + "/qemu/300/status/start", Map.of());
    }

    @Test
    void onCaraxesTheGpuGoesToANewGuestAsItIs() throws Exception {
        start("targaryen");

        createAndStart("caraxes", "local-lvm", "RTX-2080-SUPER", Map.of());

        assertThat(machine().driver("0000:0e:00.2")).isEqualTo("vfio-pci");
        assertThat(machine().driver("0000:07:00.0")).isEqualTo("mpt3sas");
    }

    @Test
    void aMappingMadeByTheApiStandsInTheFilesOfEveryNode() throws Exception {
        start("targaryen");
        SimulatedMachine meraxes = lab.host("meraxes").orElseThrow();
        assertThat(meraxes.file("/etc/pve/mapping/pci.cfg"))
                .contains("RTX-3090-Ti\n\tdescription AI, large models\n\tmap id=10de:2203");

        String entry = "id=10de:1e81,iommugroup=31,node=caraxes,path=0000:0e:00,subsystem-id=3842:3081";
        call("caraxes", "POST", "/cluster/mapping/pci", Map.of("id", "rackhouse-2080s", "map", entry));

        assertThat(meraxes.file("/etc/pve/mapping/pci.cfg")).contains("rackhouse-2080s\n\tmap " + entry);
        assertThat(meraxes.file("/etc/pve/nodes/caraxes/qemu-server/101.conf")).contains("name: ollama");
    }

    @Test
    void onThorTheHugePagesComeFreeWithTheGuestThatHeldTheCards() throws Exception {
        start("thor");
        assertThat(machine().freeHugePages(1024)).isZero();

        task("thor", "POST", "/nodes/thor/qemu/110/status/stop", Map.of());

        assertThat(machine().freeHugePages(1024)).isEqualTo(128);
        createAndStart(
                "thor",
                "vmdata",
                "rtx3090-a",
                Map.of("numa", "1", "hugepages", "1024", "numa0", "cpus=0-3,hostnodes=4,memory=8192,policy=bind"));
        assertThat(machine().freeHugePages(1024)).isEqualTo(120);
    }

    @Test
    void onThePreparedHostTheCardIsFreeOnceItsGuestIsStopped() throws Exception {
        start("prepared");
        assertThat(machine().driver("0000:01:00.0")).isEqualTo("vfio-pci");

        task("pve", "POST", "/nodes/pve/qemu/201/status/stop", Map.of());

        createAndStart("pve", "local-lvm", "gpu-3060", Map.of());
    }

    /** Before 8.4 that is the only way to an image: root at the node, with an absolute path. */
    @Test
    void rootImportsADiskFromAFileOfTheNode_andOnlyFromOneThatIsThere() throws Exception {
        PveSimulator proxmox = start("bare");
        task("pve", "POST", "/nodes/pve/qemu", Map.of("vmid", "300", "name", "llm-01"));
        String disk = "local-lvm:0,import-from=/etc/hostname,discard=on";

        assertThat(proxmox.local(
                                "pve",
                                "PUT",
                                "/nodes/pve/qemu/300/config",
                                Map.of("scsi0", List.of(disk.replace("hostname", "nothing"))))
                        .message())
                .contains("can't find file '/etc/nothing'");
        call("pve", "PUT", "/nodes/pve/qemu/300/config", Map.of("scsi0", disk, "boot", "order=scsi0"));

        Map<?, ?> config = (Map<?, ?>) call("pve", "GET", "/nodes/pve/qemu/300/config", Map.of());
        assertThat(String.valueOf(config.get("scsi0"))).startsWith("local-lvm:vm-300-disk-0,discard=on");
    }

    @Test
    void aNodeThatRebootsIsGoneForSshToo() throws Exception {
        PveSimulator proxmox = start("bare");

        call("pve", "POST", "/nodes/pve/status", Map.of("command", "reboot"));

        eventually(() -> !proxmox.isUp("pve"));
        eventually(() -> proxmox.isUp("pve"));
        assertThat(machine().uptimeSeconds()).isLessThan(60);
    }

    @Test
    void theDigestTellsAboutTheFilesOfEachMachine() throws Exception {
        PveSimulator proxmox = start("targaryen");
        String untouched = proxmox.worldDigest();
        assertThat(machine().differences()).isEmpty();

        machine().file("/etc/hostname");
        String onlyRead = proxmox.worldDigest();
        lab.control(
                "caraxes", Map.of("writeFile", Map.of("path", "/etc/modprobe.d/x.conf", "content", "blacklist x\n")));
        String written = proxmox.worldDigest();
        proxmox.reset();

        assertThat(onlyRead).isEqualTo(untouched);
        assertThat(written).isNotEqualTo(untouched);
        assertThat(proxmox.worldDigest()).isEqualTo(untouched);
    }

    @Test
    void aNodeWithoutNetworkRunsButDoesNotAnswer() throws Exception {
        PveSimulator proxmox = start("bare");
        lab.control("pve", Map.of("bootsWithoutNetwork", 1));

        call("pve", "POST", "/nodes/pve/status", Map.of("command", "reboot"));

        eventually(() -> machine().state().equals("no network"));
        assertThat(proxmox.isUp("pve")).isFalse();
        lab.control("pve", Map.of("powerCutSeconds", 0));
        eventually(() -> proxmox.isUp("pve"));
    }

    @Test
    void theApiSeesTheIommuThatTheBootTurnedOn() throws Exception {
        start("bare");
        String grub = machine().file("/boot/grub/grub.cfg").replace("ro quiet", "ro quiet intel_iommu=on");
        lab.control("pve", Map.of("writeFile", Map.of("path", "/boot/grub/grub.cfg", "content", grub)));

        call("pve", "POST", "/nodes/pve/status", Map.of("command", "reboot"));

        eventually(() -> lab.proxmox().orElseThrow().isUp("pve") && machine().uptimeSeconds() < 60);
        List<?> functions = (List<?>) call("pve", "GET", "/nodes/pve/hardware/pci", Map.of());
        String groups = functions.stream()
                .map(function -> (Map<?, ?>) function)
                .map(function -> function.get("id") + " " + function.get("iommugroup"))
                .collect(Collectors.joining("\n"));
        assertThat(groups).contains("0000:01:00.0 1");
    }

    @Test
    void aResetPutsTheMachinesBackBehindTheSamePorts() throws Exception {
        PveSimulator proxmox = start("targaryen");
        int port = lab.sshPort("caraxes");
        machine().bindToVfio("0000:0e:00.2");

        proxmox.reset();

        assertThat(machine().driver("0000:0e:00.2")).isEqualTo("xhci_hcd");
        assertThat(lab.sshPort("caraxes")).isEqualTo(port);
    }
}
