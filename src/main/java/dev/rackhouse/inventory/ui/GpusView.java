package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.GpuPart;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NodeView;
import jakarta.annotation.security.PermitAll;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All GPUs of all labs, a card each: who has it, how it hangs, what can be done with it. */
@Route(InventoryLinks.GPUS)
@PageTitle("GPUs · Rackhouse")
@PermitAll
class GpusView extends LivePage {

    /** So many cards stand on the page at once; more come by a button. */
    private static final int STEP = 48;

    private final Inventory inventory;
    private final List<DeviceAction> actions;
    private final List<GpuPart> parts;
    private final LabStrip strip;
    private final Div summary = new Div();
    private final Div cards = new Div();
    private final com.vaadin.flow.component.button.Button more =
            new com.vaadin.flow.component.button.Button("Show more");
    private int limit = STEP;

    GpusView(Inventory inventory, InventoryFeed feed, List<DeviceAction> actions, List<GpuPart> parts) {
        super(feed);
        this.inventory = inventory;
        this.actions = actions.stream()
                .sorted(Comparator.comparingInt(DeviceAction::order))
                .toList();
        this.parts =
                parts.stream().sorted(Comparator.comparingInt(GpuPart::order)).toList();
        this.strip = new LabStrip(inventory, null);
        cards.addClassName("cards");
        summary.addClassNames("row", "muted");
        more.addClickListener(click -> {
            limit += STEP;
            changed();
        });
        add(new PageHeader("GPUs").subtitle(summary), strip, cards, more);
        changed();
    }

    @Override
    public void changed() {
        List<GpuView> gpus = inventory.gpus().stream()
                .sorted(Comparator.comparing((GpuView g) ->
                                g.vram() == null && g.companions().isEmpty())
                        .thenComparing(GpuView::labName)
                        .thenComparing(g -> g.device().node().node())
                        .thenComparing(GpuView::index))
                .toList();
        cards.removeAll();
        Set<NodeRef> hosts = inventory.nodes().stream()
                .filter(n -> !n.platform().equals("proxmox"))
                .map(NodeView::ref)
                .collect(Collectors.toSet());
        gpus.stream()
                .limit(limit)
                .forEach(
                        g -> cards.add(new GpuCard(g, hosts.contains(g.device().node()) ? List.of() : actions, parts)));
        more.setVisible(gpus.size() > limit);
        summary.setText(gpus.size() + (gpus.size() == 1 ? " GPU" : " GPUs") + ", " + count(gpus, GpuView.State.FREE)
                + " free, " + count(gpus, GpuView.State.GUEST) + " in guests, " + count(gpus, GpuView.State.HOST)
                + " used by hosts");
        if (gpus.isEmpty()) {
            cards.add(new EmptyState(
                    "No GPU has been seen",
                    "GPUs are found by the probe over SSH, or in Proxmox's device list where the token has Sys.Audit on /.",
                    new Anchor("labs", "Check how the labs are connected")));
        }
        strip.refresh();
    }

    private static long count(List<GpuView> gpus, GpuView.State state) {
        return gpus.stream().filter(g -> g.state() == state).count();
    }

    @Override
    void aged() {
        strip.refresh();
    }
}
