package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import org.jspecify.annotations.Nullable;

/**
 * One difference that was seen.
 *
 * @param node null: concerns the lab as a whole
 * @param kind {@code node guest device network storage mapping}
 * @param subject stable: vmid, address, interface
 * @param title as a person knows it, at that time
 * @param what {@code new}, {@code gone}, {@code back}, or the fact that differs
 */
public record ChangeView(
        long id,
        LabId lab,
        String labName,
        @Nullable String node,
        String kind,
        String subject,
        String title,
        String what,
        @Nullable String before,
        @Nullable String after,
        Seen seen) {}
