package dev.rackhouse.dashboard;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.ui.EngineParts;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.List;

/**
 * The rack, one line a chain: node, IOMMU group, GPU, guest, engine, model, tokens. Each word leads to its page; what depends on the word under the pointer
 * lights up.
 */
@JsModule("context://ui/rack.js")
class RackPicture extends Div {

    private static final int LINES = 80;

    private final EngineParts engines;

    RackPicture(List<Chain> chains, List<DeviceAction> actions, EngineParts engines) {
        this.engines = engines;
        addClassName("rack");
        Div what = new Div(cell(""), cell("Engine"), cell("Model"), cell(""), cell("Tokens/s"));
        what.addClassName("engine-line");
        Div head = new Div(cell("Node"), cell("Group"), cell("GPU"), cell("Guest"), what);
        head.addClassNames("rack-line", "rack-head");
        add(head);
        String before = "";
        for (Chain chain : chains.stream().limit(LINES).toList()) {
            String node = chain.node().ref().toString();
            add(line(chain, node.equals(before), actions));
            before = node;
        }
        if (chains.size() > LINES) {
            add(new Anchor(InventoryLinks.NODES, "and " + (chains.size() - LINES) + " more"));
        }
    }

    private static Span cell(String text) {
        return new Span(text);
    }

    private Div line(Chain chain, boolean again, List<DeviceAction> actions) {
        NodeView node = chain.node();
        String nodeId = "n:" + node.ref();
        Div line = new Div(node(node, again, nodeId));
        line.addClassName("rack-line");
        if (again) {
            line.addClassName("rack-again");
        }
        if (node.stale()) {
            line.addClassName("stale-facts");
        }
        GpuView gpu = chain.gpu();
        if (gpu == null) {
            Span none = new Span(node.guestsRunning() + " of " + node.guests() + " guests run, no GPU");
            none.addClassNames("faint", "rack-rest");
            lit(none, "r:" + node.ref(), nodeId);
            line.add(none);
            if (!chain.engines().isEmpty()) {
                none.setText("no GPU of its own");
                none.addClassName("rack-part");
                line.add(engines(chain, "e:" + node.ref(), nodeId));
            }
            return line;
        }
        PciDeviceView d = gpu.device();
        String groupId = "g:" + node.ref() + ":" + d.group();
        String gpuId = "d:" + node.ref() + ":" + d.address();
        line.add(group(gpu, groupId, nodeId), gpu(gpu, gpuId, groupId, nodeId));
        line.add(guest(gpu, gpuId, groupId, nodeId));
        if (!chain.engines().isEmpty()) {
            String on = guestId(gpu, nodeId) + " " + gpuId + " " + groupId + " " + nodeId;
            line.add(engines(chain, "e:" + gpuId, on));
            return line;
        }
        Div buttons = new Div(
                gpu.state() == GpuView.State.FREE
                                && !node.stale()
                                && node.platform().equals("proxmox")
                        ? actions.stream()
                                .flatMap(a -> a.create(d, gpu.group()).stream())
                                .limit(1)
                                .toArray(Component[]::new)
                        : new Component[0]);
        buttons.addClassName("rack-action");
        line.add(buttons);
        return line;
    }

    private static Component node(NodeView node, boolean again, String id) {
        Div cell = new Div();
        cell.addClassNames("rack-cell", "rack-node");
        if (!again) {
            Anchor link = new Anchor(InventoryLinks.node(node.ref()), node.name());
            link.addClassName("strong");
            Span lab = new Span(node.labName());
            lab.addClassNames("faint", "small");
            cell.add(new StatusBadge(node.verdict()).iconOnly(), link, lab);
        }
        lit(cell, id, id);
        return cell;
    }

    private static Component group(GpuView gpu, String id, String nodeId) {
        Integer number = gpu.group().number();
        Anchor link = new Anchor(
                InventoryLinks.device(gpu.device().node(), gpu.device().address()),
                number == null ? "none" : number.toString());
        link.addClassName("figure");
        StatusBadge standing = StatusBadge.of(
                        switch (gpu.group().standing()) {
                            case ISOLATED -> "ok";
                            case SHARED -> "attention";
                            case BLOCKED -> gpu.state() == GpuView.State.FREE ? "critical" : "off";
                            case PLATFORM -> "off";
                            case UNKNOWN -> "unknown";
                        },
                        gpu.group().standing().word())
                .iconOnly();
        standing.setTitle(gpu.group().standing().word()
                + (gpu.group().reason().isEmpty() ? "" : ": " + gpu.group().reason()));
        Div cell = new Div(link, standing);
        cell.addClassName("rack-cell");
        lit(cell, id, id + " " + nodeId);
        return cell;
    }

    private static Component gpu(GpuView gpu, String id, String groupId, String nodeId) {
        Anchor link = new Anchor(
                InventoryLinks.device(gpu.device().node(), gpu.device().address()),
                gpu.device().name());
        Span memory = new Span(gpu.vram() == null ? "" : gpu.vram().toString());
        memory.addClassNames("figure", "small", "faint");
        Div cell = new Div(link, memory);
        cell.addClassName("rack-cell");
        if (gpu.device().linkDegraded()) {
            Span link2 = new Span(
                    "x" + gpu.device().linkWidth() + " of x" + gpu.device().linkWidthMax());
            link2.addClassNames("chip", "attention");
            cell.add(link2);
        }
        lit(cell, id, id + " " + groupId + " " + nodeId);
        return cell;
    }

    private static Component guest(GpuView gpu, String gpuId, String groupId, String nodeId) {
        PciDeviceView.Owner holder = gpu.device().holder();
        Div cell = new Div();
        cell.addClassName("rack-cell");
        String id = guestId(gpu, nodeId);
        if (holder != null) {
            cell.add(new Anchor(InventoryLinks.guest(holder.guest()), holder.label()));
        } else {
            Span state = new Span(
                    switch (gpu.state()) {
                        case FREE -> "free";
                        case HOST -> "the host uses it";
                        case WEDGED -> "does not answer";
                        case GUEST, UNKNOWN -> "not known";
                    });
            state.addClassName("muted");
            cell.add(state);
            gpu.device().wanted().stream().limit(2).forEach(w -> {
                Anchor link = new Anchor(InventoryLinks.guest(w.guest()), w.label());
                link.addClassNames("faint", "small");
                cell.add(link);
            });
        }
        lit(cell, id, id + " " + gpuId + " " + groupId + " " + nodeId);
        return cell;
    }

    private static String guestId(GpuView gpu, String nodeId) {
        PciDeviceView.Owner holder = gpu.device().holder();
        return "v:" + nodeId
                + (holder == null ? gpu.device().address() : holder.guest().vmid());
    }

    private Component engines(Chain chain, String id, String on) {
        Div cell = new Div(engines.lines(chain.engines()));
        cell.addClassNames("rack-cell", "rack-engines");
        lit(cell, id, id + " " + on);
        return cell;
    }

    /** @param on what the cell is and what it depends on */
    private static void lit(Component cell, String id, String on) {
        cell.getElement().setAttribute("data-id", id);
        cell.getElement().setAttribute("data-on", on);
    }
}
