package dev.rackhouse.inventory.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.Protection.Kind;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a host needs, where the way to the function is not the usual one. */
class ProtectedSetTest {

    private static final String NIC = "0000:08:00.0";
    private static final String OTHER_NIC = "0000:07:00.0";
    private static final String DISK = "PATH\tblock\t%s\t%s\tsectors=100\tmodel=\n";

    @Test
    void followsABridgeOfOpenVSwitchToItsPorts() {
        ProtectedSet needed = meraxes(
                d -> d.replace("LOWER\tvmbr0\tenp8s0\n", "").replace(" bridge-ports enp8s0", " ovs_type OVSBridge")
                        + "LOWER\tovs-system\tenp8s0\n");

        assertThat(texts(needed, NIC)).contains(NIC + " -> enp8s0 -> ovs-system -> vmbr0 -> default route");
        assertThat(needed.unplacedInterfaces()).isEmpty();
    }

    @Test
    void countsAnOpenVSwitchBridgeWithoutShownPortsAsUnknown() {
        ProtectedSet needed = meraxes(
                d -> d.replace("LOWER\tvmbr0\tenp8s0\n", "").replace(" bridge-ports enp8s0", " ovs_type OVSBridge"));

        assertThat(needed.unplacedInterfaces()).contains("vmbr0: default route");
    }

    @Test
    void takesEveryInterfaceInUseForTheCarrierOfATunnel() {
        ProtectedSet needed = meraxes(d -> d
                + "PATH\tnet\ttailscale0\t/sys/devices/virtual/net/tailscale0\tmac=\tstate=unknown\tspeed=-\n"
                + "L\tip_addr\ttailscale0 UNKNOWN 100.64.0.7/32\n"
                + "K\tssh_connection\t100.64.0.1 5000 100.64.0.7 22\n");

        assertThat(texts(needed, OTHER_NIC)).anyMatch(t -> t.endsWith("this console's SSH session to 100.64.0.7"));
        assertThat(texts(needed, NIC)).anyMatch(t -> t.contains("tailscale0"));
    }

    @Test
    void countsASessionToAnAddressThatNobodyHasAsUnknown() {
        assertThat(meraxes(d -> d + "K\tssh_connection\t10.9.9.9 5000 10.77.0.1 22\n")
                        .unplacedInterfaces())
                .containsExactly("this console's SSH session to 10.77.0.1: no interface has that address");
        assertThat(meraxes(d -> d + "K\tssh_connection\t10.9.9.9 5000 ::ffff:10.0.10.42 22\n")
                        .unplacedInterfaces())
                .isEmpty();
        assertThat(meraxes(d -> d + "K\tssh_connection\t127.0.0.1 5000 127.0.0.1 22\n")
                        .unplacedInterfaces())
                .isEmpty();
    }

    @Test
    void followsAVirtualNetworkToItsZone() {
        ProtectedSet needed = meraxes(d -> d.replace("LOWER\tvmbr1\ttap200i0\n", "")
                        .replace(
                                "net0\tvirtio=BC:24:11:00:02:00,bridge=vmbr1",
                                "net0\tvirtio=BC:24:11:00:02:00,bridge=vnet")
                        .replace("K\tcluster\t1\n", "")
                + "PATH\tnet\tln_vnet\t/sys/devices/virtual/net/ln_vnet\tmac=\tstate=up\tspeed=-\n"
                + "PATH\tnet\tvnet\t/sys/devices/virtual/net/vnet\tmac=\tstate=up\tspeed=-\n"
                + "LOWER\tvnet\ttap200i0\nLOWER\tvnet\tln_vnet\nLOWER\tvmbr1\tpr_vnet\n");

        assertThat(texts(needed, OTHER_NIC)).anyMatch(t -> t.endsWith("vnet -> network of running guest 200"));
    }

    @Test
    void keepsAllControllersOfANamespaceWithSeveralPaths() {
        ProtectedSet needed = meraxes(d -> d.replaceAll(
                        "(PATH\tblock\tnvme0n1\\w*\t)\\S+/nvme/nvme0/",
                        "$1/sys/devices/virtual/nvme-subsystem/nvme-subsys0/")
                + DISK.formatted("nvme0c0n1", "/sys/devices/pci0000:00/0000:00:01.1/0000:04:00.0/nvme/nvme0/nvme0c0n1")
                + DISK.formatted(
                        "nvme0c1n1", "/sys/devices/pci0000:00/0000:00:01.1/0000:0b:00.0/nvme/nvme2/nvme0c1n1"));

        assertThat(needed.of(PciAddress.parse("0000:04:00.0")))
                .extracting(Protection::kind)
                .contains(Kind.STORAGE);
        assertThat(needed.of(PciAddress.parse("0000:0b:00.0")))
                .extracting(Protection::kind)
                .contains(Kind.STORAGE);
    }

    @Test
    void keepsTheParentOfAVirtualFunctionThatTheHostUses() {
        ProtectedSet needed = meraxes(
                d -> d.replaceAll("(P\t0000:08:00.0\t.*)", "$1\tsriov_numvfs=4")
                                .replaceAll("0000:08:00.0/net/enp8s0", "0000:08:10.0/net/enp8s0")
                        + "P\t0000:08:10.0\tvendor=0x8086\tdevice=0x1520\tclass=0x020000\tvf=1\n"
                        + "PATH\tpci\t0000:08:10.0\t/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/0000:03:04.0/0000:08:10.0\n");

        assertThat(texts(needed, NIC))
                .contains(NIC + " -> parent of a virtual function -> 0000:08:10.0 -> enp8s0 -> vmbr0 -> default route");
    }

    @Test
    void keepsTheControllerThatBringsUpTheDomainOfADisk() {
        ProtectedSet needed = caraxes(d -> d
                + "P\t0000:00:0e.0\tvendor=0x8086\tdevice=0x467f\tclass=0x010400\n"
                + "P\t10000:e1:00.0\tvendor=0x144d\tdevice=0xa80a\tclass=0x010802\n"
                + "PATH\tpci\t10000:e1:00.0\t/sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0\n"
                + DISK.formatted(
                        "nvme9n1", "/sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0/nvme/nvme9/nvme9n1")
                + "MNT\t/srv\t/dev/nvme9n1\text4\n");

        assertThat(texts(needed, "0000:00:0e.0")).anyMatch(t -> t.contains("brings up the domain of"));
    }

    @Test
    void asksNothingOfMemoryAndNothingOfFilesForDisks() {
        ProtectedSet needed = caraxes(d -> d + "SWAP\t/dev/zram0\nMNT\t/mnt/iso\t/dev/loop3\text4\n");

        assertThat(needed.unplacedDisks()).isEmpty();
    }

    @Test
    void countsWhatAFilesystemDoesNotTellAsUnknown() {
        assertThat(caraxes(d -> d + "MNT\t/mnt/b\t/dev/sdc2\tbtrfs\n").unplacedDisks())
                .containsExactly("other disks of the btrfs on /mnt/b: not shown");
        ProtectedSet iscsi = caraxes(d -> d
                + DISK.formatted("sdq", "/sys/devices/platform/host11/session1/target11:0:0/11:0:0:1/block/sdq")
                + "MNT\t/mnt/san\t/dev/sdq\text4\n");
        assertThat(iscsi.unplacedDisks()).isEmpty();
        assertThat(iscsi.unplacedInterfaces()).containsExactly("sdq (mounted on /mnt/san): comes over the network");
    }

    @Test
    void keepsAnArrayThatIsAssembledButNotRunning() {
        ProtectedSet needed = caraxes(d -> d.replaceAll("(?m)^(L\tzpool|MNT\t/tank).*\n", "")
                + "L\t/proc/mdstat\tmd127 : inactive sdb1[1](S) sdc1[0](S)\n");

        assertThat(texts(needed, "0000:07:00.0")).contains("0000:07:00.0 -> host9 -> sdb -> array md127");
    }

    @Test
    void tellsVitalNeedsFromThoseThatAPersonMayWaive() {
        assertThat(List.of(Kind.values()).stream().filter(Kind::vital))
                .containsExactly(Kind.BOOT, Kind.STORAGE, Kind.MANAGEMENT);
    }

    private static ProtectedSet meraxes(UnaryOperator<String> change) {
        return ProtectedSet.of(SampleHosts.changed("meraxes", change));
    }

    private static ProtectedSet caraxes(UnaryOperator<String> change) {
        return ProtectedSet.of(SampleHosts.changed("caraxes", change));
    }

    private static List<String> texts(ProtectedSet needed, String function) {
        return needed.of(PciAddress.parse(function)).stream()
                .map(Protection::text)
                .toList();
    }
}
