package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Proxmox's own note of who has a device: by process once the VM runs, until a time while it starts.
 *
 * @param pid of the VM; null while it starts
 * @param until end of the reservation; null once it runs
 */
public record PciReservation(
        PciAddress address,
        VmId vmid,
        @Nullable Long pid,
        @Nullable Instant until,
        String text) {

    /** The record as the probe printed it. */
    public String line() {
        return "L pci_reservations " + text;
    }
}
