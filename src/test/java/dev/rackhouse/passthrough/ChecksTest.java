package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.fuzz.HostMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue, the rules and the tables of the domain name the same checks. */
class ChecksTest {

    private static final String TABLES = """
            cpu.virt iommu.off iommu.grub-stray iommu.wrong-file iommu.amd-on iommu.pt irq.remap irq.unsafe vfio.modules
            vfio.virqfd kernel.cmdline-multi fw.rmrr fw.secureboot fw.above4g fw.bios-drift boot.pending
            dev.missing dev.ids dev.bridge group.none group.shared group.acs protect.boot protect.mgmt protect.storage
            protect.console-usb protect.console func.companion func.turing gpu.boot-vga gpu.fb gpu.host-driver gpu.lxc-users
            gpu.dead gpu.d3cold gpu.width reset.none reset.blackwell gpu.open-driver gpu.rebar gpu.rom numa.locality dev.used-config
            dev.used-running dev.raw-and-mapped map.drift card.shared twins.ids
            mem.fit mem.arc mem.balloon hp.free hp.numa hp.pernode numa.sum numa.gpu-blind cpu.all vm.q35 vm.ovmf vm.sb-keys
            vm.xvga vm.cpu vm.hidden mig.live mig.offline ha.pin st.room img.cloud img.agent id.vmid
            net.dup-addr net.nat-half net.stray-rules net.no-forward net.port-reuse net.mtu net.gw-many net.wifi-bridge
            net.mgmt-single net.staged""";

    private static final Pattern ID = Pattern.compile("\"([a-z]+\\.[a-z0-9-]+)\"");

    @Test
    void holdsEveryCheckOfTheTables() {
        assertThat(Checks.all()).extracting(Checks.Check::id).contains(TABLES.split("\\s+"));
    }

    @Test
    void namesEachCheckOnceWithOneSentence() {
        assertThat(Checks.all()).extracting(Checks.Check::id).doesNotHaveDuplicates();
        assertThat(Checks.all()).allSatisfy(c -> assertThat(c.why()).matches("[A-Zv].*\\."));
        assertThat(Arrays.stream(Checks.Group.values()).flatMap(g -> Checks.of(g).stream()))
                .hasSameSizeAs(Checks.all());
    }

    @Test
    void knowsEveryFindingOfTheSampleHostsAndOfMadeOnes() {
        Set<String> found = Stream.concat(
                        SampleHosts.ALL.stream().map(SampleHosts::facts),
                        LongStream.range(0, 40)
                                .mapToObj(s ->
                                        SampleHosts.parsed(HostMaker.make(s).probe())))
                .flatMap(f -> Findings.ofEverything(f).stream())
                .map(Finding::check)
                .collect(Collectors.toSet());

        assertThat(found)
                .hasSizeGreaterThan(35)
                .allSatisfy(id -> assertThat(Checks.find(id)).as(id).isPresent());
    }

    /** Each id of the catalogue stands in a rule, and each id in a rule stands in the catalogue. */
    @Test
    void agreesWithTheRules() {
        Set<String> inRules = new TreeSet<>();
        for (Path file : rules()) {
            Matcher m = ID.matcher(text(file));
            while (m.find()) {
                inRules.add(m.group(1));
            }
        }
        List<String> catalogue =
                Checks.all().stream().map(Checks.Check::id).sorted().toList();
        Set<String> families =
                catalogue.stream().map(id -> id.replaceAll("\\..*", "")).collect(Collectors.toSet());
        inRules.removeIf(id -> !families.contains(id.replaceAll("\\..*", "")) || id.equals("net.ipv4"));

        assertThat(inRules).containsExactlyInAnyOrderElementsOf(catalogue);
    }

    private static List<Path> rules() {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/rackhouse/passthrough"))) {
            return files.filter(f -> f.toString().matches(".*(Rules|Assessment|PlannedIds)\\.java"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
