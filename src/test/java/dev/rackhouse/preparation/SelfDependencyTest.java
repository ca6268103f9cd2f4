package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.preparation.ConsoleSurroundings.Need;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a host carries the console, or what it needs. */
class SelfDependencyTest {

    private final HostFacts caraxes = SampleHosts.facts("caraxes");
    private final Guest database = new Guest(
            new VmId(105), true, "VM 105 (db)", true, true, 1, List.of("10.0.10.55"), List.of("bc:24:11:00:00:05"));

    @Test
    void nothingInCommonMeansNothingIsCarried() {
        assertThat(of(new ConsoleSurroundings("laptop", Set.of("10.9.9.9"), Set.of("02:00:00:00:00:01"), List.of())))
                .isEmpty();
    }

    @Test
    void theConsoleItselfIsKnownByNameAddressOrMac() {
        String address = caraxes.addresses().stream()
                .filter(a -> a.interfaceName().equals("vmbr0"))
                .findFirst()
                .orElseThrow()
                .address();

        assertThat(of(new ConsoleSurroundings("CARAXES.lan", Set.of(), Set.of(), List.of())))
                .containsExactly("the console itself (caraxes)");
        assertThat(of(new ConsoleSurroundings("x", Set.of(address), Set.of(), List.of())))
                .containsExactly("the console itself (caraxes)");
        assertThat(of(new ConsoleSurroundings("x", Set.of(), Set.of("bc:24:11:00:00:05"), List.of())))
                .containsExactly("the console itself (VM 105 (db))");
    }

    @Test
    void whatTheConsoleNeedsIsKnownThroughItsGuest() {
        assertThat(of(new ConsoleSurroundings(
                        "x", Set.of(), Set.of(), List.of(new Need("the database", "10.0.10.55")))))
                .containsExactly("the database (VM 105 (db))");
        assertThat(of(new ConsoleSurroundings("x", Set.of(), Set.of(), List.of(new Need("the database", "db.lan")))))
                .containsExactly("the database (VM 105 (db))");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.lan:5432/rackhouse,db.lan",
        "https://auth.example/application/o/x/,auth.example",
        "jdbc:postgresql://localhost/rackhouse,''",
        "10.0.0.1,10.0.0.1",
        "127.0.0.53,''"
    })
    void settingsNameTheirHosts(String setting, String host) {
        assertThat(LocalSurroundings.host(setting)).isEqualTo(host);
    }

    private List<String> of(ConsoleSurroundings console) {
        return SelfDependency.of(console, caraxes, "caraxes", List.of(database)).stream()
                .map(SelfDependency.Carried::toString)
                .toList();
    }
}
