package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteAlias;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import jakarta.annotation.security.PermitAll;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The PCI devices of one node by IOMMU group: what can be given to a guest, and what stands in the way. */
@Route(InventoryLinks.DEVICES)
@RouteAlias(InventoryLinks.DEVICES_OF)
@PageTitle("Devices · Rackhouse")
@PermitAll
class DevicesView extends LivePage implements BeforeEnterObserver {

    /** Which kinds are shown. */
    enum Filter {
        ENDPOINTS("Without bridges"),
        GPUS("GPUs"),
        DISKS("Storage controllers"),
        NETS("Network cards"),
        ALL("Everything");

        private final String word;

        Filter(String word) {
            this.word = word;
        }

        boolean shows(PciDeviceView device) {
            return switch (this) {
                case ENDPOINTS -> device.kind() != PciDeviceView.Kind.BRIDGE;
                case GPUS -> device.kind() == PciDeviceView.Kind.GPU;
                case DISKS -> device.kind() == PciDeviceView.Kind.DISK;
                case NETS -> device.kind() == PciDeviceView.Kind.NET;
                case ALL -> true;
            };
        }
    }

    private final Inventory inventory;
    private final List<DeviceAction> actions;
    private final NodeChooser chooser = new NodeChooser(node -> UI.getCurrent().navigate(InventoryLinks.devices(node)));
    private final Select<Filter> filter = new Select<>();
    private final Checkbox passable = new Checkbox("Only passable");
    private final Checkbox changedOnly = new Checkbox("Changed since boot");
    private final Div notices = new Div();
    private final Div groups = new Div();
    private final Div age = new Div();
    private @Nullable NodeRef node;

    DevicesView(Inventory inventory, InventoryFeed feed, List<DeviceAction> actions) {
        super(feed);
        this.inventory = inventory;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(DeviceAction::order))
                .toList();
        filter.setAriaLabel("Kinds of devices");
        filter.setItems(Filter.values());
        filter.setItemLabelGenerator(f -> f.word);
        filter.setValue(Filter.ENDPOINTS);
        filter.addValueChangeListener(change -> show());
        passable.addValueChangeListener(change -> show());
        changedOnly.addValueChangeListener(change -> show());
        Div filters = new Div(chooser, filter, passable, changedOnly, age);
        filters.addClassNames("row", "filters");
        notices.addClassName("stack");
        groups.addClassName("groups");
        add(new PageHeader("Devices by IOMMU group"), filters, notices, groups);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        List<NodeView> nodes = inventory.nodes();
        node = InventoryLinks.node(
                        event.getRouteParameters().get("lab").orElse(null),
                        event.getRouteParameters().get("node").orElse(null))
                .or(() -> nodes.stream()
                        .max(Comparator.comparingInt(NodeView::gpus))
                        .map(NodeView::ref))
                .orElse(null);
        chooser.offer(nodes, node);
        show();
    }

    @Override
    public void changed() {
        show();
    }

    private void show() {
        notices.removeAll();
        groups.removeAll();
        age.removeAll();
        NodeRef shown = node;
        if (shown == null) {
            groups.add(new EmptyState(
                    "No node has been seen",
                    "Connect a lab; its nodes and their devices appear here.",
                    new Anchor("labs", "Connect a lab")));
            return;
        }
        List<IommuGroupView> all = inventory.groups(shown);
        explain(shown, all);
        boolean proxmox =
                inventory.node(shown).map(n -> n.platform().equals("proxmox")).orElse(false);
        List<GroupCard> cards = all.stream()
                .filter(g -> !passable.getValue() || g.passable())
                .map(g -> new GroupCard(g, this::shows, proxmox ? actions : List.of()))
                .filter(GroupCard::hasRows)
                .toList();
        cards.forEach(groups::add);
        if (cards.isEmpty() && !all.isEmpty()) {
            groups.add(new EmptyState(
                    "No device matches the filters",
                    all.size() + " groups stand on this node. Choose other kinds, or take a filter away."));
        }
    }

    private boolean shows(PciDeviceView device) {
        return filter.getValue().shows(device) && (!changedOnly.getValue() || device.changedSinceBoot());
    }

    private void explain(NodeRef shown, List<IommuGroupView> all) {
        Optional<NodeView> view = inventory.node(shown);
        Optional<NodeFacts> facts = inventory.facts(shown);
        Button probe = ProbeButton.of(inventory, shown, this::show);
        all.stream().flatMap(g -> g.devices().stream()).findFirst().ifPresent(d -> age.add(new AgeLabel(d.seen())));
        age.add(probe);
        age.addClassName("row");
        facts.filter(f -> f.verdict().level() != Verdict.Level.OK)
                .ifPresent(f -> notices.add(new Notice(
                                f.verdict().level(),
                                "What is shown is from the last complete probe",
                                Shown.why(f.verdict()))
                        .actions(new CopyButton("Copy diagnostics", () -> Shown.why(f.verdict())))));
        if (facts.isEmpty() && view.isPresent() && !all.isEmpty()) {
            notices.add(
                    new Notice(
                            Verdict.Level.ATTENTION,
                            "No probe has run on " + shown.node(),
                            "Drivers, reset methods, links and what the host itself needs are read over SSH. Without it no device can be given away safely. Add the host to the lab's page."));
        }
        if (all.isEmpty()) {
            groups.add(new EmptyState(
                    "No device of " + shown.node() + " has been seen",
                    "Its devices are read over SSH, or from Proxmox where the token has Sys.Audit on /.",
                    new Anchor("labs", "Check how the lab is connected")));
        }
        view.filter(NodeView::stale).ifPresent(v -> groups.addClassName("stale-facts"));
        if (view.isPresent() && !view.get().stale()) {
            groups.removeClassName("stale-facts");
        }
    }
}
