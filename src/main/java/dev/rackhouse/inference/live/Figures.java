package dev.rackhouse.inference.live;

import org.jspecify.annotations.Nullable;

/**
 * What an engine does at this moment.
 *
 * @param tokensPerSecond over the last half minute; null until two looks could count
 * @param kvUse 0 to 1; null when it does not tell
 * @param latest with latencies over the last minute
 */
public record Figures(
        @Nullable Double tokensPerSecond,
        int running,
        int waiting,
        @Nullable Double kvUse,
        EnginePoint latest) {}
