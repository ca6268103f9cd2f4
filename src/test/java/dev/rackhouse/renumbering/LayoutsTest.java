package dev.rackhouse.renumbering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.lab.LabRemoved;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.testing.TestDatabase;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The accepted layout outlives the boots that came after it. */
class LayoutsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.migrated());
    private final Layouts layouts = new Layouts(jdbc);
    private final NodeRef node = new NodeRef(new LabId(UUID.randomUUID()), "caraxes");

    @Test
    void knowsNothingBeforeTheFirst() {
        assertThat(layouts.find(node)).isEmpty();
    }

    @Test
    void givesBackTheLastAcceptedOneAlsoToAnotherConsole() {
        layouts.accept(node, layout("boot-1", NOON), "");
        layouts.accept(node, layout("boot-2", NOON.plusSeconds(60)), "ada");

        assertThat(new Layouts(jdbc).find(node)).hasValueSatisfying(l -> {
            assertThat(l.bootId()).isEqualTo("boot-2");
            assertThat(l.acceptedBy()).isEqualTo("ada");
            assertThat(l.facts().hostname()).isEqualTo("caraxes");
        });
    }

    @Test
    void forgetsWhatBelongedToARemovedLab() {
        layouts.accept(node, layout("boot-1", NOON), "");

        layouts.on(new LabRemoved(node.lab()));

        assertThat(layouts.find(node)).isEmpty();
    }

    @Test
    void putsTheLayoutBeforeARunBackOnceAndOnlyForThatRun() {
        layouts.accept(node, layout("boot-1", NOON), "");
        layouts.acceptAfter(new RunId(7), node, layout("boot-2", NOON.plusSeconds(60)), "ada");
        layouts.acceptAfter(new RunId(7), node, layout("boot-2", NOON.plusSeconds(61)), "ada");

        layouts.putBack(new RunId(6), node);
        assertThat(bootId()).isEqualTo("boot-2");

        layouts.putBack(new RunId(7), node);
        assertThat(bootId()).isEqualTo("boot-1");

        layouts.accept(node, layout("boot-3", NOON.plusSeconds(90)), "");
        layouts.putBack(new RunId(7), node);
        assertThat(bootId()).isEqualTo("boot-3");
    }

    private String bootId() {
        return layouts.find(node).orElseThrow().bootId();
    }

    private static Layouts.Snapshot layout(String bootId, Instant acceptedAt) {
        return new Layouts.Snapshot(bootId, NOON, SampleHosts.dump("caraxes"), acceptedAt);
    }
}
