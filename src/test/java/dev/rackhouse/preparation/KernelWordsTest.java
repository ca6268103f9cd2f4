package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A kernel command line keeps its words and their order. */
class KernelWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "root=ZFS=rpool/ROOT/pve-1 boot=zfs | root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt intel_iommu=on",
                "intel_iommu=off a iommu=pt         | intel_iommu=on a iommu=pt",
                "iommu=pt  intel_iommu=on           | iommu=pt  intel_iommu=on",
                "xiommu=pt                          | xiommu=pt iommu=pt intel_iommu=on"
            })
    void addsMissingWordsAtTheEnd(String line, String expected) {
        assertThat(KernelWords.with(line, List.of("iommu=pt", "intel_iommu=on"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quiet | quiet default_hugepagesz=1G hugepagesz=1G hugepages=8",
                "a default_hugepagesz=1G hugepagesz=1G hugepages=4 b | a default_hugepagesz=1G hugepagesz=1G hugepages=8 b",
                "a hugepages=4 b | a b default_hugepagesz=1G hugepagesz=1G hugepages=8",
                "hugepages=0:4,1:4 | default_hugepagesz=1G hugepagesz=1G hugepages=8"
            })
    void keepsThePageWordsTogether(String line, String expected) {
        assertThat(KernelWords.with(line, new Hugepages(1024, 8).words())).isEqualTo(expected);
    }

    @Test
    void anEmptyLineGetsTheWordsAlone() {
        assertThat(KernelWords.with("", List.of("iommu=pt"))).isEqualTo("iommu=pt");
    }
}
