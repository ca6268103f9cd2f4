package dev.rackhouse.dashboard;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Panel;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.inference.ui.EngineParts;
import dev.rackhouse.inventory.ChangeQuery;
import dev.rackhouse.inventory.ChangeView;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.GuestQuery;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.LabView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The whole rack on one page: what wants somebody, what changed, what runs, and what hangs on what. */
@Route("")
@PageTitle("Overview · Rackhouse")
@PermitAll
class OverviewView extends Page implements InventoryFeed.Listener {

    private static final int ATTENTION = 12;
    private static final int CHANGES = 8;

    private final Inventory inventory;
    private final Runs runs;
    private final List<DeviceAction> actions;
    private final Standings standings;
    private final EngineParts engines;
    private final Clock clock;
    private final Div top = new Div();
    private final Div running = new Div();
    private final Div rack = new Div();
    private final Map<Div, String> shown = new HashMap<>();
    private final Span summary = new Span();

    OverviewView(
            Inventory inventory,
            InventoryFeed feed,
            Runs runs,
            List<DeviceAction> actions,
            List<Panel> panels,
            Standings standings,
            EngineParts engines,
            Clock clock) {
        this.inventory = inventory;
        this.runs = runs;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(DeviceAction::order))
                .toList();
        this.standings = standings;
        this.engines = engines;
        this.clock = clock;
        addClassName("overview");
        add(new PageHeader("Overview").subtitle(summary), top, running, rack);
        panels.stream()
                .filter(p -> p.page().equals("overview"))
                .sorted(Comparator.comparingInt(Panel::order))
                .forEach(p -> add(p.create()));
        feed.follow(this, this);
        changed();
    }

    /** Builds anew only the parts that stand differently: what is pushed to a viewer stays small. */
    @Override
    public void changed() {
        List<LabView> labs = inventory.labs();
        if (labs.isEmpty()) {
            summary.setText("");
            show(
                    top,
                    "none",
                    () -> new EmptyState(
                            "No lab is connected yet",
                            "Connect a Proxmox endpoint with an API token, or hosts by SSH. Nothing is changed on them by looking.",
                            new Anchor("labs", "Connect a lab")));
            show(running, "", Div::new);
            show(rack, "", Div::new);
            return;
        }
        List<NodeView> nodes = inventory.nodes();
        List<GpuView> gpus = inventory.gpus();
        List<RunSummary> open = runs.list(RunFilter.open(), 0, 20);
        summary.setText(labs.size() + (labs.size() == 1 ? " lab, " : " labs, ") + nodes.size() + " nodes, "
                + inventory.countGuests(GuestQuery.all()) + " guests, " + gpus.size() + " GPUs");
        List<AttentionItem> items = Attention.of(
                labs, nodes, troubled(), inventory.storages(), gpus, open, standings.all(), clock.instant());
        ChangeQuery since = ChangeQuery.since(clock.instant().minus(Duration.ofHours(24)));
        int count = inventory.countChanges(since);
        List<ChangeView> changes = inventory.changes(since, 0, CHANGES);
        show(top, items + " " + count + changes, () -> {
            Div columns = new Div(attention(items), changes(count, changes));
            columns.addClassName("columns");
            return columns;
        });
        List<RunSummary> atWork = open.stream().filter(r -> r.state().active()).toList();
        show(running, atWork.toString(), () -> atWork.isEmpty() ? new Div() : running(atWork));
        List<Chain> chains = Chain.of(nodes, gpus, standings::on, standings::on);
        show(
                rack,
                chains.stream().map(Chain::standing).toList().toString(),
                () -> new Section("The rack", new RackPicture(chains, actions, engines)).beside(engines.tokens()));
    }

    private List<GuestView> troubled() {
        return inventory.guests(
                new GuestQuery("", null, null, null, GuestQuery.Power.OTHER, false, GuestQuery.Order.VMID, false),
                0,
                50);
    }

    private void show(Div place, String standing, Supplier<? extends Component> content) {
        if (!standing.equals(shown.put(place, standing))) {
            place.removeAll();
            place.add(content.get());
        }
    }

    private static Section attention(List<AttentionItem> items) {
        Div list = new Div();
        list.addClassNames("stack", "attention-list");
        items.stream().limit(ATTENTION).forEach(i -> list.add(row(i)));
        if (items.size() > ATTENTION) {
            list.add(new Span("and " + (items.size() - ATTENTION) + " more; the worst stand above"));
        }
        if (items.isEmpty()) {
            Div calm = new Div(StatusBadge.of("ok", "ok"), new Span("Nothing needs you now."));
            calm.addClassName("row");
            list.add(calm);
        }
        return new Section("Needs attention (" + items.size() + ")", list);
    }

    private static Div row(AttentionItem item) {
        Span name = new Span(item.name());
        name.addClassNames("strong", "wrap-anywhere");
        Span why = new Span(item.sentence());
        why.addClassNames("wrap-anywhere", "attention-why");
        Anchor go = new Anchor(item.href(), item.verb());
        go.addClassName("attention-go");
        Div row =
                new Div(StatusBadge.of(item.level().word(), item.level().word()).iconOnly(), name, why, go);
        row.addClassName("attention-row");
        return row;
    }

    private static Section changes(int count, List<ChangeView> changes) {
        Div list = new Div();
        list.addClassName("stack");
        for (ChangeView change : changes) {
            Anchor title = new Anchor(InventoryLinks.of(change), change.title());
            title.addClassNames("strong", "clip");
            Span what = new Span(change.sentence());
            what.addClassNames("clip");
            what.setTitle(change.sentence());
            Span where = new Span(change.node() == null ? change.labName() : change.node());
            where.addClassNames("faint", "small");
            Div row = new Div(title, what, where, new AgeLabel(change.seen().at()));
            row.addClassName("overview-change");
            list.add(row);
        }
        if (count == 0) {
            Span none = new Span("Nothing was seen to change.");
            none.addClassName("muted");
            list.add(none);
        }
        Anchor all = new Anchor(InventoryLinks.CHANGES, "All changes");
        all.addClassName("small");
        return new Section("Changed since yesterday (" + count + ")", list).beside(all);
    }

    private static Section running(List<RunSummary> atWork) {
        Div list = new Div();
        list.addClassName("stack");
        atWork.forEach(r -> {
            Anchor title = new Anchor(RunRoutes.run(r.id()), r.title());
            title.addClassNames("strong", "wrap-anywhere");
            Span step = new Span(
                    r.stepsDone() + " of " + r.steps() + " steps" + (r.message().isEmpty() ? "" : ", " + r.message()));
            step.addClassNames("muted", "wrap-anywhere");
            Div row = new Div(StatusBadge.of("running", "running"), title, new ElapsedLabel(r.createdAt(), null), step);
            row.addClassName("row");
            list.add(row);
        });
        return new Section("Runs under way (" + atWork.size() + ")", list);
    }

    @Override
    public void ticked() {
        changed();
    }
}
