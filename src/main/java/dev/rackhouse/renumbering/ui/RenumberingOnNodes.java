package dev.rackhouse.renumbering.ui;

import com.vaadin.flow.component.html.Anchor;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.inventory.NodeAction;
import dev.rackhouse.inventory.NodeCard;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.renumbering.LayoutChange;
import dev.rackhouse.renumbering.Renumberings;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The way to the renumbering page: shown only where something moved. */
@Configuration(proxyBeanMethods = false)
class RenumberingOnNodes {

    @Bean
    NodeAction renumber(Renumberings renumberings) {
        return new NodeAction() {
            @Override
            public int order() {
                return 30;
            }

            @Override
            public Optional<com.vaadin.flow.component.Component> create(NodeView node) {
                return moved(renumberings, node).map(change -> link(node));
            }
        };
    }

    @Bean
    NodeCard movedDevices(Renumberings renumberings) {
        return new NodeCard() {
            @Override
            public int order() {
                return 5;
            }

            @Override
            public Optional<com.vaadin.flow.component.Component> create(NodeView node) {
                return moved(renumberings, node)
                        .map(change -> new Notice(
                                        Verdict.Level.ATTENTION,
                                        change.sentence() + " since the last accepted boot",
                                        "Mappings, raw addresses of guests, and files of ours may name the wrong device.")
                                .actions(link(node)));
            }
        };
    }

    /** Names of devices stand in Proxmox; a host without it has none to put right. */
    private static Optional<LayoutChange> moved(Renumberings renumberings, NodeView node) {
        return node.platform().equals("proxmox") ? renumberings.moved(node.ref()) : Optional.empty();
    }

    private static Anchor link(NodeView node) {
        Anchor link = new Anchor(RenumberRoutes.of(node.ref()), "Renumbering…");
        link.addClassName("shell-button");
        return link;
    }
}
