package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One IOMMU group of a node with its functions.
 *
 * @param number null: functions that stand in none
 * @param reason why, as half a sentence; empty for an isolated group
 */
public record IommuGroupView(
        NodeRef node, @Nullable Integer number, Standing standing, String reason, List<PciDeviceView> devices) {

    /** Whether what stands in the group can go to a guest. */
    public enum Standing {
        /** One device, with its functions, and nothing else. */
        ISOLATED,
        /** Other devices would go along. */
        SHARED,
        /** The host, a running guest or the firmware needs something in it. */
        BLOCKED,
        /** Bridges and parts of the platform: nothing to give. */
        PLATFORM,
        /** Without a probe nobody knows what the host needs. */
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public IommuGroupView {
        devices = List.copyOf(devices);
    }

    public boolean passable() {
        return (standing == Standing.ISOLATED || standing == Standing.SHARED)
                && devices.stream().anyMatch(PciDeviceView::passable);
    }
}
