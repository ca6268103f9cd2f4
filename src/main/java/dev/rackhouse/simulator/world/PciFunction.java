package dev.rackhouse.simulator.world;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One PCI function of a machine as sysfs and the id tables tell it.
 *
 * @param address full address in lower case with domain, {@code 0000:0e:00.0}
 * @param pciClass class as sysfs prints it, {@code 0x030000}
 * @param vendor vendor id, {@code 0x10de}
 * @param device device id, {@code 0x1e81}
 * @param subsystemVendor {@code 0x3842}, or null where sysfs has none (bridges)
 * @param subsystemDevice {@code 0x3081}, or null
 * @param vendorName from the id table, or null when unknown
 * @param iommuGroup group number, -1 when there is none (IOMMU off)
 * @param mdev whether the function offers mediated devices
 */
public record PciFunction(
        String address,
        String pciClass,
        String vendor,
        String device,
        @Nullable String subsystemVendor,
        @Nullable String subsystemDevice,
        @Nullable String vendorName,
        @Nullable String deviceName,
        @Nullable String subsystemVendorName,
        @Nullable String subsystemDeviceName,
        int iommuGroup,
        boolean mdev) {

    /** The slot without its function, {@code 0000:0e:00}. */
    public String slot() {
        int dot = address.lastIndexOf('.');
        return dot < 0 ? address : address.substring(0, dot);
    }

    /** PCI-to-PCI and host bridges (class 06) stay with the host when a group is handed out. */
    public boolean bridge() {
        return pciClass.toLowerCase(Locale.ROOT).startsWith("0x06");
    }

    /** {@code 10de:1e81}: ids in the order and spelling of mappings. */
    public String ids() {
        return bare(vendor) + ":" + bare(device);
    }

    /** {@code 3842:3081}, or null when the function has no subsystem ids. */
    public @Nullable String subsystemIds() {
        if (subsystemVendor == null || subsystemDevice == null) {
            return null;
        }
        return bare(subsystemVendor) + ":" + bare(subsystemDevice);
    }

    private static String bare(String hex) {
        return hex.startsWith("0x") ? hex.substring(2) : hex;
    }
}
