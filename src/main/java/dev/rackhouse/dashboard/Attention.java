package dev.rackhouse.dashboard;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.ui.ServingRoutes;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.LabView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.StorageView;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What wants a person, worst first. Pure. A lab in trouble stands once, not once more for each of its nodes and guests; a shared
 * storage stands once.
 */
final class Attention {

    private Attention() {}

    static List<AttentionItem> of(
            List<LabView> labs,
            List<NodeView> nodes,
            List<GuestView> guests,
            List<StorageView> storages,
            List<GpuView> gpus,
            List<RunSummary> runs,
            List<DeploymentNow> engines,
            Instant now) {
        var items = new ArrayList<AttentionItem>();
        var troubled = new HashSet<Object>();
        for (LabView lab : labs) {
            if (wantsSomebody(lab.verdict()) && !lab.paused()) {
                troubled.add(lab.id());
                items.add(AttentionItem.of(lab.verdict(), lab.name(), "labs", "open"));
            }
            if (lab.paused()) {
                troubled.add(lab.id());
            }
        }
        nodes.stream()
                .filter(n -> !troubled.contains(n.ref().lab()))
                .filter(n -> wantsSomebody(n.verdict()))
                .forEach(n -> items.add(AttentionItem.of(n.verdict(), n.name(), InventoryLinks.node(n.ref()), "open")));
        guests.stream()
                .filter(g ->
                        g.verdict().level() == Level.ATTENTION || g.verdict().level() == Level.CRITICAL)
                .forEach(g ->
                        items.add(AttentionItem.of(g.verdict(), g.label(), InventoryLinks.guest(g.ref()), "open")));
        Set<String> shared = new HashSet<>();
        storages.stream()
                .filter(s ->
                        s.verdict().level() == Level.ATTENTION || s.verdict().level() == Level.CRITICAL)
                .filter(s -> !s.shared() || shared.add(s.node().lab() + s.storage()))
                .forEach(s -> items.add(AttentionItem.of(
                        s.verdict(),
                        s.storage() + (s.shared() ? "" : " on " + s.node().node()),
                        InventoryLinks.STORAGE,
                        "open")));
        gpus.stream()
                .filter(g ->
                        g.verdict().level() == Level.ATTENTION || g.verdict().level() == Level.CRITICAL)
                .forEach(g -> items.add(AttentionItem.of(
                        g.verdict(),
                        g.device().node().node(),
                        InventoryLinks.device(g.device().node(), g.device().address()),
                        "open")));
        engines(engines, troubled, now, items);
        runs.stream()
                .filter(Attention::waitsForSomebody)
                .forEach(r -> items.add(new AttentionItem(
                        r.state() == RunState.NEEDS_APPROVAL ? Level.ATTENTION : Level.CRITICAL,
                        r.title(),
                        r.message().isEmpty() ? "The run " + r.state().word() + "." : r.message(),
                        RunRoutes.run(r.id()),
                        r.state() == RunState.NEEDS_APPROVAL ? "decide" : "open")));
        items.sort(Comparator.comparing(AttentionItem::level).reversed());
        return items;
    }

    /** An engine that shall run and does not, or makes nothing; a place that is not seen stands once for all its engines. */
    private static void engines(
            List<DeploymentNow> engines, Set<Object> troubled, Instant now, List<AttentionItem> items) {
        Set<PlaceRef> silent = new HashSet<>();
        for (DeploymentNow engine : engines) {
            if (!engine.wanted()
                    || troubled.contains(engine.deployment().place().lab())) {
                continue;
            }
            Verdict verdict = engine.verdict(now);
            boolean loading = engine.judged() instanceof EngineStanding.Loading;
            boolean stale = verdict.level() == Level.STALE;
            if (stale ? silent.add(engine.deployment().place()) : wantsSomebody(verdict) && !loading) {
                items.add(
                        AttentionItem.of(verdict, engine.id().value(), ServingRoutes.deployment(engine.id()), "open"));
            }
        }
    }

    private static boolean waitsForSomebody(RunSummary run) {
        return switch (run.state()) {
            case NEEDS_APPROVAL, STOPPED, UNDO_STOPPED -> true;
            default -> false;
        };
    }

    private static boolean wantsSomebody(Verdict verdict) {
        return switch (verdict.level()) {
            case STALE, ATTENTION, CRITICAL -> true;
            case OFF, OK, UNKNOWN -> false;
        };
    }
}
