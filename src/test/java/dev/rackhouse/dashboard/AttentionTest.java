package dev.rackhouse.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.inventory.LabView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.StorageView;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wants a person stands on top, worst first, and once. */
class AttentionTest {

    private static final Seen SEEN = new Seen("Proxmox API", Instant.parse("2026-11-21T06:00:00Z"));

    private final LabId lab = LabId.random();

    @Test
    void nothingWhenAllIsWell() {
        assertThat(items(List.of(lab(Verdict.ok())), List.of(node("caraxes", Verdict.ok())), List.of()))
                .isEmpty();
    }

    @Test
    void aSilentLabStandsOnceAndNotForEachOfItsNodes() {
        Verdict silent = Verdict.of(Level.STALE, "lab.timed-out", "Last seen 14 min ago. SSH timed out.");

        List<AttentionItem> items =
                items(List.of(lab(silent)), List.of(node("caraxes", silent), node("meraxes", silent)), List.of());

        assertThat(items).singleElement().satisfies(i -> {
            assertThat(i.name()).isEqualTo("targaryen");
            assertThat(i.sentence()).startsWith("Last seen 14 min ago");
        });
    }

    @Test
    void theWorstStandsFirst() {
        Verdict staged = Verdict.of(Level.ATTENTION, "node.network-staged", "A staged network change goes live.");
        Verdict offline = Verdict.of(Level.CRITICAL, "node.offline", "The node is offline.");

        List<AttentionItem> items = items(
                List.of(lab(Verdict.ok())), List.of(node("caraxes", staged), node("meraxes", offline)), List.of());

        assertThat(items).extracting(AttentionItem::name).containsExactly("meraxes", "caraxes");
    }

    @Test
    void aSharedStorageThatIsFullStandsOnce() {
        List<AttentionItem> items =
                items(List.of(lab(Verdict.ok())), List.of(), List.of(full("caraxes"), full("meraxes")));

        assertThat(items).extracting(AttentionItem::name).containsExactly("backup-nas");
    }

    private static List<AttentionItem> items(List<LabView> labs, List<NodeView> nodes, List<StorageView> storages) {
        return Attention.of(labs, nodes, List.of(), storages, List.of(), List.of(), List.of(), SEEN.at());
    }

    private LabView lab(Verdict verdict) {
        return new LabView(lab, "targaryen", true, false, verdict, SEEN, "9.1.1", "targaryen", true, 5, 12);
    }

    private NodeView node(String name, Verdict verdict) {
        return new NodeView(
                new NodeRef(lab, name),
                "targaryen",
                "proxmox",
                "online",
                verdict,
                SEEN,
                16,
                ByteSize.ofGiB(64),
                null,
                null,
                null,
                null,
                2,
                1,
                1,
                null);
    }

    private StorageView full(String node) {
        return new StorageView(
                new NodeRef(lab, node),
                "targaryen",
                "backup-nas",
                "nfs",
                List.of("backup"),
                true,
                "available",
                ByteSize.ofGiB(100),
                ByteSize.ofGiB(99),
                Verdict.of(Level.CRITICAL, "storage.full", "Only 1 % are free."),
                SEEN);
    }
}
