package dev.rackhouse.inference.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Failures that engines report in their logs: pattern, cause, advice. Texts are vLLM's of the V1 engine (0.8 to 0.2x) with older forms
 * beside them, llama.cpp's of 2025 and 2026, Docker's of 24 to 29. Prefixes vary, so only the message is matched.
 */
public enum EngineFailure {
    FREE_MEM(
            "Free memory on device .*?\\(([\\d.]+)/([\\d.]+) GiB\\).*less than desired GPU memory utilization \\(([\\d.]+), ([\\d.]+) GiB\\)",
            "Only $1 of $2 GiB were free, and the profile wants $4 GiB.",
            "Something else holds memory on the GPU: see who, and stop it, or lower the utilization."),
    OUT_OF_MEMORY(
            "(?:torch\\.OutOfMemoryError|torch\\.cuda\\.OutOfMemoryError): CUDA out of memory|cudaMalloc failed: out of memory|kIOGPUCommandBufferCallbackErrorOutOfMemory",
            "The GPU ran out of memory.",
            "While weights load: take a quantized model or more GPUs. Later: fewer sequences, fewer batched tokens, a lower utilization."),
    NO_KV(
            "No available memory for the cache blocks",
            "Weights and overhead left nothing for keys and values.",
            "Raise the utilization, up to 0.95, or take a smaller model."),
    KV_SMALL(
            "To serve at least one request with the model(?:s)?'s max seq len \\((\\d+)\\), \\(([\\d.]+) GiB .*available KV cache memory \\(([\\d.]+) GiB\\).*estimated maximum model length is (\\d+)",
            "One request of $1 tokens needs $2 GiB for keys and values, and $3 GiB remain.",
            "Set the context to $4 tokens."),
    MAX_LEN(
            "User-specified max_model_len \\((\\d+)\\) is greater than the derived",
            "The context of $1 tokens is longer than the model was made for.",
            "Shorten the context; longer ones need a scaling of positions."),
    TP_HEADS(
            "must be divisible by tensor parallel size",
            "The attention heads cannot be divided by the number of GPUs.",
            "Use a number of GPUs that divides the heads."),
    TP_ALIGN(
            "input size is not aligned with the quantized weight shape",
            "The parts of the weights are no multiple of the quantization's group.",
            "Use fewer GPUs for this model."),
    BF16(
            "Bfloat16 is only supported on GPUs with compute capability of at least 8.0",
            "The card has no bf16.",
            "Compute in fp16: --dtype half."),
    QUANT_CAPABILITY(
            "quantization method (\\w+) is not supported for the current GPU. Minimum capability: (\\d+)",
            "The card cannot run $1 weights: they need compute capability $2 (in tenths).",
            "Take files in another form, or another card."),
    GATED(
            "GatedRepoError|401 Client Error|Cannot access gated repo",
            "The model's licence was not accepted, or the token did not reach the container.",
            "Accept the licence at the publisher's, give a token, and check that it reaches the container."),
    NOT_FOUND(
            "is not a local folder and is not a valid model identifier|Repository Not Found",
            "There is no such model, or the cache is offline and lacks it.",
            "Check the name, or load the files first."),
    ARCHITECTURE(
            "Model architectures \\[(.*?)] are not supported|unknown model architecture",
            "This version of the engine does not know the model's architecture.",
            "Take a newer image."),
    FLAG(
            "unrecognized arguments: (.{1,120})|error: invalid argument: (.{1,120})",
            "This version of the engine does not know a flag.",
            "Take the flag out, or an image that knows it."),
    PORT(
            "address already in use|port is already allocated|couldn't bind (?:HTTP )?server socket",
            "Another program has the port.",
            "Give the deployment another port, or stop the other program."),
    NCCL(
            "NCCL error|ncclUnhandledCudaError|ncclSystemError",
            "The GPUs could not reach each other.",
            "Try NCCL_P2P_DISABLE=1 and no custom all-reduce; check shared memory and the topology."),
    HANG(
            "No available shared memory broadcast block found in \\d+ seconds",
            "Workers do not take part any more. Once while compiling that is normal.",
            "When it comes again after the start, the worker is dead: restart the engine."),
    DEAD(
            "EngineDeadError|EngineCore encountered an issue|Worker proc .* died",
            "The engine died behind its web server.",
            "Restart the container, and look for Xid messages of the same second."),
    MODEL_FILE(
            "error loading model|failed to load model",
            "The model's file could not be read.",
            "Check that it is complete and that this version of the engine knows its form."),
    NO_GPU_RUNTIME(
            "could not select device driver \"nvidia\"|failed to initialize NVML",
            "Docker cannot give GPUs to containers there.",
            "Install the NVIDIA container toolkit and configure Docker with it."),
    ROOT(
            "Engine core initialization failed. See root cause above",
            "The engine failed at its start; the cause stands above in its log.",
            "Look upward in the log for the first error.");

    private final Pattern pattern;
    private final String cause;
    private final String advice;

    EngineFailure(String pattern, String cause, String advice) {
        this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        this.cause = cause;
        this.advice = advice;
    }

    /**
     * A failure in a log.
     *
     * @param cause with the log's own numbers
     * @param line where it stood, cut at 400 characters
     */
    public record Found(EngineFailure failure, String cause, String advice, String line) {}

    /** The failure that a line reports. */
    public static Optional<Found> in(String line) {
        for (EngineFailure failure : values()) {
            Matcher match = failure.pattern.matcher(line);
            if (match.find()) {
                return Optional.of(new Found(
                        failure,
                        filled(failure.cause, match),
                        filled(failure.advice, match),
                        line.length() > 400 ? line.substring(0, 400) : line));
            }
        }
        return Optional.empty();
    }

    /** The causes in a log, each kind once, in the order of the log; the wrapper line counts only when it stands alone. */
    public static List<Found> causes(Iterable<String> lines) {
        List<Found> causes = new ArrayList<>();
        for (String line : lines) {
            in(line).filter(f -> causes.stream().noneMatch(c -> c.failure == f.failure))
                    .ifPresent(causes::add);
        }
        if (causes.size() > 1) {
            causes.removeIf(c -> c.failure == ROOT);
        }
        return List.copyOf(causes);
    }

    private static String filled(String text, Matcher match) {
        String filled = text;
        for (int i = 1; i <= match.groupCount(); i++) {
            String value = match.group(i);
            filled = filled.replace("$" + i, value == null ? "" : value);
        }
        return filled;
    }
}
