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
