package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Several engines on one card. Each vLLM's utilization counts the whole card, so together with half a GiB of CUDA context for each
 * process they must stay within 95 % of it; else the second one fails at its next start, perhaps long after.
 */
public final class CardSharing {

    private static final double SHARE = 0.95;

    private CardSharing() {}

    /**
     * @param utilizations of the vLLM instances
     * @param others what engines of other kinds take there
     * @return why they do not get along; empty when they do
     */
    public static Optional<String> refusal(ByteSize usable, List<Double> utilizations, ByteSize others) {
        double taken =
                utilizations.stream().mapToDouble(u -> u * usable.bytes()).sum()
                        + VllmMemory.CUDA_CONTEXT * utilizations.size()
                        + others.bytes();
        return utilizations.size() + (others.bytes() > 0 ? 1 : 0) < 2 || taken <= SHARE * usable.bytes()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Together they take %.1f GiB of the card, and %.1f GiB (95 %% of %s) may be planned.",
                        taken / VllmMemory.GIB,
                        SHARE * usable.bytes() / VllmMemory.GIB,
                        usable));
    }
}
