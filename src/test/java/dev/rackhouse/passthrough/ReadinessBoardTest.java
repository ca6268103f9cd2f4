package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.CheckRow.Outcome;
import dev.rackhouse.passthrough.ReadinessBoard.Kind;
import dev.rackhouse.passthrough.ReadinessBoard.Part;
import dev.rackhouse.passthrough.ReadinessBoard.Show;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All checks of a node, grouped for a page. */
class ReadinessBoardTest {

    private final ReadinessBoard caraxes = board("caraxes");

    @Test
    void groupsByPlatformNetworkDevicesAndGuests() {
        assertThat(caraxes.parts()).extracting(Part::kind).isSorted().contains(Kind.values());
        assertThat(caraxes.parts().getFirst().title()).isEqualTo("Platform");
        assertThat(caraxes.parts()).extracting(Part::title).contains("0000:0e:00", "0000:05:00.0", "VM 102 (win-dev)");
    }

    @Test
    void putsTheWorstLineOfAPartFirstAndPassedOnesLast() {
        assertThat(caraxes.parts())
                .allSatisfy(
                        p -> assertThat(p.rows()).extracting(CheckRow::outcome).isSorted());
        assertThat(part("0000:07:00.0").rows().getFirst().check()).isEqualTo("protect.storage");
        assertThat(part("0000:0e:00").passed()).isNotEmpty();
        assertThat(part("0000:0e:00").passed()).noneMatch(r -> r.check().startsWith("iommu."));
    }

    @Test
    void countsEveryOutcomeOnce() {
        long lines = caraxes.parts().stream().mapToLong(p -> p.rows().size()).sum();

        assertThat(caraxes.count(Outcome.BLOCK)).isPositive();
        assertThat(List.of(Outcome.values()).stream().mapToLong(caraxes::count).sum())
                .isEqualTo(lines);
    }

    @Test
    void showsOnlyWhatIsAskedFor() {
        ReadinessBoard blocks = caraxes.filtered(Show.BLOCKS, "");
        assertThat(blocks.parts())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.rows()).allMatch(r -> r.outcome() == Outcome.BLOCK));

        ReadinessBoard named = caraxes.filtered(Show.ALL, " Vm.X");
        assertThat(named.parts()).extracting(Part::title).containsExactly("VM 101 (ollama)", "VM 102 (win-dev)");

        assertThat(caraxes.filtered(Show.ALL, "no.such").parts()).isEmpty();
        assertThat(caraxes.filtered(Show.ALL, "")).isEqualTo(caraxes);
    }

    @Test
    void saysWhatTheHostNeedsInPlainWordsWithTheChains() {
        assertThat(caraxes.needs())
                .anySatisfy(n -> {
                    assertThat(n.what()).startsWith("Its system disk");
                    assertThat(n.chains()).contains("0000:01:00.1 -> host0 -> sda -> pve-root -> mounted on /");
                })
                .anySatisfy(n -> assertThat(n.what()).startsWith("Its only screen"));
        assertThat(caraxes.needs()).allMatch(ReadinessBoard.Need::traced);
    }

    @Test
    void saysWhatCouldNotBeTraced() {
        ReadinessBoard blind = ReadinessBoard.of(
                SampleHosts.changed("caraxes", d -> d.replaceAll("(?m)^L\tzpool.*\n", "")), Reported.NOTHING);

        assertThat(blind.needs())
                .anyMatch(n -> !n.traced() && n.chains().contains("pool tank: its disks are not shown"));
    }

    @Test
    void showsABridgeOnlyWhereAMappingNamesIt() {
        assertThat(caraxes.parts())
                .extracting(Part::title)
                .contains("0000:03:00.0")
                .doesNotContain("0000:02:00.0");
    }

    @Test
    void addsWhatIsToldBesideTheProbe() {
        Reported told = new Reported(
                List.of(new Reported.MappingCheck("HBA-1", true, "pci device '0000:05:00.0' not found")),
                "+ bridge-vids 2-4094",
                "2004 → 2101");
        List<CheckRow> platform = ReadinessBoard.of(SampleHosts.facts("caraxes"), told)
                .parts()
                .getFirst()
                .rows();

        assertThat(platform)
                .extracting(CheckRow::check)
                .contains("map.drift", "boot.pending", "fw.bios-drift")
                .doesNotContain("net.staged");
    }

    @Test
    void worksForEverySampleHost() {
        assertThat(SampleHosts.ALL).allSatisfy(h -> assertThat(board(h).parts()).isNotEmpty());
    }

    private Part part(String title) {
        return caraxes.parts().stream()
                .filter(p -> p.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static ReadinessBoard board(String host) {
        return ReadinessBoard.of(SampleHosts.facts(host), Reported.NOTHING);
    }
}
