package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as it stands at this moment, or as far as that is known.
 *
 * @param key what names it to engines: its UUID; its PCI address where no UUID was seen
 * @param label as shown: {@code GPU 0 · RTX 3090}
 * @param usable memory without what the driver reserves
 * @param free what is free now; null when nobody has measured
 * @param capability null when not known
 * @param holders who holds memory on it, ours and foreign ones
 */
public record GpuNow(
        String key,
        String label,
        ByteSize usable,
        @Nullable ByteSize free,
        @Nullable ComputeCapability capability,
        List<Holder> holders) {

    /**
     * A process with memory on a GPU.
     *
     * @param who the deployment or container where it is known, else the process's name
     * @param ours whether it belongs to a deployment of the console
     */
    public record Holder(String who, ByteSize memory, boolean ours) {}

    public GpuNow {
        holders = List.copyOf(holders);
        if (free != null && free.bytes() > usable.bytes()) {
            free = usable;
        }
    }

    /** What is free; everything when nobody has measured. */
    public ByteSize freeOrAll() {
        return Objects.requireNonNullElse(free, usable);
    }

    /** What others hold now. */
    public ByteSize held() {
        return new ByteSize(usable.bytes() - freeOrAll().bytes());
    }

    /** The same card with one holder gone. */
    public GpuNow without(Holder gone) {
        List<Holder> rest = holders.stream().filter(h -> !h.equals(gone)).toList();
        long now = Math.min(usable.bytes(), freeOrAll().bytes() + gone.memory().bytes());
        return new GpuNow(key, label, usable, new ByteSize(now), capability, rest);
    }

    /** The same card with nobody on it. */
    public GpuNow emptied() {
        return new GpuNow(key, label, usable, usable, capability, List.of());
    }
}
