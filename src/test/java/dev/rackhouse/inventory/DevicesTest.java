package dev.rackhouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.IommuGroupView.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices of the sample hosts: who has them, what the host needs, what can be given away. */
class DevicesTest {

    private final PretendRack rack = new PretendRack();
    private final House house = new House(rack);

    @Test
    void aFreeGpuOfCaraxesStandsAlone() {
        probe("caraxes");

        IommuGroupView group = group("caraxes", 31);

        assertThat(group.standing()).isEqualTo(Standing.ISOLATED);
        assertThat(group.devices()).singleElement().satisfies(d -> {
            assertThat(d.name()).contains("RTX 2080 SUPER");
            assertThat(d.driver()).isEqualTo("vfio-pci");
            assertThat(d.link()).isNotNull();
            assertThat(d.holder()).isNull();
            assertThat(d.wanted()).extracting(PciDeviceView.Owner::label).contains("101 ollama", "102 win-dev");
        });
    }

    @Test
    void anAdapterThatAGuestUsesIsBlocked() {
        probe("caraxes");

        IommuGroupView group = group("caraxes", 26);

        assertThat(group.standing()).isEqualTo(Standing.BLOCKED);
        assertThat(group.reason()).contains("storage controller used by guest 100 nas");
    }

    @Test
    void theDisksOfTheHostsPoolAreBlockedWithTheChain() {
        probe("caraxes");

        IommuGroupView group = group("caraxes", 27);

        assertThat(group.standing()).isEqualTo(Standing.BLOCKED);
        assertThat(group.reason())
                .contains("the host needs it")
                .contains("0000:07:00.0")
                .contains("tank");
    }

    @Test
    void aGpuBesideTheBootDiskIsBlocked() {
        probe("generic/shared-group");

        GpuView gpu = house.inventory.gpus(house.node("pve")).stream()
                .filter(g -> g.device().ids().startsWith("10de:"))
                .findFirst()
                .orElseThrow();

        assertThat(gpu.group().standing()).isEqualTo(Standing.BLOCKED);
        assertThat(gpu.group().reason()).contains("the host needs it");
    }

    @Test
    void withoutAnIommuNothingCanBeGivenAway() {
        probe("generic/before");

        List<IommuGroupView> groups = house.inventory.groups(house.node("pve"));

        assertThat(groups).noneMatch(IommuGroupView::passable);
        assertThat(groups.getLast().reason()).contains("IOMMU is off");
    }

    @Test
    void theCardsOfThorBelongToTheirGuest() {
        probe("thor");

        List<GpuView> gpus = house.inventory.gpus(house.node("thor")).stream()
                .filter(g -> g.vram() != null)
                .toList();

        assertThat(gpus).hasSize(2).allSatisfy(g -> {
            assertThat(g.state()).isEqualTo(GpuView.State.GUEST);
            assertThat(g.sentence()).isEqualTo("Guest 110 ai-inference has it.");
            assertThat(g.companions()).hasSize(1);
            assertThat(g.vram()).hasToString("24 GiB");
        });
    }

    @Test
    void whatChangedSinceTheBootIsMarked() {
        probe("caraxes");
        String narrower =
                PretendRack.sample("caraxes").replaceFirst("(P\t0000:0e:00.0\t.*current_link_width=)16", "$18");
        house.clock.pass(java.time.Duration.ofHours(1));
        rack.reports.put("caraxes", narrower);

        house.inventory.probe(house.node("caraxes"));

        PciDeviceView gpu = house.inventory.devices(house.node("caraxes")).stream()
                .filter(d -> d.address().equals(PciAddress.parse("0000:0e:00.0")))
                .findFirst()
                .orElseThrow();
        assertThat(gpu.changedSinceBoot()).isTrue();
        assertThat(gpu.linkDegraded()).isTrue();
        assertThat(house.inventory.changes(ChangeQuery.of(house.node("caraxes")), 0, 10))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.what()).isEqualTo("link width");
                    assertThat(c.before()).isEqualTo("16");
                    assertThat(c.after()).isEqualTo("8");
                });
    }

    @Test
    void theSameProbeAgainWritesNothing() {
        probe("meraxes");

        house.clock.pass(java.time.Duration.ofHours(1));
        house.inventory.probe(house.node("meraxes"));

        assertThat(house.inventory.countChanges(ChangeQuery.of(house.node("meraxes"))))
                .isZero();
    }

    /** A node whose guests are listed as the probe's own folder shows them. */
    private void probe(String sample) {
        String report = PretendRack.sample(sample);
        String node = report.lines()
                .filter(l -> l.startsWith("K\thostname\t"))
                .findFirst()
                .orElseThrow()
                .split("\t")[2];
        rack.node(node, "online");
        report.lines()
                .filter(l -> l.matches("GUEST\t" + node + "/qemu-server/\\d+\\.conf\tname\t.*"))
                .forEach(l -> {
                    String[] fields = l.split("\t");
                    int vmid = Integer.parseInt(fields[1].replaceAll(".*/(\\d+)\\.conf", "$1"));
                    boolean runs = report.contains("\nRUN\t" + vmid + "\t");
                    rack.guest(vmid, fields[3], node, runs ? "running" : "stopped");
                    var config = PretendRack.JSON.createObjectNode();
                    report.lines()
                            .filter(o -> o.startsWith("GUEST\t" + node + "/qemu-server/" + vmid + ".conf\t"))
                            .forEach(o -> config.put(o.split("\t", 4)[2], o.split("\t", 4)[3]));
                    rack.answers.put("/nodes/" + node + "/qemu/" + vmid + "/config", config);
                });
        StringBuilder mappings = new StringBuilder("[");
        String id = "";
        for (String line : report.lines()
                .filter(l -> l.startsWith("L\t/etc/pve/mapping/pci.cfg\t"))
                .toList()) {
            String text = line.split("\t", 3)[2];
            if (!text.isBlank() && !Character.isWhitespace(text.charAt(0))) {
                id = text.strip();
            } else if (text.strip().startsWith("map ")) {
                mappings.append(mappings.length() > 1 ? "," : "")
                        .append("{\"id\":\"")
                        .append(id)
                        .append("\",\"map\":[\"")
                        .append(text.strip().substring(4))
                        .append("\"]}");
            }
        }
        rack.answer("/cluster/mapping/pci", mappings + "]");
        rack.reports.put(node, report);
        house.run(java.time.Duration.ofMinutes(1), true);
        house.inventory.probe(house.node(node));
    }

    private IommuGroupView group(String node, int number) {
        return house.inventory.groups(house.node(node)).stream()
                .filter(g -> Integer.valueOf(number).equals(g.number()))
                .findFirst()
                .orElseThrow();
    }
}
