package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each check on a sample host with something changed. */
class FindingsTest {

    @Test
    void refusesADeviceThatTheFirmwareKeeps() {
        assertThat(found("caraxes", d -> d.replace("G\t31\ttype=identity\trmrr=0", "G\t31\ttype=identity\trmrr=1")))
                .contains("slot 0000:0e:00 fw.rmrr B");
    }

    @Test
    void refusesWithoutInterruptRemapping() {
        assertThat(found("caraxes", d -> d.replace("K\tirq_remap\t1", "K\tirq_remap\t0")))
                .contains("node irq.remap B");
    }

    @Test
    void seesACardThatFellOffTheBus() {
        assertThat(found("caraxes", d -> d.replace("cfg=de10", "cfg=ffff"))).contains("slot 0000:0e:00 gpu.dead B");
        assertThat(found("caraxes", d -> d.replaceFirst("current_link_width=16", "current_link_width=63")))
                .contains("slot 0000:0e:00 gpu.dead B");
    }

    @Test
    void warnsOfACardThatSleepsTooDeep() {
        assertThat(found("meraxes", d -> d.replaceAll("(P\t0000:0d:00.0.*)power_state=D0", "$1power_state=D3cold")))
                .contains("slot 0000:0d:00 gpu.d3cold W");
    }

    @Test
    void comparesMappingsWithTheHardware() {
        List<String> moved =
                found("caraxes", d -> d.replace("id=10de:1e81,iommugroup=31", "id=10de:1e81,iommugroup=33"));
        assertThat(moved).contains("slot 0000:0e:00 map.drift B").doesNotContain("device 0000:05:00.0 map.drift B");
        assertThat(found("caraxes", d -> d.replace("path=0000:0e:00,", "path=0000:0f:01,")))
                .contains("node map.drift B");
    }

    @Test
    void marksWhatCannotBeReadAsUnknownNotAsPassed() {
        List<String> blind = found(
                "caraxes",
                d -> d.replace("K\tuid\t0", "K\tuid\t1000")
                        .replaceAll("(?m)^(GUEST|RUN|L\tpci_reservations|L\t/etc/pve).*\n", ""));
        assertThat(blind)
                .contains("slot 0000:0e:00 dev.used-config unknown", "slot 0000:0e:00 dev.used-running unknown");
    }

    @Test
    void countsAPoolWithoutShownDisksAsUnknown() {
        assertThat(found("caraxes", d -> d.replaceAll("(?m)^L\tzpool.*\n", "")))
                .contains("device 0000:07:00.0 protect.boot unknown");
    }

    @Test
    void refusesAGpuThatRunningContainersUse() {
        String use = "GUEST\tpve/lxc/101.conf\tdev0\t/dev/dri/renderD128,gid=104\n";
        assertThat(found("generic/after", d -> d + use)).contains("slot 0000:01:00 gpu.lxc-users B");
    }

    @Test
    void seesWordsInTheFileThatNobodyReads() {
        assertThat(found(
                        "thor",
                        d -> d.replace(
                                "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
                                "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet amd_iommu=on\"")))
                .contains("node iommu.wrong-file W");
    }

    @Test
    void protectsTheMembersOfABond() {
        List<String> bonded = found(
                "meraxes",
                d -> d.replace("LOWER\tvmbr0\tenp8s0", "LOWER\tvmbr0\tbond0")
                        + "LOWER\tbond0\tenp8s0\nLOWER\tbond0\tenp7s0\n");
        assertThat(bonded).contains("device 0000:08:00.0 protect.mgmt B", "device 0000:07:00.0 protect.mgmt B");
    }

    @Test
    void protectsTheInterfaceOfOurOwnSession() {
        List<String> session = found(
                "helium",
                d -> d.replace("K\tdefault_route\tenp5s0\n", "")
                        + "K\tssh_connection\t10.0.20.9 50022 10.0.10.20 22\n");
        assertThat(session).contains("device 0000:05:00.0 protect.mgmt B");
    }

    @Test
    void refusesAGroupThatARunningGuestHasAPartOf() {
        List<String> found = found(
                "meraxes",
                d -> d.replace("devices=0000:05:00.0", "devices=0000:05:00.0,0000:01:00.0")
                        .replace("G\t15\ttype=identity\trmrr=0\tdevices=0000:01:00.0\n", ""));
        assertThat(found).contains("device 0000:05:00.0 group.shared B");
    }

    @Test
    void letsTheGuestThatHoldsTheDeviceKeepIt() {
        HostFacts thor = SampleHosts.facts("thor");
        Target slot = new Target.Slot(PciSlot.parse("41:00"));

        assertThat(Findings.ofDevice(thor, slot)).anyMatch(f -> f.check().equals("dev.used-running"));
        assertThat(Findings.ofDevice(thor, slot, List.of(), new VmId(110)))
                .noneMatch(f -> f.check().startsWith("dev.used"));
        assertThat(Findings.ofDevice(thor, slot).stream()
                        .filter(f -> f.check().equals("dev.used-running"))
                        .map(Finding::stops))
                .containsExactly(new VmId(110));
    }

    @Test
    void looksAtTheMemoryOfAStoppedGuestWithHugepages() {
        List<String> stopped = found("thor", d -> d.replaceAll("(?m)^RUN.*\n", ""));
        assertThat(stopped).contains("guest 110 hp.free B");
        assertThat(found(
                        "thor",
                        d -> d.replace("numa0\tcpus=0-5,hostnodes=0,memory=16384", "numa0\tcpus=0-5,memory=8192")))
                .contains("guest 110 numa.sum B", "guest 110 hp.numa B");
        assertThat(found("thor", d -> d.replace("hostnodes=4", "hostnodes=3"))).contains("guest 110 numa.locality W");
    }

    @Test
    void checksTheOptionsOfAGuest() {
        List<String> changed = found(
                "meraxes",
                d -> d.replace("201.conf\tmachine\tq35", "201.conf\tmachine\tpc")
                        .replace("201.conf\tcpu\thost", "201.conf\tcpu\tx86-64-v2-AES,hidden=1")
                        .replace(
                                "vm-201-disk-0,efitype=4m,pre-enrolled-keys=0",
                                "vm-201-disk-0,efitype=4m,pre-enrolled-keys=1"));
        assertThat(changed)
                .contains(
                        "guest 201 vm.q35 B", "guest 201 vm.cpu W", "guest 201 vm.hidden W", "guest 201 vm.sb-keys W");
    }

    @Test
    void findsNothingWrongWithTheOtherFunctionsOfTheSameCard() {
        HostFacts thor = SampleHosts.facts("thor");
        List<Finding> whole = Findings.ofDevice(thor, new Target.Slot(PciSlot.parse("41:00")));
        assertThat(whole)
                .noneMatch(f -> f.check().equals("func.companion") || f.check().equals("reset.none"));
        assertThat(Findings.ofDevice(thor, new Target.Device(PciAddress.parse("41:00.0"))))
                .anyMatch(f -> f.check().equals("func.companion"));
    }

    @Test
    void survivesHostsThatShowAlmostNothing() {
        HostFacts bare = SampleHosts.parsed("BEGIN\t1\nP\t0000:01:00.0\tvendor=0x10de\tclass=0x030000\nEND\t2\n");
        assertThat(Findings.ofEverything(bare)).isNotEmpty();
    }

    private static List<String> found(String host, UnaryOperator<String> change) {
        return Findings.ofEverything(SampleHosts.changed(host, change)).stream()
                .map(f -> f.target() + " " + f.check() + " " + f.severityWord())
                .toList();
    }
}
