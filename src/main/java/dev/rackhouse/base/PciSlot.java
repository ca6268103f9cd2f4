package dev.rackhouse.base;

import java.util.Comparator;

/** A PCI device without its function, {@code 0000:0e:00}. Proxmox reads this form as "all functions". */
public record PciSlot(long domain, int bus, int device) implements Comparable<PciSlot> {

    private static final Comparator<PciSlot> ORDER = Comparator.comparingLong(PciSlot::domain)
            .thenComparingInt(PciSlot::bus)
            .thenComparingInt(PciSlot::device);

    /**
     * Reads {@code 0000:0e:00} or {@code 0e:00}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static PciSlot parse(String text) {
        return PciAddress.parse(text + ".0").slot();
    }

    public PciAddress function(int function) {
        return new PciAddress(domain, bus, device, function);
    }

    @Override
    public int compareTo(PciSlot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%04x:%02x:%02x".formatted(domain, bus, device);
    }
}
