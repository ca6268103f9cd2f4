package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.proxmox.PciMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster-wide name for PCI devices. Entries that could not be read are left out. */
public record MappingView(LabId lab, String id, @Nullable String description, List<PciMapping> entries, Seen seen) {

    public MappingView {
        entries = List.copyOf(entries);
    }
}
