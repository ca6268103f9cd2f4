package dev.rackhouse.inference.fit;

/**
 * How an engine is tuned. Every engine reads the part it knows; nothing is left to an engine's default, since defaults differ between
 * versions (vLLM's utilization was 0.90 and is 0.92).
 *
 * @param utilization share of a card's usable memory that vLLM may take, 0.10 to 0.95
 * @param contextTokens the longest request, prompt and answer together
 * @param sequences requests that run at once; llama.cpp calls them slots
 * @param batchTokens tokens that vLLM computes in one step, that is the piece of a prompt in chunked prefill
 * @param microBatchTokens llama.cpp's {@code --ubatch-size}
 * @param customAllReduce vLLM's own kernel between GPUs, for pairs with NVLink outside of VMs
 * @param eager no CUDA graphs: starts faster, decodes slower, takes less memory
 * @param wholeWindows llama.cpp's {@code --swa-full}
 * @param sleep vLLM may be put to sleep instead of being stopped: its weights wait in main memory. What was stored before there was such
 *     a thing says no
 */
public record ServingProfile(
        double utilization,
        int contextTokens,
        int sequences,
        int batchTokens,
        int microBatchTokens,
        boolean prefixCaching,
        boolean chunkedPrefill,
        boolean customAllReduce,
        boolean eager,
        Precision precision,
        KvType kvType,
        boolean wholeWindows,
        boolean sleep) {

    /** In which numbers the engine computes. */
    public enum Precision {
        /** As the model says. */
        AUTO,
        /** fp16, which cards before 8.0 need. */
        HALF
    }

    /** In which numbers keys and values are kept. */
    public enum KvType {
        /** 16 bit. */
        AUTO(2),
        /** 8 bit in vLLM: half the size. */
        FP8(1),
        /** 8 bit and a scale for 32 numbers in llama.cpp. */
        Q8_0(34.0 / 32);

        private final double bytes;

        KvType(double bytes) {
            this.bytes = bytes;
        }

        double bytesPerNumber() {
            return bytes;
        }
    }

    public ServingProfile {
        if (!(utilization >= 0.10 && utilization <= 0.95)) {
            throw new IllegalArgumentException("utilization is between 0.10 and 0.95, not " + utilization);
        }
        if (contextTokens < 128 || contextTokens > 4_194_304) {
            throw new IllegalArgumentException("a context has 128 to 4,194,304 tokens, not " + contextTokens);
        }
        if (sequences < 1 || sequences > 4096) {
            throw new IllegalArgumentException("1 to 4,096 sequences run at once, not " + sequences);
        }
        if (batchTokens < 128 || batchTokens > 1_048_576 || microBatchTokens < 1 || microBatchTokens > batchTokens) {
            throw new IllegalArgumentException("a batch has at least 128 tokens, and no fewer than a micro batch");
        }
    }

    /** The tuning of the seeds: utilization 0.90, prefix caching, chunked prefill, 32 sequences, NCCL between GPUs. */
    public static ServingProfile seeds(int contextTokens) {
        return new ServingProfile(
                0.90,
                contextTokens,
                32,
                2048,
                512,
                true,
                true,
                false,
                false,
                Precision.AUTO,
                KvType.AUTO,
                false,
                false);
    }

    public ServingProfile withUtilization(double now) {
        return new ServingProfile(
                now,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withContext(int now) {
        return new ServingProfile(
                utilization,
                now,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withSequences(int now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                now,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withBatch(int now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                now,
                Math.min(microBatchTokens, now),
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withCustomAllReduce(boolean now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                now,
                eager,
                precision,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withPrecision(Precision now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                now,
                kvType,
                wholeWindows,
                sleep);
    }

    public ServingProfile withKvType(KvType now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                now,
                wholeWindows,
                sleep);
    }

    public ServingProfile withWholeWindows(boolean now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                now,
                sleep);
    }

    public ServingProfile withSleep(boolean now) {
        return new ServingProfile(
                utilization,
                contextTokens,
                sequences,
                batchTokens,
                microBatchTokens,
                prefixCaching,
                chunkedPrefill,
                customAllReduce,
                eager,
                precision,
                kvType,
                wholeWindows,
                now);
    }
}
