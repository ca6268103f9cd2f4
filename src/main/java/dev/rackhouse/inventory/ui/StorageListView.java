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
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.StorageView;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Storage of all nodes: how full it is, what may lie there. A shared one stands once. */
@Route(InventoryLinks.STORAGE)
@PageTitle("Storage · Rackhouse")
@PermitAll
class StorageListView extends LivePage {

    private static final String ROW = """
            <div class="line ${item.stale}">
              <span class="badge ${item.level}" title="${item.why}"><span class="word">${item.status}</span></span>
              <span class="clip"><span class="strong">${item.name}</span> <span class="faint small">${item.type}</span></span>
              <span class="quantity"><span class="bar ${item.look}" role="img" aria-label="Used ${item.text}"><span class="part" style="width:${item.share}%"></span><span class="mark" style="left:90%"></span></span><span class="figure small">${item.text}</span></span>
              <span class="clip small"><a href="${item.href}">${item.node}</a> <span class="faint">${item.lab}</span></span>
              <span class="clip small muted">${item.content}</span>
              <rh-age class="faint small" at="${item.at}" source="${item.source}"></rh-age>
            </div>
            """;

    private final Inventory inventory;
    private final LabStrip strip;
    private final List<StorageView> storages = new ArrayList<>();
    private final ListDataProvider<StorageView> rows = new ListDataProvider<>(storages);
    private final TextField text = new TextField();
    private final Span count = Shown.span("", "muted", "small");
    private final Div body = new Div();

    StorageListView(Inventory inventory, InventoryFeed feed) {
        super(feed);
        this.inventory = inventory;
        this.strip = new LabStrip(inventory, null);
        text.setPlaceholder("Name, type, node, content");
        text.setAriaLabel("Filter storage");
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> filter());
        Div filters = new Div(text, count);
        filters.addClassNames("row", "filters");
        body.addClassName("stack");
        add(new PageHeader("Storage").subtitle("The mark stands where it becomes tight: 90 %."), strip, filters, body);
        changed();
    }

    private Listing<StorageView> listing() {
        Listing<StorageView> grid = new Listing<>(
                "storage-listing",
                LitRenderer.<StorageView>of(ROW)
                        .withProperty(
                                "stale",
                                s -> s.verdict().level() == Verdict.Level.STALE
                                                || s.verdict().level() == Verdict.Level.UNKNOWN
                                        ? "stale-facts"
                                        : "")
                        .withProperty("level", s -> s.verdict().level().word())
                        .withProperty("why", s -> Shown.why(s.verdict()))
                        .withProperty("status", StorageView::status)
                        .withProperty("name", StorageView::storage)
                        .withProperty("type", s -> Shown.text(s.type()) + (s.shared() ? ", shared" : ""))
                        .withProperty(
                                "share",
                                s -> String.format(
                                        Locale.ROOT,
                                        "%.1f",
                                        Math.clamp(Objects.requireNonNullElse(s.share(), 0.0), 0, 1) * 100))
                        .withProperty("look", s -> Shown.look(s.share(), 0.9, 0.97))
                        .withProperty("text", s -> s.total() == null ? "size not known" : Shown.of(s.used(), s.total()))
                        .withProperty(
                                "node", s -> s.shared() ? "all nodes" : s.node().node())
                        .withProperty("href", s -> s.shared() ? InventoryLinks.NODES : InventoryLinks.node(s.node()))
                        .withProperty("lab", StorageView::labName)
                        .withProperty("content", s -> String.join(", ", s.content()))
                        .withProperty("at", s -> s.seen().at().toString())
                        .withProperty("source", s -> s.seen().source()));
        grid.setItems(rows);
        grid.sortable("State", "status", this::sort)
                .sortable("Storage", "name", this::sort)
                .sortable("Used", "share", this::sort)
                .sortable("Node", "node", this::sort)
                .heading("Content")
                .heading("Seen");
        return grid;
    }

    @Override
    public void changed() {
        boolean wasEmpty = storages.isEmpty();
        storages.clear();
        storages.addAll(once(inventory.storages()));
        if (storages.isEmpty()) {
            body.removeAll();
            body.add(new EmptyState(
                    "No storage has been seen",
                    "Proxmox lists storages where the token has Datastore.Audit.",
                    new Anchor("labs", "Check what the token may do")));
        } else if (wasEmpty) {
            body.removeAll();
            body.add(listing());
        }
        rows.refreshAll();
        count();
        strip.refresh();
    }

    /** A shared storage is the same on each node: the best known row stands for all. */
    private static List<StorageView> once(List<StorageView> all) {
        Set<String> shared = new HashSet<>();
        return all.stream()
                .sorted(Comparator.comparing((StorageView s) -> s.total() == null))
                .filter(s -> !s.shared() || shared.add(s.node().lab() + " " + s.storage()))
                .sorted(Comparator.comparing(StorageView::labName)
                        .thenComparing(s -> s.node().node())
                        .thenComparing(StorageView::storage))
                .toList();
    }

    private void filter() {
        String wanted = text.getValue().strip().toLowerCase(Locale.ROOT);
        rows.setFilter(
                wanted.isEmpty()
                        ? null
                        : s -> (s.storage() + " " + s.type() + " " + s.node().node() + " " + s.labName() + " "
                                        + String.join(" ", s.content()))
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted));
        count();
    }

    private void count() {
        long found = rows.getFilter() == null
                ? storages.size()
                : storages.stream().filter(rows.getFilter()).count();
        count.setText(found + (found == 1 ? " storage" : " storages"));
    }

    private void sort(String key, boolean descending) {
        Comparator<StorageView> order = switch (key) {
            case "status" ->
                Comparator.comparing((StorageView s) -> s.verdict().level()).reversed();
            case "share" -> Comparator.comparing(s -> Objects.requireNonNullElse(s.share(), -1.0));
            case "node" -> Comparator.comparing((StorageView s) -> s.node().node());
            default -> Comparator.comparing(StorageView::storage);
        };
        Comparator<StorageView> chosen = descending ? order.reversed() : order;
        rows.setSortComparator(chosen::compare);
    }

    @Override
    void aged() {
        strip.refresh();
    }

    @Override
    void sampled() {
        changed();
    }
}
