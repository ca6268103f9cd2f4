package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.GpuPart;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.List;
import java.util.stream.Collectors;

/** One GPU. */
class GpuCard extends Div {

    GpuCard(GpuView gpu, List<DeviceAction> actions, List<GpuPart> parts) {
        addClassNames("card", "gpu-card");
        if (gpu.verdict().level() == Verdict.Level.STALE) {
            addClassName("stale-facts");
        }
        PciDeviceView d = gpu.device();
        Div title = new Div(new Glyph(Glyph.Kind.GPU), new H3(d.name()));
        title.addClassName("row");
        Div place = new Div(
                Shown.link(InventoryLinks.node(d.node()), d.node().node()),
                Shown.span(gpu.labName(), "faint"),
                Shown.link(
                        InventoryLinks.device(d.node(), d.address()),
                        d.address().toString(),
                        "mono"));
        place.addClassNames("row", "small");
        StatusBadge state = StatusBadge.of(
                gpu.verdict().level().word(),
                gpu.verdict().level() == Verdict.Level.STALE
                        ? "stale, was " + gpu.state().word()
                        : gpu.state().word());
        if (!gpu.verdict().reasons().isEmpty()) {
            state.setTitle(Shown.why(gpu.verdict()));
        }
        Div who = new Div(state, sentence(gpu));
        who.addClassName("row");
        add(title, place, who);
        parts.forEach(part -> part.create(gpu).ifPresent(this::add));
        add(facts(gpu), new AgeLabel(d.seen()));
        Div buttons = new Div(
                actions.stream().flatMap(a -> a.create(d, gpu.group()).stream()).toArray(Component[]::new));
        buttons.addClassName("row");
        add(buttons);
    }

    private static Component sentence(GpuView gpu) {
        PciDeviceView.Owner holder = gpu.device().holder();
        return holder == null
                ? Shown.span(gpu.sentence(), "muted")
                : Shown.link(InventoryLinks.guest(holder.guest()), gpu.sentence());
    }

    private static Facts facts(GpuView gpu) {
        PciDeviceView d = gpu.device();
        Facts facts = new Facts()
                .fact("Memory", gpu.vram() == null ? Shown.UNKNOWN : gpu.vram().toString())
                .fact("Driver", d.driver() == null ? Shown.UNKNOWN : d.driver().isEmpty() ? "none" : d.driver());
        Div group = new Div(
                Shown.span(
                        gpu.group().number() == null
                                ? "none"
                                : gpu.group().number().toString(),
                        "figure"),
                gpu.state() == GpuView.State.GUEST ? StatusBadge.of("off", "in use") : GroupCard.badge(gpu.group()));
        group.addClassName("row");
        facts.fact("IOMMU group", group);
        facts.fact("Link", Shown.text(d.link()));
        List<String> reset = d.resetMethods();
        facts.fact("Reset", reset == null ? Shown.UNKNOWN : reset.isEmpty() ? "none" : String.join(" · ", reset));
        if (d.numaNode() != null) {
            facts.fact("NUMA node", d.numaNode().toString());
        }
        if (!gpu.companions().isEmpty()) {
            facts.fact(
                    "Goes with",
                    gpu.companions().stream()
                            .map(c -> "." + c.address().function() + " "
                                    + c.kind().name().toLowerCase(java.util.Locale.ROOT))
                            .collect(Collectors.joining(", ")));
        }
        return facts;
    }
}
