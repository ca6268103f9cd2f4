package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.Seen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One PCI function of a node. What the source does not know is null: the API knows neither driver nor reset nor link.
 *
 * @param ids {@code 10de:1e81}
 * @param subsystem {@code 3842:3081}; null when it has none
 * @param name as Proxmox or our own table calls it; the ids when nobody does
 * @param classCode six hex digits: {@code 030000}
 * @param group null: in none (IOMMU off, or a part of the platform)
 * @param driver empty: bound to none
 * @param resetMethods empty: the kernel knows no way
 * @param linkWidth lanes it runs with; compare with the width it can, at idle only the width tells anything
 * @param numaNode null: not known, or a machine with one
 * @param holder the running guest that has it; null: none
 * @param wanted guests that name it and do not run
 * @param neededBy why the host itself needs it, as chains; empty when it does not
 * @param passable whether it makes sense to offer it to a guest
 * @param changedSinceBoot whether something about it was seen to change since the node booted
 */
public record PciDeviceView(
        NodeRef node,
        PciAddress address,
        String ids,
        @Nullable String subsystem,
        String name,
        Kind kind,
        String classCode,
        @Nullable Integer group,
        @Nullable String driver,
        @Nullable List<String> resetMethods,
        @Nullable Integer linkWidth,
        @Nullable Integer linkWidthMax,
        @Nullable String linkSpeedMax,
        @Nullable Integer numaNode,
        boolean bootVga,
        boolean bridge,
        boolean mediated,
        boolean dead,
        @Nullable Owner holder,
        List<Owner> wanted,
        List<String> neededBy,
        boolean passable,
        boolean changedSinceBoot,
        Seen seen) {

    /** What a device is, roughly: decides the picture and the filters. */
    public enum Kind {
        GPU,
        DISK,
        NET,
        USB,
        AUDIO,
        BRIDGE,
        DEVICE
    }

    /** A guest that names the device in its configuration. */
    public record Owner(GuestRef guest, String label) {}

    public PciDeviceView {
        resetMethods = resetMethods == null ? null : List.copyOf(resetMethods);
        wanted = List.copyOf(wanted);
        neededBy = List.copyOf(neededBy);
    }

    /** Fewer lanes than it could have: a riser, a shared slot, dirt. A dead device tells nothing. */
    public boolean linkDegraded() {
        return !dead && linkWidth != null && linkWidthMax != null && linkWidth > 0 && linkWidth < linkWidthMax;
    }

    /** {@code x8 of x16}; null when not known. */
    public @Nullable String link() {
        if (linkWidth == null || linkWidthMax == null || dead || linkWidthMax == 0) {
            return null;
        }
        String speed =
                linkSpeedMax == null ? "" : linkSpeedMax.replace(".0 ", " ").replace(" PCIe", "") + " ";
        return speed + "x" + linkWidth + " of x" + linkWidthMax;
    }

    /** Bound to the driver that hands devices to guests. */
    public boolean vfio() {
        return "vfio-pci".equals(driver);
    }
}
