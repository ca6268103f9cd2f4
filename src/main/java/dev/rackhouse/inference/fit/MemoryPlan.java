package dev.rackhouse.inference.fit;

import java.util.List;

/**
 * What the model takes and what that leaves room for.
 *
 * @param gpus one for each GPU; one for the machine where memory is unified
 * @param contextTokens of one request, as the profile asks
 * @param kvTokens that all requests together can keep
 * @param concurrency requests of full length at once: below 1 not even one
 * @param tight it fits by less than a tenth: a busy moment may need a smaller context
 * @param note what is assumed; empty when nothing is
 */
public record MemoryPlan(
        List<GpuShare> gpus, int contextTokens, long kvTokens, double concurrency, boolean tight, String note) {

    public MemoryPlan {
        gpus = List.copyOf(gpus);
    }
}
