package dev.rackhouse.simulator.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rackhouse.simulator.world.MemoryMachine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configurations, power, devices and tasks of guests. */
class GuestLifeTest {
    private static final String VM = "/nodes/n1/qemu/";

    private PveSimulator lab;
    private Tasking root;

    @BeforeEach
    void start() {
        lab = TestLab.fresh();
        root = new Tasking(lab);
    }

    @Test
    void addsWhatTheRealServerAddsAtCreation() {
        String exit = root.run(
                "POST",
                "/nodes/n1/qemu",
                "vmid",
                "300",
                "name",
                "new",
                "memory",
                "2048",
                "scsi0",
                "fast:4",
                "ide2",
                "fast:cloudinit",
                "net0",
                "virtio,bridge=vmbr0",
                "tags",
                "B,a",
                "ostype",
                "l26");

        assertEquals("OK", exit);
        Map<?, ?> config = root.config(300);
        assertEquals("fast:vm-300-disk-0,size=4G", config.get("scsi0"));
        assertEquals("fast:vm-300-cloudinit,media=cdrom", config.get("ide2"));
        assertEquals("a;b", config.get("tags"));
        assertEquals("order=scsi0;net0", config.get("boot"));
        assertTrue(String.valueOf(config.get("net0")).matches("virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0"));
        assertTrue(config.containsKey("smbios1") && config.containsKey("vmgenid") && config.containsKey("meta"));
        assertEquals("2048", config.get("memory"));
    }

    @Test
    void isTheSameWorldAgainAfterCreatingAndDeleting() {
        String before = lab.worldDigest();

        root.run("POST", "/nodes/n1/qemu", "vmid", "300", "scsi0", "fast:4");
        assertNotEquals(before, lab.worldDigest());
        root.run("DELETE", VM + "300");

        assertEquals(before, lab.worldDigest());
    }

    @Test
    void leavesNothingBehindWhenTheImageCannotBeMade() {
        String before = lab.worldDigest();

        String exit = root.run(
                "POST",
                "/nodes/n1/qemu",
                "vmid",
                "300",
                "scsi0",
                "fast:4",
                "scsi1",
                "nas2:1".replace("nas2", "fast"),
                "scsi2",
                "fast:vm-9-disk-9");

        assertEquals("unable to create VM 300 - volume 'fast:vm-9-disk-9' does not exist", exit);
        assertEquals(before, lab.worldDigest());
    }

    @Test
    void refusesAnOldDigest() {
        Object digest = root.config(100).get("digest");
        root.call("PUT", VM + "100/config", "description", "x");

        LocalAnswer answer = root.call("PUT", VM + "100/config", "cores", "4", "digest", String.valueOf(digest));

        assertEquals(500, answer.status());
        assertEquals("checksum mismatch (file change by other user?)", answer.message());
    }

    @Test
    void keepsChangesOfARunningGuestPendingUntilItsRestart() {
        assertEquals("OK", root.run("POST", VM + "100/status/start"));

        root.call("PUT", VM + "100/config", "memory", "4096", "name", "other");

        assertEquals("4096", root.config(100).get("memory"));
        assertEquals(
                "2048",
                ((Map<?, ?>) root.call("GET", VM + "100/config", "current", "1").data()).get("memory"));
        assertEquals(
                "other",
                ((Map<?, ?>) root.call("GET", VM + "100/config", "current", "1").data()).get("name"));
        assertEquals("OK", root.run("POST", VM + "100/status/reboot"));
        assertEquals(
                "4096",
                ((Map<?, ?>) root.call("GET", VM + "100/config", "current", "1").data()).get("memory"));
    }

    @Test
    void bindsTheWholeGroupAndReservesTheCard() {
        assertEquals("OK", root.run("POST", VM + "101/status/start"));

        MemoryMachine machine = (MemoryMachine) lab.machines().get("n1");
        assertEquals(Set.of("0000:01:00.0", "0000:01:00.1"), machine.boundToVfio());
        assertEquals(
                "PCI device '0000:01:00.0' already in use by VMID '101'", root.run("POST", VM + "102/status/start"));
        root.run("POST", VM + "101/status/stop");
        assertEquals("OK", root.run("POST", VM + "102/status/start"));
    }

    @Test
    void tellsBeforeAndAtTheStartThatAMappingDoesNotFit() {
        List<?> rows = (List<?>)
                root.call("GET", "/cluster/mapping/pci", "check-node", "n1").data();
        assertTrue(
                rows.toString().contains("'id' does not match for 'drift' (10de:2204 != 10de:ffff)"), rows.toString());

        root.call("PUT", VM + "101/config", "hostpci0", "mapping=drift,pcie=1");
        String exit = root.run("POST", VM + "101/status/start");

        assertEquals(
                "PCI device mapping invalid (hardware probably changed): 'id' does not match for 'drift'"
                        + " (10de:2204 != 10de:ffff) ",
                exit);
    }

    @Test
    void aLongShutdownHoldsTheConfigurationAndCanBeStopped() throws Exception {
        lab.speed(20);
        String upid = root.start("POST", VM + "103/status/shutdown", "timeout", "120");

        LocalAnswer refused = untilRefused(() -> root.call("PUT", VM + "103/config", "memory", "600"));
        root.call("DELETE", "/nodes/n1/tasks/" + upid);

        assertEquals("can't lock file '/var/lock/qemu-server/lock-103.conf' - got timeout", refused.message());
        assertEquals("received interrupt", root.exit(upid));
        assertTrue(root.call("PUT", VM + "103/config", "memory", "600").succeeded());
    }

    /** The task is a worker of its own and needs a moment to take the lock. */
    private static LocalAnswer untilRefused(java.util.function.Supplier<LocalAnswer> call) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        LocalAnswer answer = call.get();
        while (answer.succeeded() && System.nanoTime() < deadline) {
            answer = call.get();
        }
        return answer;
    }

    @Test
    void aGuestThatDoesNotObeyEndsInATimeout() {
        assertEquals(
                "VM quit/powerdown failed - got timeout", root.run("POST", VM + "103/status/shutdown", "timeout", "3"));
        assertEquals("OK", root.run("POST", VM + "103/status/shutdown", "timeout", "3", "forceStop", "1"));
    }

    @Test
    void movesADetachedDiskToUnusedAndDestroysItThere() {
        root.run("POST", "/nodes/n1/qemu", "vmid", "300", "scsi0", "fast:4");

        root.call("PUT", VM + "300/config", "delete", "scsi0");
        assertEquals("fast:vm-300-disk-0", root.config(300).get("unused0"));
        root.call("PUT", VM + "300/config", "delete", "unused0");

        assertFalse(root.call("GET", "/nodes/n1/storage/fast/content")
                .data()
                .toString()
                .contains("vm-300"));
    }

    @Test
    void takesHugePagesOnlyWhenThereAreEnough() {
        root.call("PUT", VM + "100/config", "memory", "16384", "numa", "1", "hugepages", "1024");
        assertEquals(
                "start failed: hugepage allocation failed at /usr/share/perl5/PVE/QemuServer/Memory.pm line 731.",
                root.run("POST", VM + "100/status/start"));

        root.call("PUT", VM + "100/config", "memory", "4096");
        assertEquals("OK", root.run("POST", VM + "100/status/start"));
    }

    @Test
    void runsCommandsThroughTheAgent() {
        root.run("POST", VM + "100/status/start");

        LocalAnswer started = lab.local("n1", "POST", VM + "100/agent/exec", Map.of("command", List.of("echo", "hi")));
        String pid = String.valueOf(((Map<?, ?>) started.data()).get("pid"));
        Map<?, ?> status = (Map<?, ?>)
                root.call("GET", VM + "100/agent/exec-status", "pid", pid).data();
        while (!Integer.valueOf(1).equals(status.get("exited"))) {
            status = (Map<?, ?>)
                    root.call("GET", VM + "100/agent/exec-status", "pid", pid).data();
        }

        assertEquals("hi\n", status.get("out-data"));
        assertEquals(
                500, root.call("GET", VM + "100/agent/exec-status", "pid", pid).status());
    }

    @Test
    void anOlderNodeKnowsFewerOptionsAndOtherPrivileges() throws Exception {
        LocalAnswer answer =
                lab.local("n3", "POST", "/nodes/n3/qemu", Map.of("vmid", List.of("400"), "allow-ksm", List.of("0")));
        assertEquals(400, answer.status());
        assertTrue(answer.errors().containsKey("allow-ksm"));

        assertTrue(String.valueOf(lab.local("n3", "GET", "/access/roles/Administrator", Map.of())
                        .data())
                .contains("VM.Monitor"));
        assertEquals(
                70,
                ((List<?>) lab.local("n3", "GET", "/nodes/n3/rrddata", Map.of("timeframe", List.of("hour")))
                                .data())
                        .size());
    }

    @Test
    void writesNeedAMajority() {
        lab.nodeWentDown("n2");
        lab.nodeWentDown("n3");

        assertEquals(
                "cluster not ready - no quorum?",
                root.call("PUT", VM + "100/config", "cores", "3").message());
        assertTrue(root.call("GET", "/cluster/resources").succeeded());
        assertTrue(root.call("GET", "/cluster/resources").data().toString().contains("unknown"));
    }
}
