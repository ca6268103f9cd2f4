package dev.rackhouse.renumbering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.renumbering.LayoutChange.Basis;
import dev.rackhouse.renumbering.LayoutChange.Match;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices are recognised in another layout. */
class RenumberingTest {

    private final HostFacts caraxes = SampleHosts.facts("caraxes");

    @ParameterizedTest
    @ValueSource(strings = {"caraxes", "meraxes", "thor", "generic/before", "generic/after", "generic/shared-group"})
    void findsEachDeviceWhereItWas(String host) {
        LayoutChange change = Renumbering.compare(SampleHosts.facts(host), SampleHosts.facts(host));

        assertThat(change.quiet()).isTrue();
        assertThat(change.moved()).isEmpty();
        assertThat(change.missing()).isEmpty();
        assertThat(change.appeared()).isEmpty();
        assertThat(change.ambiguous()).isEmpty();
    }

    @Test
    void followsDevicesToOtherBuses() {
        LayoutChange change = Renumbering.compare(caraxes, MovedHosts.caraxesAfterTheUpdate());

        assertThat(where(change, "0000:0e:00")).isEqualTo("0000:0f:00");
        assertThat(basis(change, "0000:0e:00")).isEqualTo(Basis.KIND);
        assertThat(where(change, "0000:0d:00")).isEqualTo("0000:0e:00");
        assertThat(basis(change, "0000:0d:00")).isEqualTo(Basis.SERIAL);
        assertThat(where(change, "0000:10:00")).isEqualTo("0000:11:00");
        assertThat(change.kept()).extracting(m -> m.now().slot().toString()).contains("0000:05:00", "0000:07:00");
        assertThat(change.sentence()).startsWith("3 devices moved");
    }

    @Test
    void tellsTwinsByTheirPlaceBelowTheSwitch() {
        LayoutChange change = Renumbering.compare(
                caraxes, MovedHosts.shifted("caraxes", Map.of("03", "05", "04", "06", "05", "07", "07", "09")));

        assertThat(where(change, "0000:05:00")).isEqualTo("0000:07:00");
        assertThat(where(change, "0000:07:00")).isEqualTo("0000:09:00");
        assertThat(basis(change, "0000:05:00")).isEqualTo(Basis.PLACE);
    }

    @Test
    void asksWhereTwinsWithoutSerialNumbersStandElsewhere() {
        HostFacts thor = SampleHosts.facts("thor");
        HostFacts rebuilt = otherSlots();

        LayoutChange change = Renumbering.compare(thor, rebuilt);

        assertThat(change.ambiguous()).anySatisfy(t -> {
            assertThat(t.before()).extracting(c -> c.slot().toString()).containsExactly("0000:41:00", "0000:81:00");
            assertThat(t.now()).extracting(c -> c.slot().toString()).containsExactly("0000:4e:00", "0000:8e:00");
        });
        assertThat(change.moved()).noneMatch(m -> m.before().slot().toString().equals("0000:41:00"));
        assertThat(change.sentence()).contains("cannot be told apart");
    }

    @Test
    void believesAPersonAndConcludesTheRest() {
        LayoutChange change = Renumbering.compare(
                SampleHosts.facts("thor"),
                otherSlots(),
                Map.of(),
                Map.of(),
                Map.of(PciSlot.parse("0000:41:00"), PciSlot.parse("0000:8e:00")));

        assertThat(where(change, "0000:41:00")).isEqualTo("0000:8e:00");
        assertThat(basis(change, "0000:41:00")).isEqualTo(Basis.CHOSEN);
        assertThat(where(change, "0000:81:00")).isEqualTo("0000:4e:00");
        assertThat(basis(change, "0000:81:00")).isEqualTo(Basis.LEFT_OVER);
        assertThat(change.ambiguous()).isEmpty();
    }

    @Test
    void believesSerialNumbersFromElsewhereBeforePlaces() {
        Map<PciAddress, String> before =
                Map.of(PciAddress.parse("0000:41:00.0"), "GPU-a", PciAddress.parse("0000:81:00.0"), "GPU-b");
        Map<PciAddress, String> now =
                Map.of(PciAddress.parse("0000:41:00.0"), "GPU-b", PciAddress.parse("0000:81:00.0"), "GPU-a");
        HostFacts thor = SampleHosts.facts("thor");

        LayoutChange change = Renumbering.compare(thor, thor, before, now, Map.of());

        assertThat(where(change, "0000:41:00")).isEqualTo("0000:81:00");
        assertThat(basis(change, "0000:41:00")).isEqualTo(Basis.SERIAL);
    }

    /** All four drives of thor have the same ids; two are small and two are large. */
    @Test
    void tellsDrivesOfTheSameModelApartByTheirSize() {
        LayoutChange change = Renumbering.compare(SampleHosts.facts("thor"), drivesElsewhere(UnaryOperator.identity()));

        assertThat(change.ambiguous())
                .filteredOn(t -> t.before().getFirst().drive() != null)
                .extracting(t -> slots(t.before()) + " -> " + slots(t.now()))
                .containsExactly(
                        "0000:01:00 0000:42:00 -> 0000:0a:00 0000:4a:00",
                        "0000:c1:00 0000:c2:00 -> 0000:ca:00 0000:cb:00");
    }

    @Test
    void knowsTheOnlyDriveOfItsSizeWhereverItStands() {
        UnaryOperator<String> oneSmaller =
                line -> line.replaceFirst("(?<drive>block\tnvme3n1\t.*sectors=)[0-9]+", "${drive}1000215216");
        HostFacts before = SampleHosts.changed("thor", MovedHosts.hardware(oneSmaller));

        LayoutChange change = Renumbering.compare(before, drivesElsewhere(oneSmaller));

        assertThat(where(change, "0000:c2:00")).isEqualTo("0000:cb:00");
        assertThat(basis(change, "0000:c2:00")).isEqualTo(Basis.DRIVE);
    }

    @Test
    void neverTakesALargerDriveForTheOldOne() {
        HostFacts replaced = SampleHosts.changed(
                "meraxes", d -> d.replaceFirst("(?<drive>block\tnvme0n1\t.*sectors=)[0-9]+", "${drive}7814037168"));

        LayoutChange change = Renumbering.compare(SampleHosts.facts("meraxes"), replaced);

        assertThat(change.missing()).extracting(c -> c.slot().toString()).containsExactly("0000:04:00");
        assertThat(change.appeared()).extracting(c -> c.slot().toString()).containsExactly("0000:04:00");
    }

    private static HostFacts drivesElsewhere(UnaryOperator<String> also) {
        return SampleHosts.changed(
                "thor",
                MovedHosts.hardware(line -> also.apply(line)
                        .replace("0000:00:01.1/0000:01:00", "0000:00:03.1/0000:0a:00")
                        .replace("0000:40:03.1/0000:42:00", "0000:40:05.1/0000:4a:00")
                        .replace("0000:c0:01.1/0000:c1:00", "0000:c0:05.1/0000:ca:00")
                        .replace("0000:c0:03.1/0000:c2:00", "0000:c0:05.2/0000:cb:00")
                        .replace("0000:01:00", "0000:0a:00")
                        .replace("0000:42:00", "0000:4a:00")
                        .replace("0000:c1:00", "0000:ca:00")
                        .replace("0000:c2:00", "0000:cb:00")));
    }

    private static String slots(List<Card> cards) {
        return cards.stream().map(c -> c.slot().toString()).collect(Collectors.joining(" "));
    }

    @Test
    void neverTakesAnotherCardOfTheSameModelForTheOldOne() {
        HostFacts replaced = SampleHosts.changed(
                "caraxes", d -> d.replaceAll("(PATH\\tnet\\tenp13s0.*mac=)[0-9a-f:]+", "$102:00:00:00:00:01"));

        LayoutChange change = Renumbering.compare(caraxes, replaced);

        assertThat(change.missing()).extracting(c -> c.slot().toString()).containsExactly("0000:0d:00");
        assertThat(change.appeared()).extracting(c -> c.slot().toString()).containsExactly("0000:0d:00");
    }

    @Test
    void noticesAnotherGroupAtTheSameAddress() {
        HostFacts regrouped = SampleHosts.changed(
                "caraxes",
                d -> d.replace(
                        "G\t27\ttype=identity\trmrr=0\tdevices=0000:07:00.0",
                        "G\t99\ttype=identity\trmrr=0\tdevices=0000:07:00.0"));

        LayoutChange change = Renumbering.compare(caraxes, regrouped);

        assertThat(change.regrouped())
                .extracting(m -> m.now().slot().toString())
                .contains("0000:07:00");
        assertThat(change.quiet()).isFalse();
    }

    @Test
    void missesADeviceThatWasTakenOut() {
        HostFacts without =
                SampleHosts.changed("caraxes", d -> d.replaceAll("(?m)^(P|DRV|PATH\\tpci)\\t0000:0e:00\\..*\\n", ""));

        LayoutChange change = Renumbering.compare(caraxes, without);

        assertThat(change.missing()).extracting(c -> c.slot().toString()).containsExactly("0000:0e:00");
        assertThat(change.sentence()).isEqualTo("1 device is missing");
    }

    /** Both cards of thor in other slots of the board. */
    private static HostFacts otherSlots() {
        return SampleHosts.changed(
                "thor",
                MovedHosts.hardware(line -> line.replace("0000:40:01.1/0000:41:00", "0000:40:03.1/0000:4e:00")
                        .replace("0000:80:01.1/0000:81:00", "0000:80:03.1/0000:8e:00")
                        .replace("0000:41:00", "0000:4e:00")
                        .replace("0000:81:00", "0000:8e:00")));
    }

    private static String where(LayoutChange change, String before) {
        return match(change, before).now().slot().toString();
    }

    private static Basis basis(LayoutChange change, String before) {
        return match(change, before).basis();
    }

    private static Match match(LayoutChange change, String before) {
        return change.moved().stream()
                .filter(m -> m.before().slot().toString().equals(before))
                .findFirst()
                .orElseThrow(() -> new AssertionError(before + " did not move: " + change.moved()));
    }
}
