package dev.rackhouse.inventory.ui;

import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.SearchHit;
import dev.rackhouse.base.ui.SearchSource;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.GuestQuery;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Nodes, guests, GPUs and devices for the search palette, from what is stored. */
@Component
class InventorySearch implements SearchSource {

    private final Inventory inventory;

    InventorySearch(Inventory inventory) {
        this.inventory = inventory;
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public List<SearchHit> search(String query, int limit) {
        String wanted = query.toLowerCase(Locale.ROOT);
        var hits = new ArrayList<SearchHit>();
        List<NodeView> nodes = inventory.nodes();
        nodes.stream()
                .filter(n ->
                        (n.name() + " " + n.labName()).toLowerCase(Locale.ROOT).contains(wanted))
                .limit(limit)
                .forEach(n -> hits.add(new SearchHit(
                        Glyph.Kind.NODE, n.name(), "node · " + n.labName(), InventoryLinks.node(n.ref()))));
        if (wanted.isEmpty()) {
            return hits;
        }
        inventory
                .guests(new GuestQuery(query, null, null, null, null, true, GuestQuery.Order.VMID, false), 0, limit)
                .forEach(g -> hits.add(new SearchHit(
                        g.vm() ? Glyph.Kind.VM : Glyph.Kind.CONTAINER,
                        g.label(),
                        (g.vm() ? "VM" : "container")
                                + (g.node() == null
                                        ? ""
                                        : " on "
                                                + Objects.requireNonNull(g.node())
                                                        .node()),
                        InventoryLinks.guest(g.ref()))));
        inventory.gpus().stream()
                .filter(g -> matches(g.device(), wanted))
                .limit(limit)
                .forEach(g -> hits.add(gpu(g)));
        if (wanted.length() >= 3) {
            inventory
                    .findDevices(query, limit)
                    .forEach(d -> hits.add(new SearchHit(
                            Shown.glyph(d.kind()),
                            d.name(),
                            d.address() + " on " + d.node().node(),
                            InventoryLinks.device(d.node(), d.address()))));
        }
        return hits;
    }

    private static boolean matches(PciDeviceView device, String wanted) {
        return (device.name() + " " + device.address() + " " + device.ids())
                .toLowerCase(Locale.ROOT)
                .contains(wanted);
    }

    private static SearchHit gpu(GpuView gpu) {
        return new SearchHit(
                Glyph.Kind.GPU,
                gpu.device().name(),
                "GPU " + gpu.device().address() + " on " + gpu.device().node().node() + " · "
                        + gpu.state().word(),
                InventoryLinks.device(gpu.device().node(), gpu.device().address()));
    }
}
