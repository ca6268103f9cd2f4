package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.ChangeQuery;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.NodeAction;
import dev.rackhouse.inventory.NodeCard;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import jakarta.annotation.security.PermitAll;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One node: what it is, how it stands, what it carries, what changed; each fact with source and age. */
@Route(InventoryLinks.NODE)
@PermitAll
class NodeDetailView extends LivePage implements BeforeEnterObserver, HasDynamicTitle {

    private final Inventory inventory;
    private final List<NodeAction> actions;
    private final List<NodeCard> cards;
    private final Div top = new Div();
    private final Div history = new Div();
    private final Div rest = new Div();
    private @Nullable PageHeader head;
    private @Nullable NodeRef ref;
    private @Nullable NodeHistory charts;

    NodeDetailView(Inventory inventory, InventoryFeed feed, List<NodeAction> actions, List<NodeCard> cards) {
        super(feed);
        this.inventory = inventory;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(NodeAction::order))
                .toList();
        this.cards =
                cards.stream().sorted(Comparator.comparingInt(NodeCard::order)).toList();
        top.addClassName("page");
        history.addClassName("page");
        rest.addClassName("page");
        add(top, history, rest);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        ref = InventoryLinks.node(
                        event.getRouteParameters().get("lab").orElse(null),
                        event.getRouteParameters().get("node").orElse(null))
                .orElse(null);
        history.removeAll();
        charts = null;
        if (ref != null) {
            inventory.opened(ref);
        }
        changed();
    }

    @Override
    public void changed() {
        NodeRef shown = ref;
        Optional<NodeView> found = shown == null ? Optional.empty() : inventory.node(shown);
        top.removeAll();
        rest.removeAll();
        if (found.isEmpty() || shown == null) {
            top.add(
                    new PageHeader("Node"),
                    new EmptyState(
                            "No such node has been seen",
                            "It may stand in a lab that was removed, or it has not answered yet.",
                            new Anchor(InventoryLinks.NODES, "All nodes")));
            return;
        }
        NodeView node = found.get();
        Optional<NodeFacts> facts = inventory.facts(shown);
        PageHeader next = header(node, shown).after(head);
        head = next;
        top.add(next);
        notices(node);
        if (charts == null && node.platform().equals("proxmox") && !node.stale()) {
            charts = new NodeHistory(inventory, shown, node.memory());
            history.add(new Section("CPU and memory", charts));
        }
        Div identity = new Div(NodeFactsList.load(node), NodeFactsList.machine(node));
        identity.addClassName("columns");
        if (node.stale()) {
            identity.addClassName("stale-facts");
        }
        top.add(identity);
        List<IommuGroupView> groups = inventory.groups(shown);
        List<PciDeviceView> devices =
                groups.stream().flatMap(g -> g.devices().stream()).toList();
        facts.filter(f -> !f.facts().numaNodes().isEmpty())
                .ifPresent(f -> rest.add(new Section(
                                "CPUs and memory by NUMA node",
                                new NumaPicture(f.facts().numaNodes(), devices))
                        .beside(new AgeLabel(f.seen()))));
        Div lists = new Div(
                NodeLists.guests(inventory, node),
                NodeLists.devices(node, groups, devices),
                NodeLists.storage(inventory.storages(shown)),
                NodeLists.network(shown, inventory.networks(shown)));
        lists.addClassName("columns");
        rest.add(lists);
        cards.stream().flatMap(c -> c.create(node).stream()).forEach(rest::add);
        rest.add(new Section("Changes", ChangeRows.of(inventory.changes(ChangeQuery.of(shown), 0, 10)))
                .beside(Shown.link(InventoryLinks.CHANGES, "All changes", "small")));
    }

    private PageHeader header(NodeView node, NodeRef shown) {
        Span line = new Span(new StatusBadge(node.verdict()), Shown.span(node.labName()));
        line.addClassName("row");
        NodeView.Host host = node.host();
        if (host != null && host.pveVersion() != null) {
            line.add(Shown.span("Proxmox VE " + host.pveVersion()));
        }
        if (node.figures() != null && node.figures().uptime() != null && !node.stale()) {
            line.add(Shown.span("up " + Shown.span(node.figures().uptime())));
        }
        line.add(new AgeLabel(node.seen()));
        List<Component> buttons = new java.util.ArrayList<>();
        actions.forEach(a -> a.create(node).ifPresent(buttons::add));
        buttons.add(ProbeButton.of(inventory, shown, this::changed));
        return new PageHeader(node.name()).subtitle(line).actions(buttons.toArray(Component[]::new));
    }

    private void notices(NodeView node) {
        node.verdict().reasons().forEach(reason -> {
            Notice notice = new Notice(
                    node.verdict().level() == Verdict.Level.OFF ? Verdict.Level.OFF : level(node, reason),
                    node.name(),
                    reason.sentence());
            notice.actions(new CopyButton(
                    "Copy diagnostics",
                    () -> node.ref() + " " + reason.code() + "\n" + reason.sentence() + "\nSeen "
                            + node.seen().at() + " (" + node.seen().source() + ")"));
            if (reason.code().equals("node.network-staged")) {
                notice.actions(Shown.link(InventoryLinks.network(node.ref()), "See the difference"));
            }
            top.add(notice);
        });
    }

    private static Verdict.Level level(NodeView node, Verdict.Reason reason) {
        return reason.code().startsWith("node.probe") || reason.code().equals("node.network-staged")
                ? Verdict.Level.ATTENTION
                : node.verdict().level();
    }

    @Override
    void sampled() {
        NodeHistory shown = charts;
        UI ui = UI.getCurrent();
        if (shown != null && ui != null) {
            shown.follow(ui);
        }
    }

    @Override
    public String getPageTitle() {
        return (ref == null ? "Node" : ref.node()) + " · Rackhouse";
    }
}
