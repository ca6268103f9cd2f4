package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.ListDataProvider;
import com.vaadin.flow.data.renderer.LitRenderer;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NodeView;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** All nodes: how they stand, how full they are, what they carry. */
@Route(InventoryLinks.NODES)
@PageTitle("Nodes · Rackhouse")
@PermitAll
class NodesView extends LivePage {

    private static final String ROW = """
            <div class="line ${item.stale}">
              <span class="badge ${item.level} icon-only" title="${item.why}"><span class="word">${item.level}</span></span>
              <span class="clip"><a class="strong" href="${item.href}">${item.name}</a> <span class="faint small">${item.lab}</span></span>
              <span class="quantity"><span class="bar ${item.cpuLook}" role="img" aria-label="CPU ${item.cpuText}"><span class="part" style="width:${item.cpu}%"></span></span><span class="figure small">${item.cpuText}</span></span>
              <span class="quantity"><span class="bar ${item.memoryLook}" role="img" aria-label="Memory ${item.memoryText}"><span class="part" style="width:${item.memory}%"></span></span><span class="figure small">${item.memoryText}</span></span>
              <span class="small"><span class="figure">${item.guests}</span> <span class="faint">guests</span></span>
              <span class="small"><span class="figure">${item.gpus}</span> <span class="faint">GPUs</span></span>
              <span class="clip small muted">${item.system}</span>
              <rh-age class="faint small" at="${item.at}" source="${item.source}"></rh-age>
            </div>
            """;

    private final Inventory inventory;
    private final LabStrip strip;
    private final List<NodeView> nodes = new ArrayList<>();
    private final ListDataProvider<NodeView> rows = new ListDataProvider<>(nodes);
    private final TextField text = new TextField();
    private final Span count = Shown.span("", "muted", "small");
    private final Div body = new Div();

    NodesView(Inventory inventory, InventoryFeed feed) {
        super(feed);
        this.inventory = inventory;
        this.strip = new LabStrip(inventory, null);
        text.setPlaceholder("Name, lab, CPU, kernel");
        text.setAriaLabel("Filter nodes");
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> filter());
        Div filters = new Div(text, count);
        filters.addClassNames("row", "filters");
        body.addClassName("stack");
        add(new PageHeader("Nodes"), strip, filters, body);
        changed();
    }

    private Listing<NodeView> listing() {
        Listing<NodeView> grid = new Listing<>(
                "nodes-listing",
                LitRenderer.<NodeView>of(ROW)
                        .withProperty("stale", n -> n.stale() ? "stale-facts" : "")
                        .withProperty("level", n -> n.verdict().level().word())
                        .withProperty("why", n -> Shown.why(n.verdict()))
                        .withProperty("href", n -> InventoryLinks.node(n.ref()))
                        .withProperty("name", NodeView::name)
                        .withProperty("lab", NodeView::labName)
                        .withProperty("cpu", n -> width(cpu(n)))
                        .withProperty("cpuLook", n -> Shown.look(cpu(n), 0.9, 2))
                        .withProperty("cpuText", n -> Shown.percent(cpu(n)))
                        .withProperty("memory", n -> width(memory(n)))
                        .withProperty("memoryLook", n -> Shown.look(memory(n), 0.9, 0.97))
                        .withProperty(
                                "memoryText",
                                n -> Shown.of(
                                        n.figures() == null ? null : n.figures().memory(), n.memory()))
                        .withProperty("guests", n -> n.guestsRunning() + "/" + n.guests())
                        .withProperty("gpus", NodeView::gpus)
                        .withProperty("system", NodesView::system)
                        .withProperty("at", n -> n.seen().at().toString())
                        .withProperty("source", n -> n.seen().source()));
        grid.setItems(rows);
        grid.sortable("", "status", this::sort)
                .sortable("Node", "name", this::sort)
                .sortable("CPU", "cpu", this::sort)
                .sortable("Memory", "memory", this::sort)
                .sortable("Running", "guests", this::sort)
                .sortable("GPUs", "gpus", this::sort)
                .heading("System")
                .heading("Seen");
        grid.mark("name", false);
        return grid;
    }

    @Override
    public void changed() {
        List<NodeView> fresh = inventory.nodes();
        boolean wasEmpty = nodes.isEmpty();
        nodes.clear();
        nodes.addAll(fresh);
        if (nodes.isEmpty()) {
            body.removeAll();
            body.add(empty());
        } else if (wasEmpty) {
            body.removeAll();
            body.add(listing());
        }
        rows.refreshAll();
        count();
        strip.refresh();
    }

    private EmptyState empty() {
        return inventory.labs().isEmpty()
                ? new EmptyState(
                        "No lab is connected",
                        "Connect a Proxmox endpoint, or hosts by SSH, and their nodes appear here.",
                        new Anchor("labs", "Connect a lab"))
                : new EmptyState(
                        "No node has been seen yet",
                        "The labs above are connected, but none has answered completely. What is wrong stands beside each.");
    }

    @Override
    void aged() {
        strip.refresh();
    }

    @Override
    void sampled() {
        changed();
    }

    private void filter() {
        String wanted = text.getValue().strip().toLowerCase(Locale.ROOT);
        rows.setFilter(wanted.isEmpty() ? null : n -> searched(n).contains(wanted));
        count();
    }

    private static String searched(NodeView node) {
        return (node.name() + " " + node.labName() + " " + system(node) + " "
                        + (node.host() == null ? "" : node.host().cpuModel()))
                .toLowerCase(Locale.ROOT);
    }

    private void count() {
        int found = rows.getFilter() == null
                ? nodes.size()
                : (int) nodes.stream().filter(rows.getFilter()).count();
        count.setText(found + (found == 1 ? " node" : " nodes"));
    }

    private void sort(String key, boolean descending) {
        Comparator<NodeView> order = switch (key) {
            case "status" ->
                Comparator.comparing((NodeView n) -> n.verdict().level()).reversed();
            case "cpu" -> Comparator.comparing(n -> Objects.requireNonNullElse(cpu(n), -1.0));
            case "memory" -> Comparator.comparing(n -> Objects.requireNonNullElse(memory(n), -1.0));
            case "guests" -> Comparator.comparing(NodeView::guestsRunning);
            case "gpus" -> Comparator.comparing(NodeView::gpus);
            default -> Comparator.comparing(NodeView::name);
        };
        Comparator<NodeView> chosen = descending ? order.reversed() : order;
        rows.setSortComparator(chosen::compare);
    }

    private static @org.jspecify.annotations.Nullable Double cpu(NodeView node) {
        NodeView.Figures figures = node.figures();
        return figures == null ? null : figures.cpu();
    }

    private static @org.jspecify.annotations.Nullable Double memory(NodeView node) {
        NodeView.Figures figures = node.figures();
        return figures == null ? null : Shown.share(figures.memory(), node.memory());
    }

    private static String system(NodeView node) {
        NodeView.Host host = node.host();
        if (host == null) {
            return node.platform().equals("host") ? "host" : Shown.UNKNOWN;
        }
        String kernel = Objects.requireNonNullElse(host.kernel(), "");
        return host.pveVersion() == null ? kernel : "PVE " + host.pveVersion() + " · " + kernel;
    }

    private static String width(@org.jspecify.annotations.Nullable Double share) {
        return share == null ? "0" : String.format(Locale.ROOT, "%.1f", Math.clamp(share, 0, 1) * 100);
    }
}
