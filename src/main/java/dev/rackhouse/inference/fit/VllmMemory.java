package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;

/**
 * vLLM's own account of one GPU, in bytes, as it will make it at its start. The constants for activations, libraries and graphs are
 * calibrated on Qwen2.5 on two RTX 3090; a first successful start tells the true ones.
 *
 * @param budget utilization times usable
 * @param kvAvailable negative when weights and overhead alone are too much
 * @param kvPerToken of one sequence on this rank
 * @param kvNeeded for one request of full length
 * @param kvTokens in whole blocks of 16; never negative
 */
record VllmMemory(
        double budget,
        double weightsPerRank,
        double activation,
        double libraries,
        double graphs,
        double kvAvailable,
        long kvPerToken,
        double kvNeeded,
        long kvTokens,
        double concurrency) {

    static final double GIB = 1024.0 * 1024 * 1024;
    private static final int BLOCK_TOKENS = 16;
    private static final double LIBRARIES_ONE = 0.30 * GIB;
    private static final double LIBRARIES_WITH_NCCL = 0.75 * GIB;
    private static final double GRAPHS = 0.50 * GIB;
    /** Sits outside of what vLLM counts: 0.3 to 0.5 GiB for each process. */
    static final double CUDA_CONTEXT = 0.50 * GIB;

    static VllmMemory of(ModelShape shape, Weights weights, ServingProfile profile, int ranks, ByteSize usable) {
        double budget = profile.utilization() * usable.bytes();
        double perRank = (double) weights.size(shape).bytes() / ranks;
        double activation = 1.5
                * (2.0 * profile.batchTokens() * (2.0 * shape.intermediate() / ranks + 4.0 * shape.hidden())
                        + 3.0 * 4 * profile.sequences() * shape.vocabulary());
        double libraries = ranks == 1 ? LIBRARIES_ONE : LIBRARIES_WITH_NCCL;
        double graphs = profile.eager() ? 0 : GRAPHS;
        double available = budget - perRank - activation - libraries - graphs;
        double number = profile.kvType().bytesPerNumber();
        long perToken = shape.kvBytesPerToken(ranks, number);
        long fixed = shape.kvBytesPerSequence(ranks, number, profile.contextTokens());
        double needed = (double) perToken * profile.contextTokens() + fixed;
        long tokens = tokens(available - fixed, perToken, shape.maxPositions());
        double concurrency = needed == 0
                ? (available >= 0 ? profile.sequences() : 0)
                : fixed == 0 ? (double) tokens / profile.contextTokens() : Math.max(0, available / needed);
        return new VllmMemory(
                budget, perRank, activation, libraries, graphs, available, perToken, needed, tokens, concurrency);
    }

    private static long tokens(double bytes, long perToken, int maxPositions) {
        if (bytes < 0) {
            return 0;
        }
        return perToken == 0 ? maxPositions : (long) Math.floor(bytes / perToken / BLOCK_TOKENS) * BLOCK_TOKENS;
    }

    double overhead() {
        return activation + libraries + graphs + CUDA_CONTEXT;
    }

    boolean holds(int contextTokens) {
        return kvAvailable >= 0 && kvTokens >= contextTokens;
    }
}
