package dev.rackhouse.inventory.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.ProbeReport.Discarded;
import dev.rackhouse.inventory.fact.ProbeReport.Reason;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProbeReportTest {

    @ParameterizedTest
    @FieldSource("dev.rackhouse.inventory.fact.SampleHosts#ALL")
    void understandsEveryRecordOfEverySampleHost(String host) {
        List<String> lines = SampleHosts.dump(host).lines().toList();

        HostFacts facts = SampleHosts.facts(host);

        assertThat(facts.functions()).hasSize(count(lines, "P\t"));
        assertThat(facts.groups()).hasSize(count(lines, "G\t"));
        assertThat(facts.numaNodes()).hasSize(count(lines, "NODE\t"));
        assertThat(facts.mounts()).hasSize(count(lines, "MNT\t"));
        assertThat(facts.running()).hasSize(count(lines, "RUN\t"));
        assertThat(facts.blocks()).hasSize(count(lines, "PATH\tblock"));
        assertThat(facts.interfaces()).hasSize(count(lines, "PATH\tnet"));
        assertThat(facts.functions().stream().filter(f -> f.driver() != null).count())
                .isEqualTo(count(lines, "DRV\t"));
        assertThat(facts.lines().values().stream().mapToInt(List::size).sum()).isEqualTo(count(lines, "L\t"));
    }

    @Test
    void readsTheFunctionsOfACardWithItsGroupsAndDrivers() {
        HostFacts caraxes = SampleHosts.facts("caraxes");

        List<PciFunction> card = caraxes.functions(PciSlot.parse("0000:0e:00"));

        assertThat(card)
                .extracting(PciFunction::ids)
                .containsExactly("10de:1e81", "10de:10f8", "10de:1ad8", "10de:1ad9");
        assertThat(card).extracting(PciFunction::group).containsExactly(31, 32, 33, 34);
        assertThat(card)
                .extracting(PciFunction::driver)
                .containsExactly("vfio-pci", "vfio-pci", "xhci_hcd", "nvidia-gpu");
        PciFunction vga = card.getFirst();
        assertThat(vga.subsystem()).isEqualTo("3842:3081");
        assertThat(vga.bootVga()).isTrue();
        assertThat(vga.link()).hasToString("8 GT/s x16");
        assertThat(vga.resetMethods()).containsExactly("flr");
        assertThat(vga.bar(1)).isEqualTo(ByteSize.ofMiB(256));
        assertThat(vga.numaNode()).isNull();
        assertThat(vga.ancestors()).containsExactly(PciAddress.parse("0000:00:03.1"));
        assertThat(HardwareNames.describe(vga)).isEqualTo("NVIDIA GeForce RTX 2080 SUPER");
    }

    @Test
    void readsNumaNodesWithTheirHugepages() {
        HostFacts thor = SampleHosts.facts("thor");

        assertThat(thor.numaNodes()).hasSize(8);
        assertThat(thor.threads()).isEqualTo(48);
        assertThat(thor.numaNodes().get(2).cpus()).containsExactly(6, 7, 8, 30, 31, 32);
        assertThat(thor.numaNodes().get(2).pages(NumaNode.ONE_GIB)).isEqualTo(new NumaNode.Hugepages(16, 0));
        assertThat(thor.numaNodes().get(2).distances()).hasSize(8);
        assertThat(thor.function(PciAddress.parse("0000:41:00.0")).orElseThrow().numaNode())
                .isEqualTo(4);
        assertThat(thor.pveRelease()).startsWith("8.4");
    }

    @Test
    void readsGuestsMappingsAndReservations() {
        HostFacts meraxes = SampleHosts.facts("meraxes");

        assertThat(meraxes.guests())
                .extracting(GuestConfig::label)
                .containsExactly(
                        "VM 100 (nas)", "VM 101 (ollama)", "VM 102 (win-dev)", "VM 200 (ai-prod)", "VM 201 (train)");
        assertThat(meraxes.guestsHere()).hasSize(2);
        assertThat(meraxes.guest(new VmId(200)).orElseThrow().memoryMiB()).isEqualTo(65536);
        assertThat(meraxes.mappingsHere())
                .extracting(MappingEntry::mapping)
                .containsExactly(
                        "Docking-Station",
                        "NIC-1G",
                        "NIC-2G5",
                        "NVMe-Samsung-1TB",
                        "NVMe-WD-2TB",
                        "NVMe-WD-4TB",
                        "RTX-3090-Ti",
                        "WiFi");
        assertThat(meraxes.reservations()).hasSize(3);
        assertThat(meraxes.zpools()).containsExactly(new Zpool("fast", "ONLINE", List.of("nvme0n1p1")));
        assertThat(DeviceUse.holder(meraxes, PciAddress.parse("0000:0d:00.0"))
                        .orElseThrow()
                        .vmid())
                .isEqualTo(new VmId(200));
    }

    @Test
    void discardsWhatBreaksOff() {
        String dump = SampleHosts.dump("caraxes");

        assertThat(reason(dump.substring(0, dump.length() / 2))).isEqualTo(Reason.TRUNCATED);
        assertThat(reason(dump.substring(0, dump.lastIndexOf("END")))).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void discardsWhenARecordIsMissing() {
        assertThat(reason(SampleHosts.dump("caraxes").replaceFirst("\nIOMMU\tivhd0", "")))
                .isEqualTo(Reason.COUNT_DIFFERS);
    }

    @Test
    void discardsWhatIsNoProbe() {
        assertThat(reason("")).isEqualTo(Reason.EMPTY);
        assertThat(reason("sudo: a password is required\n")).isEqualTo(Reason.NO_BEGIN);
        assertThat(reason("BEGIN\t2\nEND\t1\n")).isEqualTo(Reason.OTHER_FORMAT);
        assertThat(reason("x".repeat(ProbeParser.MAX_CHARACTERS + 1))).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void ignoresUnknownRecordsBrokenRecordsAndALoginMessage() {
        String dump =
                "Welcome\nBEGIN\t1\nNEW\tx\nK\thostname\tpve\nK\nP\nP\tnonsense\tvendor=0x1\nG\tx\nNODE\nGUEST\ta\tb\nPATH\tpci\n"
                        + "DRV\t0000:00:00.0\nRUN\t7\t1\nEND\t12\n";

        assertThat(SampleHosts.parsed(dump).hostname()).isEqualTo("pve");
    }

    @Test
    void showsWhyTheHostNeedsADevice() {
        HostFacts caraxes = SampleHosts.facts("caraxes");

        ProtectedSet needed = ProtectedSet.of(caraxes);

        assertThat(texts(needed, "0000:07:00.0"))
                .containsExactlyInAnyOrder(
                        "0000:07:00.0 -> host9 -> sdb -> pool tank -> mounted on /tank",
                        "0000:07:00.0 -> host9 -> sdc -> pool tank -> mounted on /tank");
        assertThat(texts(needed, "0000:0d:00.0")).contains("0000:0d:00.0 -> enp13s0 -> vmbr0 -> default route");
        assertThat(texts(needed, "0000:01:00.1")).contains("0000:01:00.1 -> host0 -> sda -> pve-root -> mounted on /");
        assertThat(texts(needed, "0000:10:00.3")).containsExactly("0000:10:00.3 -> usb 1-7 -> USB Keyboard");
        assertThat(texts(needed, "0000:0e:00.0"))
                .containsExactly("0000:0e:00.0 -> the firmware's primary display -> the only screen of this host");
        assertThat(needed.unplacedDisks()).isEmpty();
        assertThat(needed.unplacedInterfaces()).isEmpty();
    }

    @Test
    void findsTheSystemDisksOfAZfsRoot() {
        ProtectedSet needed = ProtectedSet.of(SampleHosts.facts("thor"));

        assertThat(needed.protections().stream()
                        .filter(p -> p.kind() == Protection.Kind.BOOT)
                        .map(p -> p.function().toString())
                        .distinct())
                .isNotEmpty()
                .doesNotContain("0000:41:00.0");
        assertThat(needed.unplacedDisks()).isEmpty();
    }

    @Test
    void countsAllOfAGroupButItsBridgesIntoTheBlastRadius() {
        HostFacts shared = SampleHosts.facts("generic/shared-group");

        assertThat(BlastRadius.of(shared, shared.functions(PciSlot.parse("01:00"))))
                .extracting(PciAddress::toString)
                .containsExactly("0000:01:00.0", "0000:01:00.1", "0000:02:00.0");
        assertThat(BlastRadius.strangers(shared, shared.functions(PciSlot.parse("01:00"))))
                .extracting(f -> f.address().toString())
                .containsExactly("0000:02:00.0");
    }

    @Test
    void tracesAnNvmeNamespaceWithSeveralPathsToItsController() {
        HostFacts facts = SampleHosts.changed(
                "generic/after",
                dump -> dump.replaceAll(
                                "(PATH\tblock\tnvme0n1\\w*\t)\\S+/nvme/nvme0/",
                                "$1/sys/devices/virtual/nvme-subsystem/nvme-subsys0/")
                        + "PATH\tblock\tnvme0c0n1\t/sys/devices/pci0000:00/0000:00:1b.0/0000:03:00.0/nvme/nvme0/nvme0c0n1\tsectors=1\tmodel=\n");

        assertThat(ProtectedSet.of(facts).of(PciAddress.parse("0000:03:00.0")))
                .extracting(Protection::kind)
                .contains(Protection.Kind.BOOT);
    }

    private static List<String> texts(ProtectedSet needed, String function) {
        return needed.of(PciAddress.parse(function)).stream()
                .map(Protection::text)
                .toList();
    }

    private static Reason reason(String dump) {
        return ((Discarded) ProbeReport.parse(dump)).reason();
    }

    private static int count(List<String> lines, String start) {
        return lines.stream()
                .filter(l -> l.startsWith(start))
                .collect(Collectors.counting())
                .intValue();
    }
}
