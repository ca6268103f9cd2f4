package dev.rackhouse.renumbering;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.InventoryRefreshed;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.renumbering.Layouts.Layout;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.EventListener;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Watches the layout of devices on each node and puts names right after a change. The first layout that is seen of a node is the
 * accepted one; it stays so until nothing has moved any more, or a person accepts another one, by a run or by saying so. Safe for many
 * threads.
 */
@Service
public class Renumberings {

    /** What is known about a node's layout. */
    private record Standing(Instant seen, Instant acceptedAt, LayoutChange change) {}

    private final SeenNodes nodes;
    private final Layouts layouts;
    private final Runs runs;
    private final RenumberRunbook runbook;
    private final Audit audit;
    private final Clock clock;
    private final Map<NodeRef, Standing> standings = new ConcurrentHashMap<>();
    /** The probe after which each node was last looked at: labs are refreshed much more often than nodes are probed. */
    private final Map<NodeRef, Instant> looked = new ConcurrentHashMap<>();

    Renumberings(SeenNodes nodes, Layouts layouts, Runs runs, RenumberRunbook runbook, Audit audit, Clock clock) {
        this.nodes = nodes;
        this.layouts = layouts;
        this.runs = runs;
        this.runbook = runbook;
        this.audit = audit;
        this.clock = clock;
    }

    @EventListener
    void on(InventoryRefreshed refreshed) {
        nodes.probed(refreshed.lab()).forEach((node, at) -> {
            if (!at.equals(looked.get(node))) {
                keep(node);
                looked.put(node, at);
            }
        });
    }

    /**
     * After a run that is done, all names follow the layout that it was planned for: it is the accepted one from now on. After its
     * undo they stand for the layout before again, and that one is put back, so that the move shows.
     */
    @EventListener
    void on(RunFinished finished) {
        if (finished.runbook().equals(RenumberRunbook.NAME)) {
            runs.find(finished.run())
                    .flatMap(run -> RenumberRunbook.nodeOf(run.outline()))
                    .ifPresent(node -> ended(finished, node));
        }
    }

    private void ended(RunFinished finished, NodeRef node) {
        switch (finished.state()) {
            case DONE -> seen(node).ifPresent(l -> layouts.acceptAfter(finished.run(), node, l, finished.operator()));
            case UNDONE -> layouts.putBack(finished.run(), node);
            case RUNNING, NEEDS_APPROVAL, STOPPED, UNDOING, UNDO_STOPPED, LEFT -> {}
        }
    }

    /** The first layout is kept, and each later one in which nothing moved. */
    private void keep(NodeRef node) {
        NodeFacts facts = nodes.facts(node).orElse(null);
        if (facts == null) {
            return;
        }
        Layout accepted = layouts.find(node).orElse(null);
        if (accepted == null
                || !accepted.bootId().equals(bootId(facts))
                        && standing(node, facts, accepted).change().quiet()) {
            seen(node).ifPresent(l -> layouts.accept(node, l, ""));
        }
    }

    /** What moved since the accepted layout; empty: nothing that concerns anybody, or nothing is known of before. */
    public Optional<LayoutChange> moved(NodeRef node) {
        return nodes.facts(node)
                .flatMap(facts -> layouts.find(node).map(accepted -> standing(node, facts, accepted)))
                .map(Standing::change)
                .filter(c -> !c.quiet());
    }

    /** Compared once for each probe. */
    private Standing standing(NodeRef node, NodeFacts facts, Layout accepted) {
        Standing known = standings.get(node);
        if (known == null
                || !known.seen().equals(facts.seen().at())
                || !known.acceptedAt().equals(accepted.acceptedAt())) {
            known = new Standing(
                    facts.seen().at(), accepted.acceptedAt(), Renumbering.compare(accepted.facts(), facts.facts()));
            standings.put(node, known);
        }
        return known;
    }

    private static String bootId(NodeFacts facts) {
        return Objects.requireNonNullElse(facts.facts().bootId(), "");
    }

    /** The layout of now, as it would be accepted at this moment. */
    private Optional<Layouts.Snapshot> seen(NodeRef node) {
        return nodes.facts(node)
                .flatMap(facts -> nodes.report(node)
                        .map(report ->
                                new Layouts.Snapshot(bootId(facts), facts.seen().at(), report, clock.instant())));
    }

    /**
     * All that is needed to judge a node, mappings and files as they are now. Blocks, some seconds.
     *
     * @return empty when the node was never probed, or has no earlier layout
     * @throws dev.rackhouse.base.RemoteFailure when the node does not answer
     */
    public Optional<RenumberPlace> find(NodeRef node) {
        NodeFacts facts = nodes.facts(node).orElse(null);
        Layout accepted = layouts.find(node).orElse(null);
        return facts == null || accepted == null
                ? Optional.empty()
                : Optional.of(new RenumberPlace(
                        node,
                        accepted.facts(),
                        accepted.acceptedAt(),
                        accepted.acceptedBy(),
                        facts.facts(),
                        nodes.mappings(node),
                        nodes.files(node)));
    }

    /**
     * What became of the devices, and what can be done. Pure.
     *
     * @param choices which of several equal devices is which, as the person said: old slot to new slot
     * @param accepted keys of warnings that the person has ticked
     */
    public Diagnosis diagnose(RenumberPlace place, Map<PciSlot, PciSlot> choices, Set<String> accepted) {
        return RenumberAssessment.of(place, choices, accepted);
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(RenumberPlan plan) {
        return runbook.outline(plan);
    }

    /** @throws AccessDeniedException when the operator may only look */
    public Start start(RenumberPlan plan, Operator operator, String reason) {
        allow(operator);
        return runs.start(runbook, plan, operator, reason);
    }

    /**
     * Takes the layout of today as the right one, and leaves all names as they are.
     *
     * @throws AccessDeniedException when the operator may only look
     */
    @Transactional
    public void accept(NodeRef node, Operator operator) {
        allow(operator);
        nodes.facts(node).ifPresent(facts -> {
            audit.record(operator, "device layout accepted", "node " + node.node(), "boot " + bootId(facts));
            seen(node).ifPresent(l -> layouts.accept(node, l, operator.name()));
            layouts.forgetBefore(node);
        });
    }

    private static void allow(Operator operator) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not renumber: this needs the role operator.");
        }
    }
}
