package dev.rackhouse.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.ProbeDump;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratedLabsTest {
    @Test
    void fiveHundredNodesMakeSixteenClustersWithAllTheGuests() {
        List<LabPlan> plans = GeneratedLabs.plans(500, 5000);

        assertThat(plans).hasSize(16);
        assertThat(plans).allSatisfy(plan -> assertThat(plan.machines()).hasSizeLessThanOrEqualTo(32));
        assertThat(plans.stream().mapToInt(plan -> plan.machines().size()).sum())
                .isEqualTo(500);
        assertThat(plans.stream().mapToInt(plan -> plan.seed().guests().size()).sum())
                .isEqualTo(5000);
        assertThat(plans.stream()
                        .mapToInt(
                                plan -> plan.seed().mappings().getFirst().map().size())
                        .sum())
                .isGreaterThanOrEqualTo(200);
    }

    @Test
    void eachNodeHasADumpOfItsOwn() {
        LabPlan plan = GeneratedLabs.plans(5, 10).getFirst();
        Set<String> boots = new HashSet<>();

        plan.machines().forEach((name, source) -> {
            ProbeDump dump = source.get();
            assertThat(dump.fact("hostname")).contains(name);
            assertThat(dump.rows("GUEST")).isEmpty();
            boots.add(dump.fact("boot_id").orElseThrow());
        });

        assertThat(boots).hasSize(5);
    }
}
