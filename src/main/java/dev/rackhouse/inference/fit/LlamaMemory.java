package dev.rackhouse.inference.fit;

/**
 * What llama.cpp takes, in bytes, before it is split over GPUs.
 *
 * @param buffers for computing, on each GPU
 */
record LlamaMemory(double weights, double kv, double state, double buffers) {

    private static final double MIB = 1024.0 * 1024;
    /** About 0.5 to 1 GiB on each device; the upper end, since a plan that is too small fails. */
    private static final double BUFFERS = 1024 * MIB;
    /** Cells of a window are a multiple of this. */
    private static final int CELLS = 256;

    static LlamaMemory of(ModelShape shape, Weights weights, ServingProfile profile) {
        double number = profile.kvType().bytesPerNumber();
        long context = (long) profile.contextTokens() * profile.sequences();
        double kv = 0;
        for (LayerGroup group : shape.attention()) {
            kv += (double) group.bytesPerToken(1, number) * cells(group, profile, context);
        }
        return new LlamaMemory(
                weights.size(shape).bytes(), kv, shape.stateMiBPerSequence() * MIB * profile.sequences(), BUFFERS);
    }

    /** Tokens that a group keeps for all slots together: a window and what is computed at once, unless whole windows are asked for. */
    static long cells(LayerGroup group, ServingProfile profile, long context) {
        Integer window = group.window();
        if (window == null || profile.wholeWindows()) {
            return context;
        }
        long raw = (long) window * profile.sequences() + profile.microBatchTokens();
        return Math.min(context, (raw + CELLS - 1) / CELLS * CELLS);
    }

    /** On {@code devices} GPUs that share the layers. */
    double total(int devices) {
        return weights + kv + state + buffers * devices;
    }
}
