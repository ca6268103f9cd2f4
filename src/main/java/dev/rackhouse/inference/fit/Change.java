package dev.rackhouse.inference.fit;

import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.ServingProfile.Precision;
import java.util.Locale;

/** One change of a serving profile that helps a model to fit. */
public sealed interface Change {

    /** What to do, as a sentence without a full stop. */
    String sentence();

    /** The profile with this change; the same one where the change is about something else. */
    ServingProfile in(ServingProfile profile);

    record ShorterContext(int from, int to) implements Change {
        @Override
        public String sentence() {
            return String.format(Locale.ROOT, "a context of %,d tokens instead of %,d", to, from);
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withContext(to);
        }
    }

    record FewerSequences(int from, int to) implements Change {
        @Override
        public String sentence() {
            return to + " requests at once instead of " + from;
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withSequences(to);
        }
    }

    /** Up to leave more room for the cache, or down because others hold memory. */
    record OtherUtilization(double from, double to) implements Change {
        @Override
        public String sentence() {
            return String.format(Locale.ROOT, "utilization %.2f instead of %.2f", to, from);
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withUtilization(to);
        }
    }

    record SmallerKv(KvType to) implements Change {
        @Override
        public String sentence() {
            return "keys and values in " + (to == KvType.FP8 ? "fp8" : "q8_0") + ", half the size";
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withKvType(to);
        }
    }

    /** Cards before compute capability 8.0 have no bf16. */
    record ComputeInHalf() implements Change {
        @Override
        public String sentence() {
            return "compute in fp16 (--dtype half): the card has no bf16";
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withPrecision(Precision.HALF);
        }
    }

    record CustomAllReduceOff() implements Change {
        @Override
        public String sentence() {
            return "vLLM's own all-reduce off (--disable-custom-all-reduce): the pair has no NVLink";
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withCustomAllReduce(false);
        }
    }

    record SlidingWindowsOnly() implements Change {
        @Override
        public String sentence() {
            return "sliding windows kept as windows (without --swa-full)";
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile.withWholeWindows(false);
        }
    }

    /** Other files of the same model, which are known. */
    record OtherWeights(Weights weights) implements Change {
        @Override
        public String sentence() {
            return "the " + weights.word() + " files instead";
        }

        @Override
        public ServingProfile in(ServingProfile profile) {
            return profile;
        }
    }
}
