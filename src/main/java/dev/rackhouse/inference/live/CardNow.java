package dev.rackhouse.inference.live;

import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.PlaceRef;
import org.jspecify.annotations.Nullable;

/**
 * A card as its place sees it.
 *
 * @param reading as last read; null when it was never read
 * @param trouble why nothing newer is known; empty when the last look came to its end
 */
public record CardNow(PlaceRef place, String uuid, @Nullable GpuReading reading, String trouble) {}
