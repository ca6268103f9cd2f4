package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.UnifiedMemory;

/**
 * A Mac whose CPU and GPU share memory.
 *
 * @param wiredLimitMiB {@code iogpu.wired_limit_mb}, 0 for the default of macOS
 */
public record UnifiedMachine(PlaceRef place, String chip, int ramMiB, int wiredLimitMiB) {

    public UnifiedMachine {
        if (ramMiB < 1024 || wiredLimitMiB < 0 || wiredLimitMiB > ramMiB) {
            throw new IllegalArgumentException("memory is at least 1 GiB, and the limit for the GPU within it");
        }
    }

    /** As the fit sees it, when nobody has measured what others use. */
    UnifiedMemory memory() {
        return new UnifiedMemory(chip, ByteSize.ofMiB(ramMiB), wiredLimitMiB, null);
    }
}
