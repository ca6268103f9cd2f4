package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code map} line of {@code /etc/pve/mapping/pci.cfg}.
 *
 * @param mapping the mapping's id
 * @param path as written: a function, a slot, or several joined by {@code ;}
 * @param ids {@code 10de:1e81}
 * @param subsystem {@code 3842:3081}; null when the line has none
 * @param group null when the line has none
 */
public record MappingEntry(
        String mapping,
        String node,
        String path,
        @Nullable String ids,
        @Nullable String subsystem,
        @Nullable Integer group,
        String text) {

    /** Whether the path names this function: itself, or its whole slot. */
    public boolean names(PciAddress function) {
        return PathList.names(path, function);
    }

    /** The functions and slots that the path names. */
    public List<PathList.Part> parts() {
        return PathList.parse(path);
    }

    /** The slots that the path touches. */
    public List<PciSlot> slots() {
        return parts().stream().map(PathList.Part::slot).distinct().toList();
    }

    /** The record as the probe printed it. */
    public String line() {
        return "L /etc/pve/mapping/pci.cfg " + mapping + ":" + text;
    }
}
