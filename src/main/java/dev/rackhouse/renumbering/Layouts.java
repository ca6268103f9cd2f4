package dev.rackhouse.renumbering;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.lab.LabRemoved;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The last accepted layout of each node, as its probe was printed then. Safe for many threads. */
@Component
class Layouts {

    /**
     * @param bootId in which it was seen
     * @param acceptedBy empty: nobody had to
     */
    record Layout(HostFacts facts, String bootId, Instant acceptedAt, String acceptedBy) {}

    private final JdbcClient jdbc;
    private final Map<NodeRef, Layout> read = new ConcurrentHashMap<>();

    Layouts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Layout> find(NodeRef node) {
        Optional<Instant> at = jdbc.sql("select accepted_at from renumbering_layout where lab = ? and node = ?")
                .params(node.lab().value(), node.node())
                .query((rs, n) -> rs.getTimestamp(1).toInstant())
                .optional();
        if (at.isEmpty()) {
            read.remove(node);
            return Optional.empty();
        }
        Layout known = read.get(node);
        if (known == null || !known.acceptedAt().equals(at.get())) {
            known = load(node).orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            read.put(node, known);
        }
        return Optional.of(known);
    }

    private Optional<Layout> load(NodeRef node) {
        return jdbc.sql(
                        "select boot_id, report, accepted_at, accepted_by from renumbering_layout where lab = ? and node = ?")
                .params(node.lab().value(), node.node())
                .query((rs, n) -> ProbeReport.parse(Objects.requireNonNullElse(rs.getString(2), ""))
                                instanceof ProbeReport.Complete(HostFacts facts)
                        ? Optional.of(new Layout(
                                facts, rs.getString(1), rs.getTimestamp(3).toInstant(), rs.getString(4)))
                        : Optional.<Layout>empty())
                .optional()
                .flatMap(l -> l);
    }

    /** @param by empty: nobody had to */
    void accept(NodeRef node, String bootId, Instant seenAt, String report, Instant now, String by) {
        jdbc.sql("""
                        insert into renumbering_layout (lab, node, boot_id, seen_at, report, accepted_at, accepted_by)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (lab, node) do update set boot_id = excluded.boot_id, seen_at = excluded.seen_at,
                            report = excluded.report, accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by
                        """)
                .params(
                        node.lab().value(),
                        node.node(),
                        bootId,
                        Timestamp.from(seenAt),
                        report,
                        Timestamp.from(now),
                        by)
                .update();
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(LabRemoved event) {
        forget(event.lab());
    }

    private void forget(LabId lab) {
        jdbc.sql("delete from renumbering_layout where lab = ?")
                .param(lab.value())
                .update();
        read.keySet().removeIf(node -> node.lab().equals(lab));
    }
}
