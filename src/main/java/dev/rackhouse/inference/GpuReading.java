package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.GpuNow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one GPU said about itself, in the guest or on the host that has it.
 *
 * @param usable memory without what the driver reserves
 * @param free null when it did not tell
 * @param watts null when it did not tell
 * @param busy 0 to 1; null when it did not tell
 * @param celsius of the GPU's chip; null when it did not tell
 * @param holders processes with memory on it, foreign ones included
 * @param broken it says {@code ERR!} or wants a reset
 */
public record GpuReading(
        String uuid,
        String name,
        @Nullable ComputeCapability capability,
        @Nullable ByteSize usable,
        @Nullable ByteSize free,
        @Nullable Double watts,
        @Nullable Double limitWatts,
        @Nullable Double busy,
        @Nullable Double celsius,
        List<GpuNow.Holder> holders,
        boolean broken,
        Instant at) {

    public GpuReading {
        holders = List.copyOf(holders);
    }

    /** A copy with other free memory. */
    public GpuReading withFree(ByteSize now) {
        return new GpuReading(
                uuid, name, capability, usable, now, watts, limitWatts, busy, celsius, holders, broken, at);
    }
}
