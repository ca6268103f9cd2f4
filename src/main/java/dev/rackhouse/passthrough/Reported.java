package dev.rackhouse.passthrough;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a node beside its last probe: Proxmox's own comparison of resource mappings with the hardware, what is staged, what
 * changed in the firmware.
 *
 * @param mappingChecks {@code checks[]} of the mappings, asked for this node; empty also when they were not asked
 * @param stagedNetwork the difference that waits for the next apply or reboot; null: none, or not told
 * @param firmwareChange {@code 2004 → 2101}, when the firmware was another one not long ago; null: it was not
 */
public record Reported(
        List<MappingCheck> mappingChecks,
        @Nullable String stagedNetwork,
        @Nullable String firmwareChange) {

    /** Nothing beside the probe. */
    public static final Reported NOTHING = new Reported(List.of(), null, null);

    /**
     * @param error the VM will not start; else a warning
     * @param message as Proxmox wrote it
     */
    public record MappingCheck(String mapping, boolean error, String message) {}

    public Reported {
        mappingChecks = List.copyOf(mappingChecks);
    }
}
