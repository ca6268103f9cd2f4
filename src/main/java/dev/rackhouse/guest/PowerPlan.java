package dev.rackhouse.guest;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Starting, shutting down or stopping one guest.
 *
 * @param name as shown; null: it has none
 * @param patience how long a shutdown waits for the guest; 10 seconds to an hour
 */
public record PowerPlan(
        PowerAction action,
        GuestRef guest,
        NodeRef node,
        GuestKind kind,
        @Nullable String name,
        Duration patience) {

    /** Long enough for most guests, short enough to wait for. */
    public static final Duration USUAL_PATIENCE = Duration.ofMinutes(3);

    public PowerPlan {
        if (!guest.lab().equals(node.lab())) {
            throw new IllegalArgumentException("Guest and node stand in different labs");
        }
        if (patience.compareTo(Duration.ofSeconds(10)) < 0 || patience.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("A shutdown waits 10 seconds to an hour");
        }
    }

    /** {@code VM 214 (llm-01)}. */
    public String label() {
        return kind.word() + " " + guest.vmid() + (name == null ? "" : " (" + name + ")");
    }
}
