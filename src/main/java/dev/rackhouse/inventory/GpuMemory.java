package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memory of GPUs by their ids, from the makers' data sheets; only ids that stand for one size. Shown, never used to decide. */
final class GpuMemory {

    private static final Map<String, Integer> GIB = Map.ofEntries(
            Map.entry("10de:15f8", 16),
            Map.entry("10de:1b06", 11),
            Map.entry("10de:1b30", 24),
            Map.entry("10de:1b38", 24),
            Map.entry("10de:1b80", 8),
            Map.entry("10de:1b81", 8),
            Map.entry("10de:1c03", 6),
            Map.entry("10de:1c82", 4),
            Map.entry("10de:1db4", 16),
            Map.entry("10de:1db6", 32),
            Map.entry("10de:1e02", 24),
            Map.entry("10de:1e04", 11),
            Map.entry("10de:1e07", 11),
            Map.entry("10de:1e30", 48),
            Map.entry("10de:1e81", 8),
            Map.entry("10de:1e82", 8),
            Map.entry("10de:1e84", 8),
            Map.entry("10de:1e87", 8),
            Map.entry("10de:1e89", 6),
            Map.entry("10de:1eb0", 16),
            Map.entry("10de:1eb8", 16),
            Map.entry("10de:1f02", 8),
            Map.entry("10de:1f06", 8),
            Map.entry("10de:1f08", 6),
            Map.entry("10de:20b0", 40),
            Map.entry("10de:20b5", 80),
            Map.entry("10de:20f1", 40),
            Map.entry("10de:2182", 6),
            Map.entry("10de:2184", 6),
            Map.entry("10de:21c4", 6),
            Map.entry("10de:2203", 24),
            Map.entry("10de:2204", 24),
            Map.entry("10de:2206", 10),
            Map.entry("10de:2208", 12),
            Map.entry("10de:220a", 12),
            Map.entry("10de:2216", 10),
            Map.entry("10de:2230", 48),
            Map.entry("10de:2231", 24),
            Map.entry("10de:2235", 48),
            Map.entry("10de:2236", 24),
            Map.entry("10de:2330", 80),
            Map.entry("10de:2331", 80),
            Map.entry("10de:2482", 8),
            Map.entry("10de:2484", 8),
            Map.entry("10de:2486", 8),
            Map.entry("10de:2488", 8),
            Map.entry("10de:2489", 8),
            Map.entry("10de:24b0", 16),
            Map.entry("10de:2503", 12),
            Map.entry("10de:2504", 12),
            Map.entry("10de:2531", 6),
            Map.entry("10de:2571", 12),
            Map.entry("10de:2684", 24),
            Map.entry("10de:26b1", 48),
            Map.entry("10de:26b2", 32),
            Map.entry("10de:26b5", 48),
            Map.entry("10de:26b9", 48),
            Map.entry("10de:2704", 16),
            Map.entry("10de:2705", 16),
            Map.entry("10de:2782", 12),
            Map.entry("10de:2783", 12),
            Map.entry("10de:2786", 12),
            Map.entry("10de:27b0", 20),
            Map.entry("10de:27b8", 24),
            Map.entry("10de:2803", 8),
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
