package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.QuantityBar;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.PciDeviceView;
import dev.rackhouse.inventory.fact.NumaNode;
import java.util.List;

/** CPUs, memory, huge pages and devices by NUMA node: what lies close to what. */
class NumaPicture extends Div {

    NumaPicture(List<NumaNode> nodes, List<PciDeviceView> devices) {
        addClassName("numa");
        boolean one = nodes.size() == 1;
        nodes.forEach(n -> add(node(n, one, devices)));
    }

    private static Div node(NumaNode numa, boolean one, List<PciDeviceView> devices) {
        Div box = new Div();
        box.addClassNames("card", "numa-node");
        Div head = new Div(
                Shown.span("NUMA " + numa.number(), "strong"),
                Shown.span(numa.cpus().size() + " CPUs", "muted"),
                Shown.span(ranges(numa.cpus()), "mono", "small", "faint"));
        head.addClassName("row");
        ByteSize total = numa.total();
        ByteSize used = new ByteSize(Math.max(0, total.bytes() - numa.free().bytes()));
        Double share = Shown.share(used, total);
        box.add(head, new QuantityBar(share == null ? 0 : share, null, Shown.of(used, total), "normal"));
        numa.hugepages().forEach((size, pages) -> {
            if (pages.reserved() > 0) {
                long taken = pages.reserved() - pages.free();
                box.add(new QuantityBar(
                        (double) taken / pages.reserved(),
                        null,
                        taken + " / " + pages.reserved() + " pages of " + size,
                        "normal"));
            }
        });
        Div near = new Div();
        near.addClassName("row");
        devices.stream()
                .filter(d -> one
                        ? d.passable() && d.kind() == PciDeviceView.Kind.GPU
                        : Integer.valueOf(numa.number()).equals(d.numaNode()))
                .filter(PciDeviceView::passable)
                .filter(d -> d.address().function() == 0)
                .limit(12)
                .forEach(d -> {
                    Div chip = new Div(
                            new Glyph(Shown.glyph(d.kind())),
                            Shown.link(InventoryLinks.device(d.node(), d.address()), d.name(), "small"));
                    chip.addClassName("numa-device");
                    near.add(chip);
                });
        box.add(near);
        return box;
    }

    /** {@code 0-3,24-27}. */
    static String ranges(List<Integer> cpus) {
        var text = new StringBuilder();
        int start = -1;
        int last = -2;
        for (int cpu : cpus.stream().sorted().toList()) {
            if (cpu != last + 1) {
                end(text, start, last);
                start = cpu;
            }
            last = cpu;
        }
        end(text, start, last);
        return text.toString();
    }

    private static void end(StringBuilder text, int start, int last) {
        if (start >= 0) {
            text.append(text.isEmpty() ? "" : ",").append(start);
            if (last > start) {
                text.append('-').append(last);
            }
        }
    }
}
