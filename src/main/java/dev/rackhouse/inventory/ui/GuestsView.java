package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Anchor;
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
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestQuery;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.LabView;
import jakarta.annotation.security.PermitAll;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All guests, VMs and containers: found, filtered and sorted by the database, a page at a time. */
@Route(InventoryLinks.GUESTS)
@PageTitle("Guests · Rackhouse")
@PermitAll
class GuestsView extends LivePage {

    private static final String ROW = """
            <div class="line ${item.stale}">
              <span class="badge ${item.level}" title="${item.why}"><span class="word">${item.status}</span></span>
              <span class="figure muted">${item.vmid}</span>
              <span class="clip"><span class="glyph glyph-${item.glyph}" title="${item.kind}"></span> <a class="strong" href="${item.href}">${item.name}</a></span>
              <span class="clip small"><a href="${item.nodeHref}">${item.node}</a> <span class="faint">${item.lab}</span></span>
              <span class="figure small">${item.cpu}</span>
              <span class="figure small">${item.memory}</span>
              <span class="figure small">${item.disk}</span>
              <span class="clip small"><span class="chip accent" ?hidden="${!item.passes}">passthrough</span> <span class="faint">${item.tags}</span></span>
              <span class="figure small faint">${item.uptime}</span>
              <button class="line-more" @click="${act}" aria-label="What can be done with ${item.name}" title="What can be done" ?hidden="${!item.actions}">⋯</button>
            </div>
            """;

    private final Inventory inventory;
    private final List<GuestAction> actions;
    private final LabStrip strip;
    private final TextField text = new TextField();
    private final Select<Choice<GuestQuery.Power>> power = new Select<>();
    private final Select<Choice<String>> kind = new Select<>();
    private final Select<Choice<LabId>> lab = new Select<>();
    private final Span count = Shown.span("", "muted", "small");
    private final Div body = new Div();
    private final CallbackDataProvider<GuestView, Void> rows;
    private GuestQuery.Order order = GuestQuery.Order.VMID;
    private boolean descending;

    /** One entry of a filter; no value means all. */
    private record Choice<V>(@Nullable V value, String word) {}

    GuestsView(Inventory inventory, InventoryFeed feed, List<GuestAction> actions) {
        super(feed);
        this.inventory = inventory;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(GuestAction::order))
                .toList();
        this.strip = new LabStrip(inventory, null);
        this.rows = DataProvider.fromCallbacks(
                query -> inventory.guests(query(), query.getOffset(), query.getLimit()).stream(),
                query -> inventory.countGuests(query()));
        body.addClassName("stack");
        add(new PageHeader("Guests"), strip, filters(), body);
        changed();
    }

    private Div filters() {
        text.setPlaceholder("Name, number, tag, node, pool");
        text.setAriaLabel("Filter guests");
        text.setClearButtonVisible(true);
        text.setMaxLength(100);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> filtered());
        choices(
                power,
                "State",
                List.of(
                        new Choice<>(null, "Any state"),
                        new Choice<>(GuestQuery.Power.RUNNING, "Running"),
                        new Choice<>(GuestQuery.Power.STOPPED, "Stopped"),
                        new Choice<>(GuestQuery.Power.OTHER, "Other states")));
        choices(
                kind,
                "Kind",
                List.of(
                        new Choice<>(null, "VMs and containers"),
                        new Choice<>("qemu", "VMs"),
                        new Choice<>("lxc", "Containers")));
        List<Choice<LabId>> labs = new java.util.ArrayList<>();
        labs.add(new Choice<>(null, "All labs"));
        inventory.labs().stream().filter(LabView::proxmox).forEach(l -> labs.add(new Choice<>(l.id(), l.name())));
        choices(lab, "Lab", labs);
        lab.setVisible(labs.size() > 2);
        Div row = new Div(text, power, kind, lab, count);
        row.addClassNames("row", "filters");
        return row;
    }

    private <V> void choices(Select<Choice<V>> select, String label, List<Choice<V>> choices) {
        select.setAriaLabel(label);
        select.setItemLabelGenerator(Choice::word);
        select.setItems(choices);
        select.setValue(choices.getFirst());
        select.addValueChangeListener(change -> filtered());
    }

    private Listing<GuestView> listing() {
        Listing<GuestView> grid = new Listing<>(
                "guests-listing",
                LitRenderer.<GuestView>of(ROW)
                        .withProperty(
                                "stale",
                                g -> g.verdict().level() == dev.rackhouse.base.Verdict.Level.STALE ? "stale-facts" : "")
                        .withProperty("level", g -> g.verdict().level().word())
                        .withProperty("why", g -> Shown.why(g.verdict()))
                        .withProperty("status", g -> g.lock() == null ? g.status() : g.status() + ", " + g.lock())
                        .withProperty("vmid", g -> g.ref().vmid().value())
                        .withProperty("glyph", g -> g.vm() ? "vm" : "container")
                        .withProperty("kind", g -> g.template() ? "template" : g.vm() ? "VM" : "container")
                        .withProperty("href", g -> InventoryLinks.guest(g.ref()))
                        .withProperty("name", GuestView::title)
                        .withProperty(
                                "node",
                                g -> g.node() == null ? Shown.UNKNOWN : g.node().node())
                        .withProperty(
                                "nodeHref",
                                g -> g.node() == null ? InventoryLinks.NODES : InventoryLinks.node(g.node()))
                        .withProperty("lab", GuestView::labName)
                        .withProperty("cpu", GuestsView::cpu)
                        .withProperty(
                                "memory",
                                g -> g.running() ? Shown.of(g.memoryUsed(), g.memory()) : Shown.text(g.memory()))
                        .withProperty("disk", g -> Shown.text(g.disk()))
                        .withProperty("passes", GuestView::passesDevices)
                        .withProperty("tags", g -> String.join(" ", g.tags()))
                        .withProperty("uptime", g -> g.running() ? Shown.span(g.uptime()) : "")
                        .withProperty("actions", g -> !actions.isEmpty())
                        .withFunction("act", this::act));
        grid.setDataProvider(rows);
        grid.sortable("State", "STATUS", this::sort)
                .sortable("VMID", "VMID", this::sort)
                .sortable("Name", "NAME", this::sort)
                .sortable("Node", "NODE", this::sort)
                .sortable("CPU", "CPU", this::sort)
                .sortable("Memory", "MEMORY", this::sort)
                .sortable("Disk", "DISK", this::sort)
                .heading("Tags")
                .sortable("Up", "UPTIME", this::sort)
                .heading("");
        grid.mark("VMID", false);
        return grid;
    }

    /** What can be done with a guest, as it stands now. */
    private void act(GuestView row) {
        GuestView guest = inventory.guest(row.ref()).orElse(row);
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle(guest.label());
        Div buttons =
                new Div(actions.stream().flatMap(a -> a.create(guest).stream()).toArray(Component[]::new));
        buttons.addClassNames("row", "guest-actions");
        // an action leads elsewhere, or opens a dialog of its own: this one has done its part
        buttons.getElement()
                .addEventListener("click", click -> dialog.close())
                .setFilter("event.target.closest('vaadin-button:not([disabled]), a') != null");
        Div state = new Div(new StatusBadge(guest.verdict()), Shown.span(guest.status(), "muted"));
        state.addClassName("row");
        dialog.add(state, buttons);
        dialog.getFooter().add(Shown.link(InventoryLinks.guest(guest.ref()), "Open its page"));
        dialog.open();
    }

    private static String cpu(GuestView guest) {
        String cores = guest.cpus() == null ? Shown.UNKNOWN : guest.cpus().toString();
        return guest.running() && guest.cpu() != null
                ? String.format(Locale.ROOT, "%.0f %% of %s", guest.cpu() * 100, cores)
                : cores;
    }

    private GuestQuery query() {
        return new GuestQuery(
                text.getValue(),
                lab.getValue().value(),
                null,
                kind.getValue().value(),
                power.getValue().value(),
                true,
                order,
                descending);
    }

    private void sort(String key, boolean down) {
        order = GuestQuery.Order.valueOf(key);
        descending = down;
        rows.refreshAll();
    }

    private void filtered() {
        count();
        rows.refreshAll();
    }

    private int count() {
        int found = inventory.countGuests(query());
        count.setText(found + (found == 1 ? " guest" : " guests"));
        return found;
    }

    @Override
    public void changed() {
        int found = count();
        boolean all = text.isEmpty()
                && power.getValue().value() == null
                && kind.getValue().value() == null
                && lab.getValue().value() == null;
        if (found == 0 && all) {
            body.removeAll();
            body.add(empty());
        } else if (body.getChildren().noneMatch(Listing.class::isInstance)) {
            body.removeAll();
            body.add(listing());
        } else {
            rows.refreshAll();
        }
        strip.refresh();
    }

    private EmptyState empty() {
        return inventory.labs().isEmpty()
                ? new EmptyState(
                        "No lab is connected",
                        "Connect a Proxmox endpoint and its guests appear here within seconds.",
                        new Anchor("labs", "Connect a lab"))
                : new EmptyState(
                        "No guest has been seen",
                        "The connected labs list no VM and no container. If there are some, the token may lack VM.Audit.",
                        new Anchor("labs", "Check what the token may do"));
    }

    @Override
    void aged() {
        strip.refresh();
    }

    @Override
    void sampled() {
        rows.refreshAll();
    }
}
