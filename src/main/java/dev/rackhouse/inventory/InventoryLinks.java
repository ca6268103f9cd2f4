package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Addresses of the inventory's pages, without leading slash; used by its views and by every link to them. */
public final class InventoryLinks {

    public static final String NODES = "nodes";
    public static final String NODE = "nodes/:lab/:node";
    public static final String DEVICES = "devices";
    public static final String DEVICES_OF = "devices/:lab/:node";
    public static final String GPUS = "gpus";
    public static final String GUESTS = "guests";
    public static final String GUEST = "guests/:lab/:vmid";
    public static final String NETWORK = "network";
    public static final String NETWORK_OF = "network/:lab/:node";
    public static final String STORAGE = "storage";
    public static final String CHANGES = "changes";

    private InventoryLinks() {}

    public static String node(NodeRef node) {
        return NODES + "/" + node.lab() + "/" + node.node();
    }

    public static String devices(NodeRef node) {
        return DEVICES + "/" + node.lab() + "/" + node.node();
    }

    /** The device's place on the page of its node. */
    public static String device(NodeRef node, PciAddress address) {
        return devices(node) + "#" + anchor(address);
    }

    /** The id of the element that shows a device. */
    public static String anchor(PciAddress address) {
        return "pci-" + address.toString().replace(':', '-').replace('.', '-');
    }

    public static String network(NodeRef node) {
        return NETWORK + "/" + node.lab() + "/" + node.node();
    }

    public static String guest(GuestRef guest) {
        return GUESTS + "/" + guest.lab() + "/" + guest.vmid();
    }

    /** Where a change leads; the list of changes where there is no page for its subject. */
    public static String of(ChangeView change) {
        String node = change.node();
        if (change.kind().equals("guest") && change.subject().matches("[1-9][0-9]{2,8}")) {
            return GUESTS + "/" + change.lab() + "/" + change.subject();
        }
        if (node == null || !NodeNames.valid(node)) {
            return CHANGES;
        }
        NodeRef ref = new NodeRef(change.lab(), node);
        return switch (change.kind()) {
            case "device" ->
                PciAddress.isAddress(change.subject()) ? device(ref, PciAddress.parse(change.subject())) : devices(ref);
            case "network" -> network(ref);
            case "storage" -> STORAGE;
            default -> node(ref);
        };
    }

    /** The node that two route parameters name; empty when they name none. */
    public static Optional<NodeRef> node(@Nullable String lab, @Nullable String node) {
        if (lab == null || node == null || !NodeNames.valid(node)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NodeRef(new LabId(UUID.fromString(lab)), node));
        } catch (IllegalArgumentException noLab) {
            return Optional.empty();
        }
    }
}
