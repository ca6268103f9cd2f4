package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.CallbackDataProvider;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.renderer.LitRenderer;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inventory.ChangeQuery;
import dev.rackhouse.inventory.ChangeView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import jakarta.annotation.security.PermitAll;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was seen to change, newest first. */
@Route(InventoryLinks.CHANGES)
@PageTitle("Changes · Rackhouse")
@PermitAll
class ChangesView extends LivePage {

    private static final String ALL = "All things";
    private static final String ROW = """
            <div class="line">
              <rh-time class="small muted" at="${item.at}"></rh-time>
              <span class="small faint">${item.kind}</span>
              <span class="clip"><a class="strong" href="${item.href}">${item.title}</a></span>
              <span class="wrap-anywhere">${item.sentence}</span>
              <span class="clip small faint">${item.where}</span>
              <span class="clip small faint">${item.source}</span>
            </div>
            """;

    private final Inventory inventory;
    private final TextField text = new TextField();
    private final Select<String> kind = new Select<>();
    private final Span count = Shown.span("", "muted", "small");
    private final Div body = new Div();
    private final CallbackDataProvider<ChangeView, Void> rows;

    ChangesView(Inventory inventory, InventoryFeed feed) {
        super(feed);
        this.inventory = inventory;
        this.rows = DataProvider.fromCallbacks(
                query -> inventory.changes(query(), query.getOffset(), query.getLimit()).stream(),
                query -> inventory.countChanges(query()));
        text.setPlaceholder("Name, fact or value");
        text.setAriaLabel("Filter changes");
        text.setClearButtonVisible(true);
        text.setMaxLength(100);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> filtered());
        kind.setAriaLabel("Kind of thing");
        kind.setItems(ALL, "node", "guest", "device", "network", "storage", "mapping");
        kind.setValue(ALL);
        kind.addValueChangeListener(change -> filtered());
        Div filters = new Div(text, kind, count);
        filters.addClassNames("row", "filters");
        body.addClassName("stack");
        add(
                new PageHeader("Changes")
                        .subtitle(
                                "What differed from one look to the next, whoever changed it. How long it is kept is set on the settings page."),
                filters,
                body);
        changed();
    }

    private Listing<ChangeView> listing() {
        Listing<ChangeView> grid = new Listing<>(
                "changes-listing",
                LitRenderer.<ChangeView>of(ROW)
                        .withProperty("at", c -> c.seen().at().toString())
                        .withProperty("kind", ChangeView::kind)
                        .withProperty("href", InventoryLinks::of)
                        .withProperty("title", ChangeView::title)
                        .withProperty("sentence", ChangeView::sentence)
                        .withProperty("where", c -> c.node() == null ? c.labName() : c.node() + " · " + c.labName())
                        .withProperty("source", c -> c.seen().source()));
        grid.setDataProvider(rows);
        grid.heading("Seen")
                .heading("Kind")
                .heading("What")
                .heading("Change")
                .heading("Where")
                .heading("Source");
        return grid;
    }

    private ChangeQuery query() {
        return new ChangeQuery(null, null, kind(), null, null, text.getValue());
    }

    private @Nullable String kind() {
        String chosen = Objects.requireNonNullElse(kind.getValue(), ALL);
        return chosen.equals(ALL) ? null : chosen;
    }

    private void filtered() {
        count();
        rows.refreshAll();
    }

    private int count() {
        int found = inventory.countChanges(query());
        count.setText(found + (found == 1 ? " change" : " changes"));
        return found;
    }

    @Override
    public void changed() {
        if (count() == 0 && text.isEmpty() && kind() == null) {
            body.removeAll();
            body.add(
                    new EmptyState(
                            "Nothing has changed yet",
                            "The first look at a lab is the base. From then on each difference is written here, with what it was before."));
        } else if (body.getChildren().noneMatch(Listing.class::isInstance)) {
            body.removeAll();
            body.add(listing());
        } else {
            rows.refreshAll();
        }
    }
}
