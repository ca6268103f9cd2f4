package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.inventory.NetworkView;
import dev.rackhouse.inventory.NetworkView.Nic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bridge as a picture: what leads into it on the left, itself in the middle, VLANs with their guests on the right. */
class BridgePicture extends Div {

    /** More guests of one VLAN are counted. */
    private static final int SHOWN = 24;

    BridgePicture(NetworkView bridge, List<NetworkView> all) {
        addClassName("bridge-picture");
        add(uplinks(bridge, all), middle(bridge), lanes(bridge, all));
    }

    private static Div uplinks(NetworkView bridge, List<NetworkView> all) {
        Div ports = new Div();
        ports.addClassName("bridge-ports");
        if (bridge.ports().isEmpty()) {
            ports.add(Shown.chip("no card: this node only"));
        }
        bridge.ports().forEach(name -> {
            boolean down = all.stream().anyMatch(n -> n.name().equals(name) && Boolean.FALSE.equals(n.active()));
            ports.add(Shown.chip(down ? name + ", not active" : name, down ? "attention" : "mono"));
            all.stream()
                    .filter(n -> n.name().equals(name) && !n.ports().isEmpty())
                    .forEach(bond -> ports.add(Shown.span("of " + String.join(" + ", bond.ports()), "faint", "small")));
        });
        return ports;
    }

    private static Div middle(NetworkView bridge) {
        Div middle = new Div(Shown.span(bridge.name(), "mono", "strong"));
        middle.addClassName("bridge-body");
        if (bridge.cidr() != null) {
            middle.add(Shown.span(bridge.cidr(), "mono", "small"));
        }
        middle.add(Shown.span(
                bridge.vlanAware() ? "VLANs " + Shown.text(bridge.vids()) : "not VLAN aware", "small", "muted"));
        return middle;
    }

    private static Div lanes(NetworkView bridge, List<NetworkView> all) {
        Map<Integer, List<Nic>> byVlan = new TreeMap<>();
        bridge.nics()
                .forEach(n -> byVlan.computeIfAbsent(n.vlan() == null ? 0 : n.vlan(), v -> new ArrayList<>())
                        .add(n));
        all.stream()
                .filter(n -> n.vlan() != null && bridge.name().equals(n.rawDevice()))
                .forEach(n -> byVlan.computeIfAbsent(n.vlan(), v -> new ArrayList<>()));
        Div lanes = new Div();
        lanes.addClassName("bridge-lanes");
        if (byVlan.isEmpty()) {
            lanes.add(Shown.span("No guest stands on it, as far as configurations were read.", "muted", "small"));
        }
        byVlan.forEach((vlan, nics) -> {
            Div guests = new Div();
            guests.addClassName("row");
            nics.stream().limit(SHOWN).forEach(n -> {
                var link = Shown.link(InventoryLinks.guest(n.guest()), n.label(), "chip");
                link.addClassName(n.running() ? "ok" : "off");
                link.setTitle(n.name() + (n.mac() == null ? "" : " " + n.mac()) + (n.running() ? "" : ", not running"));
                guests.add(link);
            });
            if (nics.size() > SHOWN) {
                guests.add(Shown.span("and " + (nics.size() - SHOWN) + " more", "faint", "small"));
            }
            all.stream()
                    .filter(n -> n.vlan() != null
                            && n.vlan().equals(vlan)
                            && bridge.name().equals(n.rawDevice()))
                    .forEach(n -> guests.add(
                            Shown.chip("this node: " + n.name() + (n.cidr() == null ? "" : " " + n.cidr()))));
            Div lane = new Div(Shown.span(vlan == 0 ? "untagged" : "VLAN " + vlan, "bridge-vlan", "figure"), guests);
            lane.addClassName("bridge-lane");
            lanes.add(lane);
        });
        return lanes;
    }
}
