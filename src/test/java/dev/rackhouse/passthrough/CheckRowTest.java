package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines that say what passed claim nothing that was not seen. */
class CheckRowTest {

    @Test
    void claimsNothingOfGroupsAndInterruptsWhereTheIommuIsOff() {
        List<CheckRow> rows = passedOfTheCard(SampleHosts.facts("generic/before"));

        assertThat(rows).extracting(CheckRow::check).doesNotContain("irq.remap", "group.none", "group.acs", "fw.rmrr");
        assertThat(rows).extracting(CheckRow::check).contains("cpu.virt", "protect.boot");
    }

    @Test
    void saysWhatWasMeasuredWhereTheIommuIsOn() {
        List<CheckRow> rows = passedOfTheCard(SampleHosts.facts("generic/after"));

        assertThat(rows).extracting(CheckRow::check).contains("irq.remap", "group.none", "group.acs", "fw.rmrr");
    }

    private static List<CheckRow> passedOfTheCard(HostFacts facts) {
        return CheckRow.of(facts, facts.functions(PciSlot.parse("0000:01:00")), List.of());
    }
}
