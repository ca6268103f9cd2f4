package dev.rackhouse.runbook;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;

/** Names of what a run holds while it lasts. Two runs never meet on one name. */
public final class Locks {

    private Locks() {}

    /** A whole node: its boot files, its power. */
    public static String node(NodeRef node) {
        return "node:" + node;
    }

    public static String guest(GuestRef guest) {
        return "guest:" + guest;
    }

    /** One PCI device with all its functions. */
    public static String pci(NodeRef node, PciSlot slot) {
        return "pci:" + node + "/" + slot;
    }
}
