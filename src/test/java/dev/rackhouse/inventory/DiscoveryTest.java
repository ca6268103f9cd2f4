package dev.rackhouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.base.VmId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lab is read politely, its last facts outlive its silence, and only one replica asks. */
class DiscoveryTest {

    private final PretendRack rack = PretendRack.cluster();
    private final House house = new House(rack);

    @Test
    void findsNodesAndGuestsWithSourceAndAge() {
        house.cycle();

        assertThat(house.inventory.nodes()).extracting(NodeView::name).containsExactly("caraxes", "meraxes");
        NodeView node = house.inventory.node(house.node("caraxes")).orElseThrow();
        assertThat(node.verdict().level()).isEqualTo(Level.OK);
        assertThat(node.seen().source()).isEqualTo("Proxmox API");
        assertThat(node.seen().at()).isEqualTo(house.clock.instant());
        assertThat(node.guests()).isEqualTo(2);
        assertThat(node.guestsRunning()).isEqualTo(1);
        assertThat(house.inventory.guests())
                .extracting(GuestView::label)
                .containsExactly("100 nas", "101 ollama", "200 ai-prod");
    }

    @Test
    void writesNoFactsWhenOnlyFiguresMoved() {
        house.run(Duration.ofMinutes(3), false);
        long before = house.revision();
        long writes = rowsWritten();

        for (int i = 0; i < 10; i++) {
            rack.guest(100, "nas", "caraxes", "running")
                    .put("cpu", 0.01 * i)
                    .put("mem", 1_000_000L * i)
                    .put("uptime", i);
            house.run(house.settings.interval(), false);
        }

        assertThat(house.revision()).isEqualTo(before);
        assertThat(rowsWritten()).isEqualTo(writes);
    }

    @Test
    void neverMoreThanTwelveCallsAMinuteWhenNobodyLooks() {
        for (int n = 0; n < 16; n++) {
            rack.node("node-" + n, "online");
        }
        for (int g = 0; g < 400; g++) {
            rack.guest(1000 + g, "guest-" + g, "node-" + g % 16, "running");
        }

        for (int minute = 0; minute < 10; minute++) {
            rack.calls.clear();
            house.run(Duration.ofMinutes(1), false);
            assertThat(rack.calls).as("minute " + minute).hasSizeBetween(5, 12);
        }
    }

    @Test
    void readsDetailsFasterWhileSomebodyLooksButNeverMoreThanSixtyCalls() {
        for (int g = 0; g < 400; g++) {
            rack.guest(1000 + g, "guest-" + g, "caraxes", "running");
        }

        for (int minute = 0; minute < 5; minute++) {
            rack.calls.clear();
            house.run(Duration.ofMinutes(1), true);
            assertThat(rack.calls.size()).as("minute " + minute).isLessThanOrEqualTo(60);
        }
        assertThat(rack.countOf("/config")).isGreaterThan(20);
    }

    @Test
    void asksForTheConfigurationOfAGuestThatChanged() {
        house.run(Duration.ofMinutes(5), false);
        rack.calls.clear();

        rack.guest(101, "ollama-2", "caraxes", "running");
        house.cycle();

        assertThat(rack.calls).contains("/nodes/caraxes/qemu/101/config");
    }

    @Test
    void keepsTheLastFactsOfALabThatIsSilent() {
        house.cycle();
        house.clock.pass(Duration.ofSeconds(12));
        rack.down = PretendRack.unreachable();

        house.cycle();
        assertThat(house.inventory.labs().getFirst().verdict().level()).isEqualTo(Level.OK);
        house.run(Duration.ofMinutes(2), false);

        LabView lab = house.inventory.labs().getFirst();
        assertThat(lab.verdict().level()).isEqualTo(Level.STALE);
        assertThat(lab.verdict().reasons().getFirst().sentence())
                .startsWith("Last seen 2 min ago. Could not read the cluster's resources on targaryen")
                .contains("no route to host");
        NodeView node = house.inventory.node(house.node("caraxes")).orElseThrow();
        assertThat(node.verdict().level()).isEqualTo(Level.STALE);
        assertThat(node.memory()).isNotNull();
        assertThat(house.inventory.guests())
                .hasSize(3)
                .allSatisfy(g -> assertThat(g.verdict().level()).isEqualTo(Level.STALE));
    }

    @Test
    void isFineAgainWhenTheLabAnswers() {
        house.cycle();
        rack.down = PretendRack.unreachable();
        house.run(Duration.ofMinutes(2), false);

        rack.down = null;
        house.run(Duration.ofMinutes(2), false);

        assertThat(house.inventory.labs().getFirst().verdict().level()).isEqualTo(Level.OK);
        assertThat(house.inventory.changes(ChangeQuery.all(), 0, 100).stream()
                        .filter(c -> c.lab().equals(rack.lab)))
                .isEmpty();
    }

    @Test
    void aRefusedTokenIsCriticalAtOnce() {
        house.cycle();
        rack.down = new RemoteFailure.Refused(
                "read the cluster's resources", "targaryen", "401", "Check the token.", 401, false);

        house.clock.pass(Duration.ofSeconds(12));
        house.cycle();

        assertThat(house.inventory.labs().getFirst().verdict().level()).isEqualTo(Level.CRITICAL);
        assertThat(house.inventory.guests()).hasSize(3);
    }

    @Test
    void anAnswerWithoutNodesTakesNothingAway() {
        house.cycle();
        rack.rows.clear();
        house.clock.pass(Duration.ofSeconds(12));

        house.cycle();

        assertThat(house.inventory.guests()).hasSize(3);
        assertThat(house.contacts.lab(rack.lab).orElseThrow().failure()).contains("lists no node");
    }

    @Test
    void aNodeThatIsDownIsCriticalAndItsGuestsKeepTheirNames() {
        house.cycle();
        rack.node("meraxes", "offline");
        rack.rows.get("qemu/200").put("status", "unknown").remove(List.of("name", "maxmem", "maxcpu", "maxdisk"));
        house.clock.pass(Duration.ofSeconds(12));

        house.cycle();
        house.clock.pass(Duration.ofMinutes(14));
        house.cycle();

        NodeView node = house.inventory.node(house.node("meraxes")).orElseThrow();
        assertThat(node.verdict().level()).isEqualTo(Level.CRITICAL);
        assertThat(node.verdict().reasons().getFirst().sentence()).contains("since 14 min");
        GuestView guest =
                house.inventory.guest(new GuestRef(rack.lab, new VmId(200))).orElseThrow();
        assertThat(guest.title()).isEqualTo("ai-prod");
        assertThat(guest.verdict().level()).isEqualTo(Level.UNKNOWN);
        assertThat(guest.seen().age(house.clock.instant())).isEqualTo(Duration.ofMinutes(14));
    }

    @Test
    void onlyOneReplicaAsks() {
        LabCollector second = house.replica("replica-2");
        house.cycle();
        rack.calls.clear();

        second.cycle(rack.labs().getFirst(), false);
        assertThat(rack.calls).isEmpty();

        house.clock.pass(Duration.ofSeconds(46));
        second.cycle(rack.labs().getFirst(), false);
        assertThat(rack.calls).contains("/cluster/resources");
        rack.calls.clear();
        house.cycle();
        assertThat(rack.calls).isEmpty();
    }

    @Test
    void aReplicaThatStopsHandsOverAtOnce() {
        LabCollector second = house.replica("replica-2");
        house.cycle();

        house.collector.release();
        second.cycle(rack.labs().getFirst(), false);

        assertThat(rack.countOf("/cluster/resources")).isEqualTo(2);
    }

    @Test
    void aPausedLabIsNotAsked() {
        house.cycle();
        rack.paused = true;
        rack.calls.clear();

        house.run(Duration.ofMinutes(1), true);

        assertThat(rack.calls).isEmpty();
        assertThat(house.inventory
                        .labs()
                        .getFirst()
                        .verdict()
                        .reasons()
                        .getFirst()
                        .code())
                .isEqualTo("lab.paused");
    }

    @Test
    void probesAHostAtFirstSightAndAfterABootOnly() {
        rack.hosts = List.of("caraxes");
        rack.reports.put("caraxes", PretendRack.sample("caraxes"));
        house.cycle();
        House.eventually(() -> house.inventory.facts(house.node("caraxes")).isPresent());

        house.run(Duration.ofMinutes(5), true);
        assertThat(rack.countOf("probe caraxes")).isEqualTo(1);

        rack.node("caraxes", "online").put("uptime", 20);
        house.cycle();
        House.eventually(() -> rack.countOf("probe caraxes") == 2);
    }

    @Test
    void aTruncatedProbeIsDiscardedWholeAndSaidSo() {
        rack.hosts = List.of("caraxes");
        String whole = PretendRack.sample("caraxes");
        rack.reports.put("caraxes", whole);
        house.cycle();
        House.eventually(() -> house.inventory.facts(house.node("caraxes")).isPresent());
        int devices = house.inventory.devices(house.node("caraxes")).size();

        rack.reports.put("caraxes", whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> house.inventory.probe(house.node("caraxes")))
                .isInstanceOf(RemoteFailure.Unreadable.class)
                .hasMessageContaining("last complete probe");

        assertThat(devices).isGreaterThan(40);
        assertThat(house.inventory.devices(house.node("caraxes"))).hasSize(devices);
        NodeView node = house.inventory.node(house.node("caraxes")).orElseThrow();
        assertThat(node.verdict().level()).isEqualTo(Level.ATTENTION);
        assertThat(node.verdict().reasons().getFirst().code()).isEqualTo("node.probe-unreadable");
        assertThat(house.inventory
                        .facts(house.node("caraxes"))
                        .orElseThrow()
                        .verdict()
                        .level())
                .isEqualTo(Level.ATTENTION);
    }

    @Test
    void aHostThatOnlySshReachesIsLookedAtOnceAMinute() {
        rack.proxmox = false;
        rack.hosts = List.of("helium");
        rack.boots.put("helium", "b-1");
        rack.reports.put("helium", PretendRack.sample("helium"));

        house.run(Duration.ofMinutes(2), false);
        House.eventually(() -> house.inventory.facts(house.node("helium")).isPresent());

        assertThat(rack.countOf("boot helium")).isEqualTo(2);
        NodeView node = house.inventory.node(house.node("helium")).orElseThrow();
        assertThat(node.verdict().level()).isEqualTo(Level.OK);
        assertThat(node.platform()).isEqualTo("host");
        assertThat(node.gpus()).as("two cards and the one in the processor").isEqualTo(3);
        rack.boots.clear();
        house.run(Duration.ofMinutes(6), false);
        assertThat(house.inventory
                        .node(house.node("helium"))
                        .orElseThrow()
                        .verdict()
                        .level())
                .isEqualTo(Level.STALE);
        assertThat(house.inventory.gpus(house.node("helium"))).hasSize(3);
    }

    private long rowsWritten() {
        // what PostgreSQL itself counts, but for the one row that says when the lab was seen and for samples
        return house.jdbc.queryForObject(
                "select (select count(*) from inventory_change where lab = ?)"
                        + " + (select coalesce(sum(extract(epoch from changed_at))::bigint, 0) from inventory_guest where lab = ?)"
                        + " + (select coalesce(sum(extract(epoch from changed_at))::bigint, 0) from inventory_node where lab = ?)",
                Long.class,
                rack.lab.value(),
                rack.lab.value(),
                rack.lab.value());
    }
}
