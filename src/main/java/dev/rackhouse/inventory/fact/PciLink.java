package dev.rackhouse.inventory.fact;

import org.jspecify.annotations.Nullable;

/**
 * A PCI Express link. An idle GPU lowers its speed by itself, never its width: compare widths at idle, speeds only under load.
 *
 * @param speed {@code 16.0 GT/s PCIe}; {@code Unknown} on a dead device
 * @param width lanes; 63 on a dead device
 */
public record PciLink(@Nullable String speed, int width) {

    /** {@code 16 GT/s x16} */
    @Override
    public String toString() {
        if (speed == null) {
            return "x" + width;
        }
        return speed.replace(".0 ", " ").replace(" PCIe", "") + " x" + width;
    }
}
