package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.QuantityBar;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.GuestQuery;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.NetworkView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import dev.rackhouse.inventory.StorageView;
import java.util.List;

/** What a node carries, each as a short list with a way to the whole. */
final class NodeLists {

    private static final int SHOWN = 12;

    private NodeLists() {}

    static Section guests(Inventory inventory, NodeView node) {
        GuestQuery query = GuestQuery.on(node.ref());
        List<GuestView> guests = inventory.guests(query, 0, SHOWN);
        int all = inventory.countGuests(query);
        Div list = stack();
        guests.forEach(g -> list.add(row(
                new StatusBadge(g.verdict()).iconOnly(),
                new Glyph(g.vm() ? Glyph.Kind.VM : Glyph.Kind.CONTAINER),
                Shown.link(InventoryLinks.guest(g.ref()), g.label()),
                Shown.span(g.status(), "faint", "small"))));
        if (guests.isEmpty()) {
            list.add(Shown.span(
                    node.platform().equals("host") ? "Not a Proxmox node." : "No guest stands here.", "muted"));
        }
        Section section = new Section("Guests", list);
        if (all > guests.size()) {
            list.add(Shown.link(InventoryLinks.GUESTS, "All " + all + " guests", "small"));
        }
        return section.beside(new AgeLabel(node.seen()));
    }

    static Section devices(NodeView node, List<IommuGroupView> groups, List<PciDeviceView> devices) {
        Div list = stack();
        groups.stream()
                .filter(g -> g.standing() != IommuGroupView.Standing.PLATFORM)
                .flatMap(g -> g.devices().stream()
                        .filter(PciDeviceView::passable)
                        .filter(d -> d.address().function() == 0)
                        .map(d -> row(
                                new Glyph(Shown.glyph(d.kind())),
                                Shown.link(InventoryLinks.device(d.node(), d.address()), d.name()),
                                GroupCard.badge(g),
                                Shown.span(
                                        d.holder() != null
                                                ? "guest " + d.holder().label()
                                                : Shown.text(d.driver()),
                                        "faint",
                                        "small"))))
                .limit(SHOWN)
                .forEach(list::add);
        if (devices.isEmpty()) {
            list.add(Shown.span("Not read yet: over SSH, or with Sys.Audit on /.", "muted"));
        }
        Section section = new Section("Devices", list)
                .beside(Shown.link(InventoryLinks.devices(node.ref()), "By IOMMU group", "small"));
        devices.stream().findFirst().ifPresent(d -> section.beside(new AgeLabel(d.seen())));
        return section;
    }

    static Section storage(List<StorageView> storages) {
        Div list = stack();
        storages.forEach(s -> {
            Double share = s.share();
            Div row = new Div(
                    Shown.span(s.storage(), "strong", "clip"),
                    share == null
                            ? new StatusBadge(s.verdict())
                            : new QuantityBar(share, 0.9, Shown.of(s.used(), s.total()), Shown.look(share, 0.9, 0.97)));
            row.addClassName("load-row");
            list.add(row);
        });
        if (storages.isEmpty()) {
            list.add(Shown.span("No storage is listed for it.", "muted"));
        }
        Section section = new Section("Storage", list);
        storages.stream().findFirst().ifPresent(s -> section.beside(new AgeLabel(s.seen())));
        return section;
    }

    static Section network(NodeRef node, List<NetworkView> networks) {
        Div list = stack();
        networks.stream()
                .filter(n -> n.bridge() || n.cidr() != null)
                .limit(SHOWN)
                .forEach(n -> list.add(row(
                        new Glyph(Glyph.Kind.NET),
                        Shown.span(n.name(), "mono", "strong"),
                        Shown.span(n.cidr() == null ? "" : n.cidr(), "mono", "small"),
                        Shown.span(n.ports().isEmpty() ? "" : "on " + String.join(" ", n.ports()), "faint", "small"),
                        Shown.span(n.nics().isEmpty() ? "" : n.nics().size() + " guest cards", "faint", "small"))));
        if (networks.isEmpty()) {
            list.add(Shown.span("Not read yet.", "muted"));
        }
        Section section =
                new Section("Network", list).beside(Shown.link(InventoryLinks.network(node), "As a picture", "small"));
        networks.stream().findFirst().ifPresent(n -> section.beside(new AgeLabel(n.seen())));
        return section;
    }

    private static Div stack() {
        Div list = new Div();
        list.addClassNames("stack", "short-list");
        return list;
    }

    private static Div row(com.vaadin.flow.component.Component... parts) {
        Div row = new Div(parts);
        row.addClassName("row");
        return row;
    }
}
