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
        Seen seen) {

    /** {@code link width 16 -> 8}; {@code gone (power running, CPUs 4)}. */
    public String sentence() {
        return switch (what) {
            case "new" -> "new" + (after == null ? "" : " (" + after + ")");
            case "gone" -> "gone" + (before == null ? "" : " (" + before + ")");
            case "back" -> "back" + (after == null ? "" : " (" + after + ")");
            default -> what + " " + shown(before) + " → " + shown(after);
        };
    }

    private static String shown(@Nullable String value) {
        return value == null || value.isEmpty() ? "none" : value;
    }
}
