package dev.rackhouse.inference.live;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.GpuReading;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A GPU's figures at one moment, for charts; what it did not tell is null.
 *
 * @param busy 0 to 1
 */
public record CardPoint(
        Instant at,
        @Nullable Integer memoryMiB,
        @Nullable Double watts,
        @Nullable Double busy,
        @Nullable Double celsius) {

    static CardPoint of(GpuReading reading) {
        ByteSize usable = reading.usable();
        ByteSize free = reading.free();
        return new CardPoint(
                reading.at(),
                usable == null || free == null ? null : (int) Math.max(0, Math.round(usable.inMiB() - free.inMiB())),
                reading.watts(),
                reading.busy(),
                reading.celsius());
    }
}
