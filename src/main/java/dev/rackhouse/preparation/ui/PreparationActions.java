package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeAction;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Target;
import dev.rackhouse.passthrough.ui.FindingHelp;
import dev.rackhouse.preparation.Preparation;
import dev.rackhouse.preparation.ui.PreparationRoutes.Wish;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ways to the page: from a node, and from each finding that it can resolve. */
@Configuration(proxyBeanMethods = false)
class PreparationActions {

    @Bean
    NodeAction prepareThisHost() {
        return new NodeAction() {
            @Override
            public int order() {
                return 20;
            }

            @Override
            public Optional<Component> create(NodeView node) {
                return node.platform().equals("proxmox")
                        ? Optional.of(link("Prepare this host…", PreparationRoutes.of(node.ref())))
                        : Optional.empty();
            }
        };
    }

    @Bean
    FindingHelp prepareTheHostOfTheFinding(Inventory inventory) {
        return (node, finding) -> {
            boolean byWord = inventory
                    .facts(node)
                    .map(f -> Preparation.iommuByWord(f.facts()))
                    .orElse(false);
            return address(node, finding, byWord).map(a -> link("Prepare " + node.node() + "…", a));
        };
    }

    /** Empty for findings that no boot file resolves. */
    static Optional<String> address(NodeRef node, Finding finding, boolean iommuByWord) {
        return switch (finding.check()) {
            case "iommu.off" -> iommuByWord ? Optional.of(PreparationRoutes.of(node, Wish.IOMMU)) : Optional.empty();
            case "iommu.grub-stray" -> Optional.of(PreparationRoutes.of(node, Wish.STRAY));
            case "iommu.wrong-file", "iommu.pt", "vfio.modules" -> Optional.of(PreparationRoutes.of(node));
            case "vfio.virqfd" -> Optional.of(PreparationRoutes.of(node, Wish.VIRQFD));
            case "hp.free", "hp.pernode" -> Optional.of(PreparationRoutes.of(node, Wish.PAGES));
            case "gpu.fb" -> finding.blocks() ? early(node, finding) : Optional.empty();
            case "gpu.host-driver", "gpu.boot-vga", "func.turing", "twins.ids" -> early(node, finding);
            default -> Optional.empty();
        };
    }

    private static Optional<String> early(NodeRef node, Finding finding) {
        return slot(finding.target()).map(s -> PreparationRoutes.early(node, s));
    }

    private static Optional<PciSlot> slot(Target target) {
        return switch (target) {
            case Target.Slot(PciSlot slot) -> Optional.of(slot);
            case Target.Device device -> Optional.of(device.address().slot());
            case Target.Host _, Target.Guest _, Target.Iface _ -> Optional.empty();
        };
    }

    static Component link(String text, String address) {
        Anchor link = new Anchor(address, text);
        link.addClassName("shell-button");
        return link;
    }
}
