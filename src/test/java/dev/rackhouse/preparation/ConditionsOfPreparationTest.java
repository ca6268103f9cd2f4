package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The named conditions of a preparation, on what hosts print. */
class ConditionsOfPreparationTest {

    @Test
    void aHostIsAsNotedWhateverItsBootLoaderAdds() {
        Map<String, String> noted = Map.of(
                "files", "file /etc/modules 0:0 644 abc\nabsent /etc/x", "cmdline", "BOOT_IMAGE=/a root=/dev/b quiet");

        assertThat(asNoted(
                        noted,
                        "file /etc/modules 0:0 644 abc\nabsent /etc/x\ncmdline BOOT_IMAGE=/c root=/dev/b quiet\n"))
                .isEqualTo(Judgement.Standing.HOLDS);
        assertThat(asNoted(noted, "file /etc/modules 0:0 600 abc\nabsent /etc/x\ncmdline root=/dev/b quiet\n"))
                .isEqualTo(Judgement.Standing.FAILS);
        assertThat(asNoted(noted, "file /etc/modules 0:0 644 abc\nabsent /etc/x\ncmdline root=/dev/b\n"))
                .isEqualTo(Judgement.Standing.FAILS);
    }

    private static Judgement.Standing asNoted(Map<String, String> noted, String printed) {
        return new HostAsNoted().judge(noted, Answer.shell(0, printed, "")).standing();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "room /boot 204800;room /var 9999999;writable /boot;end | HOLDS",
                "room /boot 102400;room /var 9999999;writable /boot;end | FAILS",
                "room /boot 204800;room /var 204800;writable /boot;end | FAILS",
                "room /boot 204800;end | FAILS",
                "room /boot 204800;writable /boot;busy /run/vzdump.lock;end | FAILS",
                "room /boot 204800;writable /boot | UNKNOWN"
            })
    void bootFilesNeedRoomAndQuiet(String printed, Judgement.Standing standing) {
        assertThat(new BootFilesCanBeWritten()
                        .judge(Map.of("freeMiB", "150"), Answer.shell(0, printed.replace(';', '\n') + "\n", ""))
                        .standing())
                .isEqualTo(standing);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  linux /vmlinuz a iommu=pt;  linux /vmlinuz a;initrd 1 initrd.img-6;end | HOLDS",
                "  linux /vmlinuz a;initrd 1 initrd.img-6;end | FAILS",
                "  linux /vmlinuz iommu=pt;initrd 0 initrd.img-6;end | FAILS",
                "  linux /vmlinuz iommu=pt;end | FAILS",
                "  linux /vmlinuz iommu=pt;initrd 1 initrd.img-6 | UNKNOWN"
            })
    void theNextBootMustReadIt(String printed, Judgement.Standing standing) {
        assertThat(new BootFilesCarry()
                        .judge(
                                Map.of("words", "iommu=pt", "script", "1"),
                                Answer.shell(0, printed.replace(';', '\n') + "\n", ""))
                        .standing())
                .isEqualTo(standing);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "words | intel_iommu=on | HOLDS",
                "words | hugepages=4 | FAILS",
                "early | 0000:01:00.0=10de:2504=vfio-pci | HOLDS",
                "early | 0000:03:00.0=144d:a80a=vfio-pci | FAILS",
                "keeps | 0000:04:00.0=8086:15f3=igc | HOLDS",
                "interfaces | enp4s0 | HOLDS",
                "interfaces | enp5s0 | FAILS",
                "addresses | nope 10.0.0.1/24 | FAILS",
                "pools | tank | FAILS",
                "pages | 1024x4 | FAILS"
            })
    void aPreparedHostShowsAllThatWasPlanned(String argument, String value, Judgement.Standing standing) {
        assertThat(new HostPrepared()
                        .judge(Map.of(argument, value), Answer.shell(0, SampleHosts.dump("generic/after"), ""))
                        .standing())
                .isEqualTo(standing);
    }

    @Test
    void aProbeThatWasCutOffProvesNothing() {
        String cut = SampleHosts.dump("generic/after").substring(0, 400);

        assertThat(new HostPrepared().judge(Map.of(), Answer.shell(0, cut, "")).standing())
                .isEqualTo(Judgement.Standing.UNKNOWN);
    }

    @Test
    void aDeviceOfARunningGuestCannotBeGivenBack() {
        Answer caraxes = Answer.shell(0, SampleHosts.dump("caraxes"), "");

        assertThat(new CanBeGivenBack()
                        .judge(Map.of("functions", "0000:05:00.0=1000:0097"), caraxes)
                        .because())
                .contains("guest 100");
        assertThat(new CanBeGivenBack()
                        .judge(Map.of("functions", "0000:0e:00.1=10de:10f8"), caraxes)
                        .holds())
                .isTrue();
    }
}
