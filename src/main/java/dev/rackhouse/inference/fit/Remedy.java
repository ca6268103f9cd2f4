package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.List;
import java.util.stream.Collectors;

/** Something outside of the profile that would make a model fit. */
public sealed interface Remedy {

    /** What to do, as a sentence without a full stop. */
    String sentence();

    /** Take others off a GPU. */
    record FreeGpu(String gpu, List<GpuNow.Holder> holders) implements Remedy {
        public FreeGpu {
            holders = List.copyOf(holders);
        }

        @Override
        public String sentence() {
            return holders.isEmpty()
                    ? "free " + gpu + ", which somebody unknown holds"
                    : "free " + gpu + " ("
                            + holders.stream()
                                    .map(h -> h.who() + " holds " + h.memory())
                                    .collect(Collectors.joining(", "))
                            + ")";
        }
    }

    /** A form of the weights that nobody has registered yet, but that would fit. */
    record GetWeights(String form, ByteSize about) implements Remedy {
        @Override
        public String sentence() {
            return "get " + form + " files of the model: about " + about;
        }
    }

    record SplitOver(int gpus) implements Remedy {
        @Override
        public String sentence() {
            return "split it over " + gpus + " GPUs";
        }
    }

    /** {@code iogpu.wired_limit_mb} of a Mac, lost at each reboot. */
    record RaiseWiredLimit(int leastMiB, int recommendedMiB) implements Remedy {
        @Override
        public String sentence() {
            return String.format(
                    java.util.Locale.ROOT,
                    "set iogpu.wired_limit_mb to at least %,d (recommended %,d), and again after each reboot",
                    leastMiB,
                    recommendedMiB);
        }
    }

    record FreeDisk(ByteSize missing) implements Remedy {
        @Override
        public String sentence() {
            return "free " + missing + " where the files shall lie";
        }
    }

    record OtherCard(ComputeCapability least) implements Remedy {
        @Override
        public String sentence() {
            return "a card of compute capability " + least + " or newer";
        }
    }
}
