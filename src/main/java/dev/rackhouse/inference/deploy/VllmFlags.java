package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.LaunchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How vLLM's command line changed: images whose entry point is {@code vllm serve} take the model in the first place; older ones
 * ({@code python3 -m vllm.entrypoints.openai.api_server}) take it by {@code --model}. Flags that are gone make it end with code 2.
 */
final class VllmFlags {

    /** Flags that the V1 engine does not know any more, or that harm, and what to do instead (vLLM 0.8 to 0.29). */
    private static final Map<String, String> GONE = Map.of(
            "--swap-space", "Leave it out: V1 does not swap.",
            "--num-scheduler-steps", "Leave it out: V1 schedules every step.",
            "--use-v2-block-manager", "Leave it out: there is only one block manager.",
            "--max-seq-len-to-capture", "Leave it out: graphs are captured by batch size.",
            "--guided-decoding-backend", "Use --structured-outputs-config.",
            "--disable-log-requests",
                    "Leave it out: requests are not logged unless --enable-log-requests asks for it.");

    private static final List<String> MODULE = List.of("-m", "vllm.entrypoints.openai.api_server");

    private VllmFlags() {}

    /** A flag that is gone, with the advice. */
    record Gone(String flag, String advice) {}

    static List<Gone> gone(List<String> arguments) {
        return arguments.stream()
                .map(word -> word.replaceFirst("=.*", ""))
                .filter(GONE::containsKey)
                .distinct()
                .map(flag -> new Gone(flag, GONE.getOrDefault(flag, "")))
                .toList();
    }

    /** How an image takes the model. */
    enum Style {
        /** {@code vllm serve MODEL}. */
        POSITIONAL,
        /** {@code api_server --model MODEL}. */
        NAMED
    }

    /** Empty: it is no entry point of vLLM. */
    static Optional<Style> style(List<String> entrypoint) {
        String line = String.join(" ", entrypoint);
        if (line.contains(String.join(" ", MODULE))) {
            return Optional.of(Style.NAMED);
        }
        return line.matches("(.*/)?vllm serve") ? Optional.of(Style.POSITIONAL) : Optional.empty();
    }

    /** The launch in the words of the image. */
    static LaunchSpec.Container as(Style style, LaunchSpec.Container launch) {
        return switch (style) {
            case POSITIONAL -> launch;
            case NAMED -> {
                List<String> words = new ArrayList<>(launch.arguments());
                words.addFirst("--model");
                yield new LaunchSpec.Container(
                        launch.name(),
                        launch.image(),
                        launch.gpus(),
                        launch.hostPort(),
                        launch.port(),
                        launch.environment(),
                        launch.mounts(),
                        launch.hostIpc(),
                        launch.labels(),
                        words);
            }
        };
    }
}
