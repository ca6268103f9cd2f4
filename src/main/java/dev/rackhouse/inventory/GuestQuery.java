package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import org.jspecify.annotations.Nullable;

/**
 * Which guests, in which order.
 *
 * @param text part of name, number, tag, pool or node; empty: all
 * @param lab null: all labs
 * @param node null: all nodes
 * @param kind {@code qemu} or {@code lxc}; null: both
 * @param power null: all
 * @param templates whether templates are listed too
 */
public record GuestQuery(
        String text,
        @Nullable LabId lab,
        @Nullable String node,
        @Nullable String kind,
        @Nullable Power power,
        boolean templates,
        Order order,
        boolean descending) {

    /** What the state filter offers. */
    public enum Power {
        RUNNING,
        STOPPED,
        OTHER
    }

    /** What the list can be sorted by. Ties are broken by lab and number. */
    public enum Order {
        VMID,
        NAME,
        NODE,
        STATUS,
        CPUS,
        MEMORY,
        DISK,
        CPU,
        MEMORY_USED,
        UPTIME
    }

    public static GuestQuery all() {
        return new GuestQuery("", null, null, null, null, true, Order.VMID, false);
    }

    public static GuestQuery on(dev.rackhouse.base.NodeRef node) {
        return new GuestQuery("", node.lab(), node.node(), null, null, true, Order.VMID, false);
    }
}
