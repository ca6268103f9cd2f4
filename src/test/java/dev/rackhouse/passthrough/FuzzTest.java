package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.rackhouse.passthrough.fuzz.HostMaker;
import dev.rackhouse.passthrough.fuzz.PretendHost;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Outline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Made hosts against the console's own reasoning; {@code ./rackhouse fuzz} does the same with many more. */
class FuzzTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void neverOffersPlansOrNamesWhatAHostNeeds() {
        FuzzedHost sum = Fuzz.run(200, 1, RUNBOOKS, new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(sum.violations()).isEmpty();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("hosts 200 drafts ")
                .endsWith("violations 0\n");
    }

    @Test
    void offersWhatNothingSpeaksAgainst() {
        FuzzedHost sum = Fuzz.run(100, 5_000, RUNBOOKS, new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(sum.offered()).isGreaterThan(500);
        assertThat(sum.free()).isGreaterThan(100);
        assertThat(sum.withheld()).isZero();
    }

    @Test
    void catchesARunbookThatTakesWhatItIsAskedFor() {
        FuzzedHost caught = sum(new Careless());

        assertThat(caught.violations())
                .anyMatch(v -> v.matches("seed [0-9]+: careless would take .* <- .*"))
                .anyMatch(v -> v.matches("seed [0-9]+: careless for .* names .*"));
    }

    @Test
    void makesTheSameHostFromTheSameSeed() {
        assertThat(HostMaker.make(77)).isEqualTo(HostMaker.make(77));
        assertThat(HostMaker.make(77).probe()).isNotEqualTo(HostMaker.make(78).probe());
    }

    @Test
    void makesEveryKindOfHost() {
        List<PretendHost> hosts =
                LongStream.range(0, 400).mapToObj(HostMaker::make).toList();

        for (String kind : List.of(
                "\tmpath",
                "\tzfs",
                "raid5",
                "inactive",
                "ovs-system",
                "bond0",
                "tailscale0",
                "K\tcluster",
                "\tvf=1",
                "/usb",
                "nvme-subsystem",
                "pci10000:e0",
                "0x0c0340",
                "bcache",
                "by-id",
                "zram0",
                "pr_net",
                "fwpr",
                "cryptroot",
                "pcie_acs_override",
                "pci_reservations",
                "btrfs",
                "/session1/")) {
            assertThat(hosts).as(kind).anyMatch(h -> h.probe().contains(kind));
        }
    }

    @Test
    void knowsNothingOfHowTheConsoleFindsOut() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.rackhouse.passthrough.fuzz")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rackhouse.inventory..", "dev.rackhouse.passthrough")
                .check(new ClassFileImporter().importPackages("dev.rackhouse.passthrough"));
    }

    @Test
    void refusesOtherArguments() {
        assertThat(Fuzz.run(List.of("--hosts", "many"), RUNBOOKS, System.out, new PrintStream(printed)))
                .isEqualTo(2);
    }

    private static FuzzedHost sum(FuzzedRunbook runbook) {
        return LongStream.range(0, 20)
                .mapToObj(s -> FuzzedHost.check(HostMaker.make(s), List.of(runbook)))
                .filter(h -> !h.violations().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** Binds whatever it is told to. */
    private record Careless() implements FuzzedRunbook {

        @Override
        public String name() {
            return "careless";
        }

        @Override
        public List<Outline> outlines(Site site, Examined host, List<String> devices) {
            Outline outline = Outline.titled("Bind");
            for (String device : devices) {
                outline = outline.step(
                        "bind " + device,
                        new Command.Shell(
                                new dev.rackhouse.runbook.Host.Node(site.node()),
                                "driverctl set-override " + device + " vfio-pci",
                                Duration.ofSeconds(30)));
            }
            return List.of(outline);
        }
    }
}
