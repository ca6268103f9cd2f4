package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a Mac, which CPU and GPU share. How much the GPU may wire is a setting that is lost at each reboot.
 *
 * @param label as shown: {@code Apple M3 Ultra}
 * @param wiredLimitMiB {@code iogpu.wired_limit_mb}; 0 stands for the default of macOS
 * @param used by others on the GPU now; null when nobody has measured
 */
public record UnifiedMemory(
        String label,
        ByteSize ram,
        int wiredLimitMiB,
        @Nullable ByteSize used) {

    /** macOS needs 8 to 12 GiB for itself. */
    static final int FOR_MACOS_MIB = 8 * 1024;

    private static final int SMALL_MACHINE_MIB = 36 * 1024;

    public UnifiedMemory {
        if (wiredLimitMiB < 0) {
            throw new IllegalArgumentException("a limit is never negative");
        }
    }

    /** What the GPU may wire now: the setting, or two thirds of the memory up to 36 GiB and three quarters above (as observed). */
    public int limitMiB() {
        int all = (int) ram.inMiB();
        return wiredLimitMiB > 0 ? wiredLimitMiB : all <= SMALL_MACHINE_MIB ? all * 2 / 3 : all * 3 / 4;
    }

    /** The least setting that a need of so many MiB is safe with: the next whole GiB and one more. */
    static int demandMiB(double neededMiB) {
        return ((int) Math.ceil(neededMiB / 1024) + 1) * 1024;
    }

    /** The highest setting that leaves macOS enough. */
    int highestLimitMiB() {
        return Math.max(0, (int) ram.inMiB() - FOR_MACOS_MIB);
    }
}
