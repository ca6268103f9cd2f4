package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memory of GPUs by their ids, from the makers' data sheets; only ids that stand for one size. Shown, never used to decide. */
final class GpuMemory {

    private static final Map<String, Integer> GIB = Map.ofEntries(
            Map.entry("10de:1b06", 11),
            Map.entry("10de:1b80", 8),
            Map.entry("10de:1b81", 8),
            Map.entry("10de:1b38", 24),
            Map.entry("10de:1e02", 24),
            Map.entry("10de:1e04", 11),
            Map.entry("10de:1e07", 11),
            Map.entry("10de:1e81", 8),
            Map.entry("10de:1e82", 8),
            Map.entry("10de:1e84", 8),
            Map.entry("10de:1e87", 8),
            Map.entry("10de:1eb0", 16),
            Map.entry("10de:1eb8", 16),
            Map.entry("10de:2203", 24),
            Map.entry("10de:2204", 24),
            Map.entry("10de:2230", 48),
            Map.entry("10de:2231", 24),
            Map.entry("10de:2484", 8),
            Map.entry("10de:2486", 8),
            Map.entry("10de:2503", 12),
            Map.entry("10de:2684", 24),
            Map.entry("10de:26b1", 48),
            Map.entry("10de:2704", 16),
            Map.entry("10de:2705", 16),
            Map.entry("10de:2782", 12),
            Map.entry("10de:2783", 12),
            Map.entry("10de:2786", 12),
            Map.entry("10de:2805", 16),
            Map.entry("10de:2882", 8),
            Map.entry("10de:2b85", 32),
            Map.entry("10de:2bb1", 96),
            Map.entry("10de:2c02", 16),
            Map.entry("10de:2c05", 16),
            Map.entry("10de:2f04", 12));

    private GpuMemory() {}

    static @Nullable ByteSize of(String ids) {
        Integer gib = GIB.get(ids);
        return gib == null ? null : ByteSize.ofGiB(gib);
    }
}
