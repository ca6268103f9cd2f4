package dev.rackhouse.inference.route;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A kind of router in front of engines. */
public enum RouterKind {
    /** The contract of {@code docs/how-to/router.md}: a small program of one's own, or the demo's. */
    RACKHOUSE("Rackhouse contract"),
    LLAMA_SWAP("llama-swap"),
    LITELLM("LiteLLM proxy"),
    /** A YAML file in the folder that Traefik watches. */
    TRAEFIK_FILE("Traefik, file provider");

    private final String title;

    RouterKind(String title) {
        this.title = title;
    }

    /** It answers nothing without its key. */
    public boolean needsKey() {
        return this == LITELLM;
    }

    /** It may be set up so that it wants a key: LiteLLM's master key, one of llama-swap's {@code apiKeys}. */
    public boolean takesKey() {
        return this == LITELLM || this == LLAMA_SWAP;
    }

    public String title() {
        return title;
    }

    /** As files call it: {@code llama-swap}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the known ones */
    public static RouterKind parse(String word) {
        return Arrays.stream(values())
                .filter(k -> k.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no kind of router; known are "
                        + Arrays.stream(values()).map(RouterKind::word).collect(Collectors.joining(", "))));
    }
}
