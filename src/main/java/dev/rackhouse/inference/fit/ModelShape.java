package dev.rackhouse.inference.fit;

import java.util.List;

/**
 * The numbers of a model's architecture that decide how much memory it takes.
 *
 * @param parameters all of them, also those that are not active for a token
 * @param layers all layers, whatever they keep
 * @param attention the layers that keep keys and values; empty where there is nothing to plan (embeddings)
 * @param heads attention heads; tensor parallelism must divide them
 * @param intermediate inner width of the feed-forward part as one token sees it: with experts, that of all that are active together
 * @param maxPositions the longest context the model was made for, in tokens
 * @param tiedEmbeddings the output layer is the input layer
 * @param attentionBias query, key and value have biases, which quantization leaves alone
 * @param stateMiBPerSequence what layers with linear attention keep for each sequence, however long
 */
public record ModelShape(
        long parameters,
        int layers,
        List<LayerGroup> attention,
        int hidden,
        int heads,
        int headDim,
        int intermediate,
        int vocabulary,
        int maxPositions,
        boolean tiedEmbeddings,
        boolean attentionBias,
        int stateMiBPerSequence) {

    public ModelShape {
        attention = List.copyOf(attention);
        if (parameters < 1
                || layers < 1
                || hidden < 1
                || heads < 1
                || headDim < 1
                || vocabulary < 1
                || maxPositions < 1) {
            throw new IllegalArgumentException("a model has parameters, layers, heads, a vocabulary and positions");
        }
        if (intermediate < 0 || stateMiBPerSequence < 0) {
            throw new IllegalArgumentException("widths and states are never negative");
        }
        if (attention.stream().mapToInt(LayerGroup::layers).sum() > layers) {
            throw new IllegalArgumentException("more layers keep keys and values than the model has");
        }
    }

    /** Bytes for each further token of a sequence on one rank, windows not counted: they are full and do not grow. */
    long kvBytesPerToken(int ranks, double bytesPerNumber) {
        return attention.stream()
                .filter(g -> g.window() == null)
                .mapToLong(g -> g.bytesPerToken(ranks, bytesPerNumber))
                .sum();
    }

    /** Bytes that every sequence takes on one rank however long it is: full windows, and the state of linear attention. */
    long kvBytesPerSequence(int ranks, double bytesPerNumber, int contextTokens) {
        long windows = attention.stream()
                .mapToLong(g -> g.window() == null
                        ? 0
                        : g.bytesPerToken(ranks, bytesPerNumber) * Math.min(g.window(), contextTokens))
                .sum();
        return windows + stateMiBPerSequence * 1024L * 1024 / ranks;
    }

    /** Parameters that 4-bit quantization leaves as they are: embeddings, output layer, norms, biases (Qwen2.5's layout). */
    long unquantizedParameters() {
        long embeddings = (long) vocabulary * hidden * (tiedEmbeddings ? 1 : 2);
        long norms = 2L * layers * hidden + hidden;
        long biases = attentionBias
                ? attention.stream()
                        .mapToLong(g -> (long) g.layers() * (heads * headDim + 2L * g.kvHeads() * g.headDim()))
                        .sum()
                : 0;
        return Math.min(parameters, embeddings + norms + biases);
    }
}
