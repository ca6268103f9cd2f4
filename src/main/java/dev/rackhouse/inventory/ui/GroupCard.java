package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One IOMMU group: what it is good for and why, and its devices, one a row. */
class GroupCard extends Div {

    private final List<PciDeviceView> rows;

    GroupCard(IommuGroupView group, Predicate<PciDeviceView> shown, List<DeviceAction> actions) {
        addClassName("group");
        rows = group.devices().stream().filter(shown).toList();
        Div head = new Div();
        head.addClassNames("row", "group-head");
        head.add(new H3(group.number() == null ? "No group" : "Group " + group.number()), badge(group));
        if (!group.reason().isEmpty()) {
            head.add(Shown.span(group.reason(), "muted", "wrap-anywhere"));
        }
        Div buttons = new Div(group.devices().stream()
                .filter(PciDeviceView::passable)
                .limit(1)
                .flatMap(d -> actions.stream().flatMap(a -> a.create(d, group).stream()))
                .toArray(Component[]::new));
        buttons.addClassNames("row", "group-actions");
        head.add(buttons);
        add(head);
        rows.forEach(d -> add(row(d)));
        int hidden = group.devices().size() - rows.size();
        if (hidden > 0 && !rows.isEmpty()) {
            add(Shown.span("and " + hidden + " more, not shown by the filter", "faint", "small"));
        }
    }

    boolean hasRows() {
        return !rows.isEmpty();
    }

    static StatusBadge badge(IommuGroupView group) {
        String look = switch (group.standing()) {
            case ISOLATED -> "ok";
            case SHARED -> "attention";
            case BLOCKED -> "critical";
            case PLATFORM -> "off";
            case UNKNOWN -> "unknown";
        };
        StatusBadge badge = StatusBadge.of(look, group.standing().word());
        badge.setTitle(group.reason().isEmpty() ? "It stands alone and can be given to a guest" : group.reason());
        return badge;
    }

    private static Div row(PciDeviceView d) {
        Span name = new Span(new Glyph(Shown.glyph(d.kind())), new Span(" " + d.name()));
        name.addClassNames("clip", "device-name");
        name.setTitle(
                d.name() + "\nclass " + d.classCode() + (d.subsystem() == null ? "" : "\nsubsystem " + d.subsystem()));
        Div row = new Div(
                Shown.span(d.address().toString(), "mono"),
                name,
                Shown.span(d.ids(), "mono", "muted", "device-ids"),
                Shown.span(driver(d), d.vfio() ? "device-vfio" : "muted", "mono", "clip"),
                owner(d),
                Shown.span(reset(d), "small", "muted", "clip"),
                link(d),
                Shown.span(d.numaNode() == null ? "" : "NUMA " + d.numaNode(), "small", "muted"),
                marks(d));
        row.addClassName("pci-row");
        row.setId(InventoryLinks.anchor(d.address()));
        return row;
    }

    private static String driver(PciDeviceView d) {
        String driver = d.driver();
        return driver == null ? "driver not known" : driver.isEmpty() ? "no driver" : driver;
    }

    private static Component owner(PciDeviceView d) {
        PciDeviceView.Owner holder = d.holder();
        Div owner = new Div();
        owner.addClassNames("device-owner", "clip");
        if (holder != null) {
            owner.add(Shown.link(InventoryLinks.guest(holder.guest()), "guest " + holder.label()));
            return owner;
        }
        if (!d.neededBy().isEmpty()) {
            Span host = Shown.span("host needs it", "device-needed");
            host.setTitle(String.join("\n", d.neededBy()));
            owner.add(host);
            return owner;
        }
        if (!d.wanted().isEmpty()) {
            owner.add(new Span("free, named by "));
            d.wanted().stream()
                    .limit(2)
                    .forEach(w -> owner.add(Shown.link(InventoryLinks.guest(w.guest()), w.label()), new Span(" ")));
            if (d.wanted().size() > 2) {
                owner.add(new Span("+" + (d.wanted().size() - 2)));
            }
            return owner;
        }
        String driver = d.driver();
        boolean free = driver != null && (driver.isEmpty() || d.vfio());
        owner.add(Shown.span(d.passable() && free ? "free" : d.passable() && driver != null ? "host" : "", "muted"));
        return owner;
    }

    private static String reset(PciDeviceView d) {
        List<String> methods = d.resetMethods();
        if (methods == null || d.kind() == PciDeviceView.Kind.BRIDGE) {
            return "";
        }
        return methods.isEmpty() ? "no reset" : "reset " + String.join(" · ", methods);
    }

    private static Component link(PciDeviceView d) {
        String link = Optional.ofNullable(d.link()).orElse("");
        Span shown = Shown.span(link, "small", d.linkDegraded() ? "device-degraded" : "muted");
        if (d.linkDegraded()) {
            shown.setTitle(
                    "Fewer lanes than the device and the slot could have: a riser, a shared slot, or dirt in the slot");
        }
        return shown;
    }

    private static Component marks(PciDeviceView d) {
        Div marks = new Div();
        marks.addClassNames("row", "device-marks");
        if (d.dead()) {
            marks.add(Shown.chip("does not answer", "critical"));
        }
        if (d.linkDegraded()) {
            marks.add(Shown.chip("link degraded", "attention"));
        }
        if (d.changedSinceBoot()) {
            marks.add(Shown.chip("changed since boot", "attention"));
        }
        if (d.bootVga()) {
            marks.add(Shown.chip("primary display"));
        }
        if (d.mediated()) {
            marks.add(Shown.chip("vGPU"));
        }
        return marks;
    }
}
