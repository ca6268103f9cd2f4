package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.FuzzedRunbook.Effect;
import dev.rackhouse.passthrough.FuzzedRunbook.Offer;
import dev.rackhouse.passthrough.fuzz.HostMaker;
import dev.rackhouse.passthrough.fuzz.PretendHost;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That the oracle catches what it should, and is no part of what it judges; the runbooks themselves: {@code rehearsal.FuzzCommandTest}. */
class FuzzTest {

    private static final Host NODE = new Host.Node(new NodeRef(FuzzedPlace.LAB, "pretend1"));

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void offersWhatNothingSpeaksAgainst() {
        FuzzedHost sum = Fuzz.run(
                100, 5_000, List.of(new FuzzedCreation()), new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(sum.offered()).isGreaterThan(500);
        assertThat(sum.free()).isGreaterThan(100);
        assertThat(sum.withheld()).isZero();
    }

    @Test
    void catchesARunbookThatTakesWhatItIsAskedFor() {
        FuzzedHost caught = sum(Careless.binding(Effect.GIVES_AWAY));

        assertThat(caught.violations())
                .anyMatch(v -> v.matches("seed [0-9]+: careless would take .* <- .*"))
                .anyMatch(v -> v.matches("seed [0-9]+: careless for .* names .*"));
    }

    @Test
    void catchesAPreparationThatKeepsWhatTheHostNeeds() {
        FuzzedHost caught = sum(new Careless(
                Effect.NAMES,
                (node, device) -> new Command.FileEdit(
                        node, "/etc/udev/rules.d/10-vfio.rules", null, "KERNEL==\"" + device + "\"\n", "0:0", "0644")));

        assertThat(caught.violations()).anyMatch(v -> v.matches("seed [0-9]+: careless for .* names .* <- .*"));
    }

    @Test
    void catchesAGiveBackOfWhatARunningGuestHas() {
        FuzzedHost caught = sum(new Careless(
                Effect.GIVES_BACK,
                (node, device) -> new Command.SysfsWrite(node, "/sys/bus/pci/drivers/vfio-pci/unbind", device)));

        assertThat(caught.violations())
                .anyMatch(v -> v.contains("careless for ") && v.contains("is held by running guest"))
                .noneMatch(v -> v.contains("holds nothing for a guest"));
    }

    @Test
    void letsOnlyAnUndoNameWhatWasRecorded() {
        Command.FileEdit edit = new Command.FileEdit(
                NODE, "/etc/x", "a 0000:01:00.0\nb 0000:02:00.0\n", "a 0000:01:00.0\nb 0000:03:00.0\n", "0:0", "0644");
        Outline outline = Outline.titled("Follow").step("Edit /etc/x", edit).undo(edit.reversed());
        List<String> takes = List.of();

        assertThat(NamedDevices.of(new Offer(outline, takes, Set.of("0000:01:00.0", "0000:02:00.0"))))
                .containsExactly("0000:03:00.0");
        assertThat(NamedDevices.of(new Offer(outline, takes, Set.of("0000:02:00.0"))))
                .containsExactlyInAnyOrder("0000:01:00.0", "0000:03:00.0");
        assertThat(NamedDevices.of(new Offer(outline, takes)))
                .containsExactlyInAnyOrder("0000:01:00.0", "0000:02:00.0", "0000:03:00.0");
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
        assertThat(Fuzz.run(List.of("--hosts", "many"), List.of(), System.out, new PrintStream(printed)))
                .isEqualTo(2);
    }

    private static FuzzedHost sum(FuzzedRunbook runbook) {
        return LongStream.range(0, 20)
                .mapToObj(s -> FuzzedHost.check(HostMaker.make(s), List.of(runbook)))
                .filter(h -> !h.violations().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** Does to every device what it is told to. */
    private record Careless(Effect effect, BiFunction<Host, String, Command> does) implements FuzzedRunbook {

        static Careless binding(Effect effect) {
            return new Careless(
                    effect,
                    (node, device) -> new Command.Shell(
                            node, "driverctl set-override " + device + " vfio-pci", Duration.ofSeconds(30)));
        }

        @Override
        public String name() {
            return "careless";
        }

        @Override
        public Asked at(FuzzedPlace place) {
            return devices -> {
                Outline outline = Outline.titled("Bind");
                for (String device : devices) {
                    outline = outline.step("bind " + device, does.apply(new Host.Node(place.node()), device));
                }
                return List.of(new Offer(outline, devices));
            };
        }
    }
}
