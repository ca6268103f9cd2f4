package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;

/**
 * How the memory of one GPU is divided once the model runs: what a stacked bar shows. The parts add up to {@code usable}, unless the
 * model does not fit.
 *
 * @param gpu the card's label
 * @param others what others hold there now
 * @param weights of the model on this card
 * @param overhead activations, CUDA context, graphs, buffers
 * @param kv room for keys and values
 * @param left what stays free
 */
public record GpuShare(
        String gpu, ByteSize usable, ByteSize others, ByteSize weights, ByteSize overhead, ByteSize kv, ByteSize left) {

    static GpuShare of(String gpu, ByteSize usable, ByteSize others, double weights, double overhead, double kv) {
        double left = usable.bytes() - others.bytes() - weights - overhead - Math.max(0, kv);
        return new GpuShare(gpu, usable, others, bytes(weights), bytes(overhead), bytes(kv), bytes(left));
    }

    private static ByteSize bytes(double bytes) {
        return new ByteSize(Math.max(0, Math.round(bytes)));
    }
}
