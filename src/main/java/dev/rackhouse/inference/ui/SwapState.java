package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapReadiness;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a swap shows.
 *
 * @param looking the place is being asked
 * @param failure why it could not be asked; null: it could
 * @param readiness null until it was looked at
 */
record SwapState(
        SwapDraft draft,
        boolean looking,
        @Nullable String failure,
        @Nullable SwapReadiness readiness) {

    boolean mayStart() {
        return !looking && readiness instanceof SwapReadiness.Ready;
    }
}
