package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GPU: its display or accelerator function with what belongs to it.
 *
 * @param labName the lab it stands in
 * @param index its number among the GPUs of the node, by address, from 0
 * @param companions the other functions of its slot: audio, USB
 * @param vram as the maker says for these ids; null when not in our table
 * @param sentence the state for a person: {@code guest 110 ai-inference has it}
 */
public record GpuView(
        PciDeviceView device,
        String labName,
        int index,
        List<PciDeviceView> companions,
        IommuGroupView group,
        @Nullable ByteSize vram,
        State state,
        String sentence,
        Verdict verdict) {

    /** Who has it. */
    public enum State {
        HOST,
        GUEST,
        FREE,
        WEDGED,
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public GpuView {
        companions = List.copyOf(companions);
    }
}
