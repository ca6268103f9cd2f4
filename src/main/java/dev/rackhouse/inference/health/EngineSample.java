package dev.rackhouse.inference.health;

import org.jspecify.annotations.Nullable;

/**
 * What an engine counts, in one scrape.
 *
 * @param running requests that are computed now
 * @param waiting requests that are queued
 * @param generatedTokens since the engine's start; null when it does not tell
 * @param promptTokens likewise; counted by some engines only when the whole prompt is done
 * @param kvUse 0 to 1; null when it does not tell
 * @param preemptions since the start; null when it does not tell
 * @param asleep its weights are put away, and it makes nothing until it is woken
 */
public record EngineSample(
        int running,
        int waiting,
        @Nullable Long generatedTokens,
        @Nullable Long promptTokens,
        @Nullable Double kvUse,
        @Nullable Long preemptions,
        boolean asleep) {

    /** Somebody waits for an answer. */
    public boolean wanted() {
        return running + waiting > 0;
    }
}
