package dev.rackhouse.renumbering;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.lab.LabRemoved;
import dev.rackhouse.runbook.RunId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The last accepted layout of each node, as its probe was printed then, and the one before the last run. Safe for many threads. */
@Component
class Layouts {

    private static final String ACCEPT = """
            insert into renumbering_layout (lab, node, boot_id, seen_at, report, accepted_at, accepted_by)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (lab, node) do update set boot_id = excluded.boot_id, seen_at = excluded.seen_at,
                report = excluded.report, accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by
            """;

    /**
     * @param bootId in which it was seen
     * @param acceptedBy empty: nobody had to
     */
    record Layout(HostFacts facts, String bootId, Instant acceptedAt, String acceptedBy) {}

    /** A layout as a probe showed it, and when it was taken as the right one. */
    record Snapshot(String bootId, Instant at, String report, Instant acceptedAt) {}

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
    void accept(NodeRef node, Snapshot layout, String by) {
        jdbc.sql(ACCEPT).params(parameters(node, layout, by)).update();
    }

    /** The same, and what was accepted before is kept for {@link #putBack}. Told twice of one run, the first time counts. */
    void acceptAfter(RunId run, NodeRef node, Snapshot layout, String by) {
        List<Object> parameters =
                new ArrayList<>(List.of(run.value(), node.lab().value(), node.node()));
        parameters.addAll(parameters(node, layout, by));
        jdbc.sql("""
                        with kept as (
                            insert into renumbering_layout_before as b
                                (run, lab, node, boot_id, seen_at, report, accepted_at, accepted_by)
                            select ?, lab, node, boot_id, seen_at, report, accepted_at, accepted_by
                            from renumbering_layout where lab = ? and node = ?
                            on conflict (lab, node) do update set run = excluded.run, boot_id = excluded.boot_id,
                                seen_at = excluded.seen_at, report = excluded.report, accepted_at = excluded.accepted_at,
                                accepted_by = excluded.accepted_by
                            where b.run <> excluded.run)
                        """ + ACCEPT).params(parameters).update();
    }

    /** The layout before a run is the accepted one again, unless another run or a person has accepted one since. */
    void putBack(RunId run, NodeRef node) {
        jdbc.sql("""
                        with b as (
                            delete from renumbering_layout_before where lab = ? and node = ? and run = ? returning *)
                        update renumbering_layout l set boot_id = b.boot_id, seen_at = b.seen_at, report = b.report,
                            accepted_at = b.accepted_at, accepted_by = b.accepted_by
                        from b where l.lab = b.lab and l.node = b.node
                        """).params(node.lab().value(), node.node(), run.value()).update();
    }

    /** No run can put a layout back any more. */
    void forgetBefore(NodeRef node) {
        jdbc.sql("delete from renumbering_layout_before where lab = ? and node = ?")
                .params(node.lab().value(), node.node())
                .update();
    }

    private static List<Object> parameters(NodeRef node, Snapshot layout, String by) {
        return List.of(
                node.lab().value(),
                node.node(),
                layout.bootId(),
                Timestamp.from(layout.at()),
                layout.report(),
                Timestamp.from(layout.acceptedAt()),
                by);
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(LabRemoved event) {
        forget(event.lab());
    }

    private void forget(LabId lab) {
        for (String table : List.of("renumbering_layout", "renumbering_layout_before")) {
            jdbc.sql("delete from " + table + " where lab = ?")
                    .param(lab.value())
                    .update();
        }
        read.keySet().removeIf(node -> node.lab().equals(lab));
    }
}
