package dev.rackhouse.guestsetup.ui;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.guestsetup.GpuGuestDraft;
import dev.rackhouse.guestsetup.GpuGuestReadiness;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dialog shows.
 *
 * @param looking whether the guest is being asked
 * @param failure why it could not be asked; null: nothing went wrong
 * @param readiness null: it has not been looked at, or somebody else signs in now
 * @param cards whose power limit can be chosen
 */
record SetupState(
        GpuGuestDraft draft,
        boolean looking,
        @Nullable String failure,
        @Nullable GpuGuestReadiness readiness,
        List<CardRow> cards) {

    /**
     * One card.
     *
     * @param label {@code NVIDIA GeForce RTX 3090 at 0000:01:00.0}
     * @param watts as typed, or what it will get when nothing is typed; empty: it stays as it is
     * @param hint which limits it takes; empty: not known
     */
    record CardRow(PciAddress address, String label, String watts, String hint) {}

    SetupState {
        cards = List.copyOf(cards);
    }

    boolean mayPreview() {
        return !looking && readiness instanceof GpuGuestReadiness.Ready;
    }
}
