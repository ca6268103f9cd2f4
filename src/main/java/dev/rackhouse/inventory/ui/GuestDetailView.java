package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.VmId;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.ChangeQuery;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.PciDeviceView;
import jakarta.annotation.security.PermitAll;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One guest: how it stands, what it has, how it is configured, what changed, and what can be done with it. */
@Route(InventoryLinks.GUEST)
@PermitAll
class GuestDetailView extends LivePage implements BeforeEnterObserver, HasDynamicTitle {

    private final Inventory inventory;
    private final List<GuestAction> actions;
    private @Nullable PageHeader head;
    private @Nullable GuestRef ref;
    private String title = "Guest";

    GuestDetailView(Inventory inventory, InventoryFeed feed, List<GuestAction> actions) {
        super(feed);
        this.inventory = inventory;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(GuestAction::order))
                .toList();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        ref = parse(
                event.getRouteParameters().get("lab").orElse(""),
                event.getRouteParameters().get("vmid").orElse(""));
        if (ref != null) {
            inventory.opened(ref);
        }
        changed();
    }

    private static @Nullable GuestRef parse(String lab, String vmid) {
        try {
            return new GuestRef(LabId.parse(lab), new VmId(Integer.parseInt(vmid)));
        } catch (IllegalArgumentException noGuest) {
            return null;
        }
    }

    @Override
    public void changed() {
        removeAll();
        GuestRef shown = ref;
        Optional<GuestView> found = shown == null ? Optional.empty() : inventory.guest(shown);
        if (found.isEmpty() || shown == null) {
            title = "Guest";
            add(
                    new PageHeader("Guest"),
                    new EmptyState(
                            "No such guest has been seen",
                            "It may stand in a lab that was removed, or it was never listed.",
                            new Anchor(InventoryLinks.GUESTS, "All guests")));
            return;
        }
        GuestView guest = found.get();
        title = guest.label();
        PageHeader next = header(guest).after(head);
        head = next;
        add(next);
        if (guest.verdict().level() != Verdict.Level.OK && guest.verdict().level() != Verdict.Level.OFF
                || guest.goneAt() != null) {
            add(new Notice(guest.verdict().level(), guest.label(), Shown.why(guest.verdict())));
        }
        Div columns = new Div(facts(guest), devices(guest), cards(shown), changes(guest));
        columns.addClassName("columns");
        add(columns, config(shown));
    }

    private PageHeader header(GuestView guest) {
        NodeRef node = guest.node();
        Span where = new Span();
        where.addClassName("row");
        where.add(
                new StatusBadge(guest.verdict()),
                new Span(guest.template() ? "template" : guest.vm() ? "VM" : "container"),
                new Span(guest.status()));
        if (node != null) {
            where.add(new Span("on"), Shown.link(InventoryLinks.node(node), node.node()));
        }
        where.add(Shown.span(guest.labName(), "faint"), new AgeLabel(guest.seen()));
        return new PageHeader(guest.label())
                .subtitle(where)
                .actions(actions.stream().flatMap(a -> a.create(guest).stream()).toArray(Component[]::new));
    }

    private Section facts(GuestView guest) {
        Facts facts = new Facts()
                .fact(
                        "CPUs",
                        guest.running() && guest.cpu() != null
                                ? Shown.text(guest.cpus()) + " · " + Shown.percent(guest.cpu()) + " used"
                                : Shown.text(guest.cpus()))
                .fact(
                        "Memory",
                        guest.running() ? Shown.of(guest.memoryUsed(), guest.memory()) : Shown.text(guest.memory()))
                .fact("Disk", Shown.text(guest.disk()))
                .fact("Up", guest.running() ? Shown.span(guest.uptime()) : "not running")
                .fact("Tags", guest.tags().isEmpty() ? Shown.UNKNOWN : String.join(", ", guest.tags()))
                .fact("Pool", Shown.text(guest.pool()))
                .fact("High availability", Shown.text(guest.ha()));
        if (guest.lock() != null) {
            facts.fact("Locked by", guest.lock());
        }
        return new Section("Facts", facts).beside(new AgeLabel(guest.seen()));
    }

    private Section devices(GuestView guest) {
        NodeRef node = guest.node();
        List<PciDeviceView> own = node == null || !guest.passesDevices()
                ? List.of()
                : inventory.devices(node).stream()
                        .filter(d -> java.util.stream.Stream.concat(
                                        Optional.ofNullable(d.holder()).stream(), d.wanted().stream())
                                .anyMatch(o -> o.guest().equals(guest.ref())))
                        .toList();
        if (own.isEmpty() || node == null) {
            return new Section(
                    "Devices",
                    Shown.span(
                            guest.passesDevices()
                                    ? "It names devices that are not on this node now."
                                    : "No device is passed to it.",
                            "muted"));
        }
        Div list = new Div();
        list.addClassName("stack");
        own.forEach(d -> {
            Div row = new Div(
                    new dev.rackhouse.base.ui.Glyph(Shown.glyph(d.kind())),
                    Shown.link(
                            InventoryLinks.device(node, d.address()),
                            d.address().toString(),
                            "mono"),
                    new Span(d.name()),
                    Shown.span(d.holder() == null ? "when it runs" : "has it now", "faint", "small"));
            row.addClassName("row");
            list.add(row);
        });
        return new Section("Devices", list).beside(new AgeLabel(own.getFirst().seen()));
    }

    private Section cards(GuestRef guest) {
        Optional<GuestConfigView> config = inventory.config(guest);
        Div list = new Div();
        list.addClassName("stack");
        config.ifPresent(c -> c.values().forEach((key, value) -> {
            if (key.matches("net\\d+")) {
                Div row = new Div(Shown.span(key, "strong"), Shown.span(value, "mono", "wrap-anywhere"));
                row.addClassName("row");
                list.add(row);
            }
        }));
        if (list.getChildren().findAny().isEmpty()) {
            list.add(Shown.span(config.isEmpty() ? "Not read yet." : "No network card.", "muted"));
        }
        return new Section("Network", list);
    }

    private Section changes(GuestView guest) {
        return new Section(
                        "Changes",
                        ChangeRows.of(inventory.changes(
                                new ChangeQuery(
                                        guest.ref().lab(),
                                        null,
                                        "guest",
                                        guest.ref().vmid().toString(),
                                        null,
                                        ""),
                                0,
                                8)))
                .beside(Shown.link(InventoryLinks.CHANGES, "All changes", "small"));
    }

    private Section config(GuestRef guest) {
        Optional<GuestConfigView> config = inventory.config(guest);
        if (config.isEmpty()) {
            return new Section("Configuration", Shown.span("It is being read; that takes a moment.", "muted"));
        }
        Facts facts = new Facts();
        config.get().values().forEach(facts::code);
        return new Section("Configuration", facts)
                .beside(new AgeLabel(config.get().seen()));
    }

    @Override
    public String getPageTitle() {
        return title + " · Rackhouse";
    }
}
