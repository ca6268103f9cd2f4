package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.OutlineRules;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices go back to the host's own drivers, or it is said why not. */
class GiveBackTest {

    private static final NodeRef CARAXES = new NodeRef(SamplePreparation.LAB, "caraxes");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caraxes | 0000:05:00.0 | VM 100 (nas) has it",
                "caraxes | 0000:0e:00.0 | No driver of this host would take",
                "caraxes | 0000:0d:00.0 | is not on vfio-pci",
                "thor | 0000:41:00.0 | VM 110 (ai-inference) has it"
            })
    void refusesWithTheReason(String host, String address, String why) {
        assertThat(of(SampleHosts.facts(host), address))
                .isInstanceOfSatisfying(
                        GiveBackReadiness.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    @Test
    void writesOnlyTheFunctionsOwnFilesAndNeverARegisteredId() {
        GiveBackPlan plan = plan(SampleHosts.facts("caraxes"), "0000:0e:00.1");

        List<String> written = new GiveBack()
                .outline(plan).steps().stream()
                        .filter(s -> s.command() instanceof SysfsWrite)
                        .map(s -> (SysfsWrite) s.command())
                        .map(w -> w.path() + " = " + w.value())
                        .toList();
        assertThat(written)
                .containsExactly(
                        "/sys/bus/pci/devices/0000:0e:00.1/driver_override = snd_hda_intel",
                        "/sys/bus/pci/drivers/vfio-pci/unbind = 0000:0e:00.1",
                        "/sys/bus/pci/drivers_probe = 0000:0e:00.1",
                        "/sys/bus/pci/devices/0000:0e:00.1/driver_override = ");
        assertThat(plan.notes()).anyMatch(n -> n.contains("takes the device again at the next boot"));
    }

    @Test
    void takesTheDriverThatTheTwinHasAndWatchesTheTwin() {
        HostFacts stopped = SampleHosts.changed(
                "caraxes", d -> d.replaceAll("(?m)^RUN.*\n", "").replaceAll("(?m)^L\tpci_reservations.*\n", ""));
        GiveBackPlan plan = plan(stopped, "0000:05:00.0");

        assertThat(plan.functions().getFirst().driver()).isEqualTo("mpt3sas");
        assertThat(plan.twins())
                .singleElement()
                .satisfies(t -> assertThat(t.address() + " " + t.driver()).isEqualTo("0000:07:00.0 mpt3sas"));
    }

    @Test
    void canBeResumedAfterACrashAtAnyPoint() {
        assertThat(OutlineRules.problems(
                        new GiveBack().outline(plan(SampleHosts.facts("caraxes"), "0000:0e:00.1")),
                        Set.of(
                                CanBeGivenBack.NAME,
                                "output-equals",
                                "output-lacks",
                                "output-has-lines",
                                "output-matches")))
                .isEmpty();
    }

    private static GiveBackReadiness of(HostFacts facts, String address) {
        return GiveBackReadiness.of(CARAXES, facts, address, List.of(PciAddress.parse(address)));
    }

    private static GiveBackPlan plan(HostFacts facts, String address) {
        return switch (of(facts, address)) {
            case GiveBackReadiness.Ready(GiveBackPlan plan) -> plan;
            case GiveBackReadiness.Refused(String why) -> throw new AssertionError(why);
        };
    }
}
