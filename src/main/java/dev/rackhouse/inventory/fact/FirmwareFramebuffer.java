package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a firmware framebuffer holds.
 *
 * @param function inside whose memory it lies; null when the host did not say
 * @param owner {@code BOOTFB}, {@code efifb}
 */
public record FirmwareFramebuffer(@Nullable PciAddress function, String owner) {

    /** The record as the probe printed it. */
    public String line() {
        return "FBMEM " + (function == null ? "-" : function) + " " + owner;
    }
}
