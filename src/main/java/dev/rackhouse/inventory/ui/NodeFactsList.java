package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.QuantityBar;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inventory.NodeView;
import org.jspecify.annotations.Nullable;

/** What a node is and how full it is. */
final class NodeFactsList {

    private NodeFactsList() {}

    static Section load(NodeView node) {
        NodeView.Figures figures = node.figures();
        Div bars = new Div();
        bars.addClassNames("stack", "load");
        Double cpu = figures == null ? null : figures.cpu();
        bar(
                bars,
                "CPU",
                cpu,
                Shown.percent(cpu) + (node.cpus() == null ? "" : " of " + node.cpus() + " CPUs"),
                null,
                Shown.look(cpu, 0.95, 2));
        Double memory = figures == null ? null : Shown.share(figures.memory(), node.memory());
        bar(
                bars,
                "Memory",
                memory,
                Shown.of(figures == null ? null : figures.memory(), node.memory()),
                0.9,
                Shown.look(memory, 0.9, 0.97));
        Double root = figures == null ? null : Shown.share(figures.rootDisk(), node.rootDisk());
        bar(
                bars,
                "Root disk",
                root,
                Shown.of(figures == null ? null : figures.rootDisk(), node.rootDisk()),
                0.9,
                Shown.look(root, 0.85, 0.95));
        Section section = new Section("Load", bars);
        if (figures != null) {
            section.beside(new AgeLabel(new dev.rackhouse.base.Seen(node.seen().source(), figures.at())));
        }
        return section;
    }

    private static void bar(
            Div bars, String name, @Nullable Double share, String text, @Nullable Double mark, String look) {
        Div row = new Div(
                Shown.span(name, "muted"),
                share == null
                        ? Shown.span(text.contains("/") ? text : "not known", "figure", "small")
                        : new QuantityBar(share, mark, text, look));
        row.addClassName("load-row");
        bars.add(row);
    }

    static Section machine(NodeView node) {
        NodeView.Host host = node.host();
        if (host == null) {
            return new Section(
                    "Machine",
                    Shown.span(
                            "It has not told anything about itself yet. Over SSH, or with Sys.Audit on the node, it does.",
                            "muted"));
        }
        Facts facts = new Facts()
                .fact("CPU", Shown.text(host.cpuModel()) + cores(host))
                .fact("Board", Shown.text(host.board()))
                .fact("Firmware", firmware(host))
                .code("Kernel", Shown.text(host.kernel()))
                .fact("Boot loader", Shown.text(host.loader()))
                .fact("IOMMU", host.iommu() == null ? Shown.UNKNOWN : host.iommu() ? "on" : "off");
        if (host.cmdline() != null) {
            facts.code("Command line", host.cmdline());
        }
        if (host.pveVersion() != null) {
            facts.fact("Proxmox VE", host.pveVersion());
        }
        return new Section("Machine", facts).beside(new AgeLabel(host.seen()));
    }

    private static String cores(NodeView.Host host) {
        if (host.cores() != null && host.threads() != null) {
            return ", " + host.cores() + " cores, " + host.threads() + " threads";
        }
        return host.threads() == null ? "" : ", " + host.threads() + " threads";
    }

    private static String firmware(NodeView.Host host) {
        String kind = host.firmware() == null ? "" : host.firmware().equals("efi") ? "UEFI" : "BIOS";
        String secure = host.secureBoot() == null ? "" : host.secureBoot() ? ", secure boot on" : ", secure boot off";
        String version = host.bios() == null ? "" : " " + host.bios();
        String all = kind + version + secure;
        return all.isBlank() ? Shown.UNKNOWN : all.strip();
    }
}
