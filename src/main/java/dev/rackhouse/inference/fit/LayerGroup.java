package dev.rackhouse.inference.fit;

import org.jspecify.annotations.Nullable;

/**
 * Layers of a model that keep keys and values in the same way. Layers with linear attention keep none and stand in no group.
 *
 * @param layers how many
 * @param kvHeads key/value heads of each, before any split over GPUs
 * @param headDim numbers in one head
 * @param window tokens that a sliding window keeps; null where all tokens are kept
 */
public record LayerGroup(
        int layers, int kvHeads, int headDim, @Nullable Integer window) {

    public LayerGroup {
        if (layers < 1 || kvHeads < 1 || headDim < 1 || window != null && window < 1) {
            throw new IllegalArgumentException("layers, heads, head size and window are at least 1");
        }
    }

    /** What one token takes on one of {@code ranks} GPUs; heads are repeated where there are more GPUs than heads. */
    long bytesPerToken(int ranks, double bytesPerNumber) {
        return Math.round(2.0 * layers * Math.max(1, kvHeads / ranks) * headDim * bytesPerNumber);
    }
}
