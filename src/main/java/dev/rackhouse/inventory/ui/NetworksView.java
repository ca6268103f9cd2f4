package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteAlias;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NetworkView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.StagedNetwork;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network of one node: which cards lead to which bridges, and which guests stand behind which VLAN. */
@Route(InventoryLinks.NETWORK)
@RouteAlias(InventoryLinks.NETWORK_OF)
@PageTitle("Network · Rackhouse")
@PermitAll
class NetworksView extends LivePage implements BeforeEnterObserver {

    private final Inventory inventory;
    private final NodeChooser chooser = new NodeChooser(node -> UI.getCurrent().navigate(InventoryLinks.network(node)));
    private final Div age = new Div();
    private final Div body = new Div();
    private @Nullable NodeRef node;

    NetworksView(Inventory inventory, InventoryFeed feed) {
        super(feed);
        this.inventory = inventory;
        Div filters = new Div(chooser, age);
        filters.addClassNames("row", "filters");
        body.addClassName("page");
        add(new PageHeader("Network"), filters, body);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        List<NodeView> nodes = inventory.nodes();
        node = InventoryLinks.node(
                        event.getRouteParameters().get("lab").orElse(null),
                        event.getRouteParameters().get("node").orElse(null))
                .or(() -> nodes.stream().map(NodeView::ref).findFirst())
                .orElse(null);
        chooser.offer(nodes, node);
        if (node != null) {
            inventory.opened(node);
        }
        changed();
    }

    @Override
    public void changed() {
        body.removeAll();
        age.removeAll();
        body.removeClassName("stale-facts");
        NodeRef shown = node;
        if (shown == null) {
            body.add(new EmptyState(
                    "No node has been seen",
                    "Connect a lab; its networks appear here.",
                    new Anchor("labs", "Connect a lab")));
            return;
        }
        List<NetworkView> networks = inventory.networks(shown);
        if (networks.isEmpty()) {
            body.add(new EmptyState(
                    "The network of " + shown.node() + " has not been read yet",
                    "It is read in turn, and now that you look, sooner. Bridges need SDN.Audit; without it Proxmox leaves them out silently.",
                    new Anchor("labs", "Check what the token may do")));
            return;
        }
        age.add(new AgeLabel(networks.getFirst().seen()));
        inventory.node(shown).filter(NodeView::stale).ifPresent(n -> {
            body.addClassName("stale-facts");
            body.add(new Notice(n.verdict().level(), n.name(), Shown.why(n.verdict())));
        });
        inventory.stagedNetwork(shown).ifPresent(s -> body.add(staged(s)));
        Div pictures = new Div();
        pictures.addClassName("bridges");
        networks.stream().filter(NetworkView::bridge).forEach(b -> pictures.add(new BridgePicture(b, networks)));
        if (pictures.getChildren().findAny().isPresent()) {
            body.add(new Section("Bridges", pictures));
        }
        body.add(new Section("Interfaces", table(networks)));
    }

    private static Notice staged(StagedNetwork staged) {
        Pre difference = new Pre(staged.difference());
        difference.addClassNames("command", "small");
        return new Notice(
                        Verdict.Level.ATTENTION,
                        "A staged network change goes live at the next reboot of "
                                + staged.node().node(),
                        "Somebody changed the network in Proxmox and did not apply it. Apply or revert it there before the node is rebooted for another reason.")
                .actions(difference);
    }

    private static Div table(List<NetworkView> networks) {
        Div cards = new Div();
        cards.addClassName("cards");
        networks.forEach(n -> {
            Facts facts = new Facts().fact("Kind", n.type());
            if (n.cidr() != null) {
                facts.code("Address", n.cidr());
            }
            if (n.gateway() != null) {
                facts.code("Gateway", n.gateway());
            }
            if (!n.ports().isEmpty()) {
                facts.code("Ports", String.join(" ", n.ports()));
            }
            if (n.vlan() != null) {
                facts.fact("VLAN", n.vlan() + (n.rawDevice() == null ? "" : " on " + n.rawDevice()));
            }
            if (n.bridge()) {
                facts.fact("VLAN aware", n.vlanAware() ? "yes" + (n.vids() == null ? "" : ", " + n.vids()) : "no");
            }
            if (n.mtu() != null) {
                facts.fact("MTU", n.mtu());
            }
            if (n.comments() != null) {
                facts.fact("Comment", n.comments());
            }
            Div card = new Div(
                    Shown.span(n.name(), "mono", "strong"),
                    Shown.span(n.active() == null ? "" : n.active() ? "active" : "not active", "small", "muted"),
                    facts);
            card.addClassNames("card", "interface");
            cards.add(card);
        });
        return cards;
    }
}
