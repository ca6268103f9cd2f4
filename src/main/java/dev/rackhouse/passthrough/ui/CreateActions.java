package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.NativeButton;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.SearchHit;
import dev.rackhouse.base.ui.SearchSource;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.NodeAction;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ways into the wizard from other pages. */
@Configuration(proxyBeanMethods = false)
class CreateActions {

    /** Beside an IOMMU group: for the function that stands for the device, once for each slot. */
    @Bean
    DeviceAction createPassthroughVmWithDevice() {
        return new DeviceAction() {
            @Override
            public int order() {
                return 10;
            }

            @Override
            public Optional<Component> create(PciDeviceView device, IommuGroupView group) {
                if (!standsForItsSlot(device, group)) {
                    return Optional.empty();
                }
                String text = "Create passthrough VM with this";
                boolean heldByGuest = group.devices().stream().anyMatch(d -> d.holder() != null);
                if (group.standing() == IommuGroupView.Standing.BLOCKED && !heldByGuest) {
                    return Optional.of(disabled(text, "Not possible: " + group.reason() + "."));
                }
                return Optional.of(link(
                        text,
                        PassthroughRoutes.create(device.node(), device.address().toString())));
            }
        };
    }

    /** Whether it is the function by which its slot is offered: the GPU of a card, else the first that makes sense. */
    static boolean standsForItsSlot(PciDeviceView device, IommuGroupView group) {
        boolean first = group.devices().stream()
                .filter(d -> d.passable()
                        && d.address().slot().equals(device.address().slot()))
                .findFirst()
                .map(d -> d.address().equals(device.address()))
                .orElse(false);
        boolean gpu = device.kind() == PciDeviceView.Kind.GPU;
        boolean other = group.devices().stream()
                .anyMatch(d -> d.kind() == PciDeviceView.Kind.GPU
                        && d.address().slot().equals(device.address().slot()));
        return device.passable() && !device.bridge() && (gpu || !other && first);
    }

    /** On a node's page. */
    @Bean
    NodeAction createPassthroughVmOnNode() {
        return new NodeAction() {
            @Override
            public int order() {
                return 10;
            }

            @Override
            public Optional<Component> create(NodeView node) {
                return node.platform().equals("proxmox")
                        ? Optional.of(link("Create passthrough VM", PassthroughRoutes.create(node.ref(), null)))
                        : Optional.empty();
            }
        };
    }

    /** On a node's page: what stands in the way there. */
    @Bean
    NodeAction readinessOfNode() {
        return new NodeAction() {
            @Override
            public int order() {
                return 12;
            }

            @Override
            public Optional<Component> create(NodeView node) {
                return Optional.of(link("Readiness", PassthroughRoutes.readiness(node.ref())));
            }
        };
    }

    /** In the search palette. */
    @Bean
    SearchSource createPassthroughVmSearch() {
        return (query, limit) -> {
            String typed = query.toLowerCase(java.util.Locale.ROOT);
            boolean meant = typed.length() > 1 && "create passthrough vm new gpu".contains(typed);
            return meant && limit > 0
                    ? List.of(new SearchHit(
                            Glyph.Kind.ACTION,
                            "Create passthrough VM",
                            "give a GPU or another device to a new VM",
                            PassthroughRoutes.NEW))
                    : List.of();
        };
    }

    /** The wizard can free a card that a guest holds; what the host itself needs it can not. */
    private static Component disabled(String text, String reason) {
        NativeButton button = new NativeButton(text);
        button.addClassName("shell-button");
        button.setEnabled(false);
        button.setTitle(reason);
        return button;
    }

    private static Component link(String text, String address) {
        Anchor link = new Anchor(address, text);
        link.addClassName("shell-button");
        return link;
    }
}
