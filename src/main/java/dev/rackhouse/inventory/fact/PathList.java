package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How Proxmox writes devices: {@code 0e:00}, {@code 0000:0e:00.0}, several joined by {@code ;}. */
public final class PathList {

    private PathList() {}

    /**
     * One of them.
     *
     * @param function null for "all functions of the slot"
     */
    public record Part(PciSlot slot, @Nullable PciAddress function) {
        public boolean names(PciAddress address) {
            return function == null ? slot.equals(address.slot()) : function.equals(address);
        }
    }

    /** The parts that can be read; others are left out. */
    public static List<Part> parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (String part : text.split(";")) {
            String trimmed = part.strip();
            if (PciAddress.isAddress(trimmed)) {
                PciAddress address = PciAddress.parse(trimmed);
                parts.add(new Part(address.slot(), address));
            } else if (PciAddress.isAddress(trimmed + ".0")) {
                parts.add(new Part(PciSlot.parse(trimmed), null));
            }
        }
        return parts;
    }

    public static boolean names(String text, PciAddress address) {
        return parse(text).stream().anyMatch(p -> p.names(address));
    }
}
