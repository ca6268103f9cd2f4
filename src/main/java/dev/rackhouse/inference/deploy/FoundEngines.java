package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.SleepMode;
import dev.rackhouse.inference.fit.ServingProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads deployments out of containers that somebody started by hand: what the image is, what stands in the arguments. Pure; what cannot
 * be read is said, never guessed. Flags of vLLM 0.8 to 0.29 and of llama.cpp's server of 2025 and 2026.
 */
final class FoundEngines {

    private static final Set<String> HARMFUL = Set.of("--tools", "--agent", "--ui-mcp-proxy");
    private static final Set<String> SWITCHES =
            Set.of("--metrics", "--embeddings", "--embedding", "--swa-full", "--enforce-eager", SleepMode.FLAG);

    private FoundEngines() {}

    /** Engines among the containers of a place whose name no deployment of that place has. */
    static List<FoundEngine> among(
            List<SeenContainer> containers, PlaceRef place, List<Deployment> registered, List<Model> models) {
        return containers.stream()
                .filter(c -> registered.stream()
                        .noneMatch(
                                d -> d.place().equals(place) && d.id().value().equals(c.name())))
                .filter(c -> !c.name().matches(".*-before-\\d+"))
                .flatMap(c -> kind(c).map(kind -> found(c, kind, place, models)).stream())
                .toList();
    }

    static Optional<EngineKind> kind(SeenContainer container) {
        String image = container.image().toLowerCase(java.util.Locale.ROOT);
        String words = String.join(" ", container.entrypoint()) + " " + String.join(" ", container.command());
        if (image.contains("ollama")) {
            return Optional.of(EngineKind.OLLAMA);
        }
        if (image.contains("vllm") || words.contains("vllm serve") || words.contains("vllm.entrypoints")) {
            return Optional.of(EngineKind.VLLM);
        }
        return image.contains("llama.cpp") || image.contains("llama-server") || words.contains("llama-server")
                ? Optional.of(EngineKind.LLAMA_CPP)
                : Optional.empty();
    }

    private record Arguments(List<String> words, Map<String, String> flags) {

        static Arguments of(List<String> command) {
            List<String> words = new ArrayList<>();
            Map<String, String> flags = new HashMap<>();
            for (int i = 0; i < command.size(); i++) {
                String word = command.get(i);
                int equals = word.indexOf('=');
                if (word.startsWith("-") && equals > 0) {
                    flags.put(word.substring(0, equals), word.substring(equals + 1));
                } else if (word.startsWith("-")) {
                    boolean value = !SWITCHES.contains(word)
                            && i + 1 < command.size()
                            && !command.get(i + 1).startsWith("-");
                    flags.put(word, value ? command.get(++i) : "");
                } else {
                    words.add(word);
                }
            }
            return new Arguments(words, flags);
        }

        @Nullable
        String first(String... names) {
            for (String name : names) {
                String value = flags.get(name);
                if (value != null && !value.isEmpty()) {
                    return value;
                }
            }
            return null;
        }

        int number(int otherwise, String... names) {
            String text = first(names);
            if (text != null && text.matches("\\d{1,7}[kK]")) {
                return Integer.parseInt(text.substring(0, text.length() - 1)) * (text.endsWith("K") ? 1024 : 1000);
            }
            return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
        }
    }

    private static FoundEngine found(SeenContainer c, EngineKind kind, PlaceRef place, List<Model> models) {
        List<String> remarks = new ArrayList<>();
        Arguments arguments = Arguments.of(c.command());
        warnings(kind, arguments, remarks);
        Deployment proposal = null;
        if (kind == EngineKind.OLLAMA) {
            remarks.add("Ollama serves what it is asked for: which model it keeps does not stand in its container.");
        } else {
            try {
                proposal = proposal(c, kind, place, models, arguments, remarks);
            } catch (IllegalArgumentException refused) {
                remarks.add("It cannot be taken over: " + refused.getMessage() + ".");
            }
        }
        return new FoundEngine(c.name(), c.image(), c.status(), proposal, remarks);
    }

    private static void warnings(EngineKind kind, Arguments arguments, List<String> remarks) {
        if (kind == EngineKind.VLLM) {
            VllmFlags.gone(List.copyOf(arguments.flags.keySet()))
                    .forEach(gone -> remarks.add(gone.flag() + " is gone in newer versions. " + gone.advice()));
            if (arguments.flags.containsKey("--disable-log-stats")) {
                remarks.add("--disable-log-stats keeps it from counting tokens: nobody can tell whether it works.");
            }
            if (arguments.first("--gpu-memory-utilization") == null) {
                remarks.add(
                        "It has no --gpu-memory-utilization; the default differs between versions. 0.90 is proposed.");
            }
        }
        arguments.flags.keySet().stream()
                .filter(HARMFUL::contains)
                .forEach(flag -> remarks.add(flag + " opens a shell to whoever asks. Take it out."));
    }

    private static @Nullable Deployment proposal(
            SeenContainer c,
            EngineKind kind,
            PlaceRef place,
            List<Model> models,
            Arguments arguments,
            List<String> remarks) {
        boolean vllm = kind == EngineKind.VLLM;
        String target = vllm ? "/root/.cache/huggingface" : "/models";
        String directory = c.mounts().entrySet().stream()
                .filter(mount -> mount.getValue().equals(target))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        String source = source(vllm, arguments, target);
        Model model = models.stream()
                .filter(m -> m.files().stream().anyMatch(f -> f.source().equals(source)))
                .findFirst()
                .orElse(null);
        List<GpuPin> gpus = c.gpus().stream()
                .filter(gpu -> gpu.startsWith("GPU-"))
                .map(gpu -> new GpuPin(gpu, null))
                .toList();
        if (model == null) {
            remarks.add(
                    source.isEmpty()
                            ? "Which model it serves does not stand in its arguments."
                            : "No registered model has the files " + source + ": register the model first.");
        }
        if (gpus.isEmpty() || gpus.size() != c.gpus().size()) {
            remarks.add(
                    "It does not name its GPUs by UUID, but has " + c.gpus() + ": choose them when taking it over.");
        }
        if (c.hostPorts().isEmpty()) {
            remarks.add("It publishes no port: clients of other machines do not reach it.");
        }
        if (directory.isEmpty()) {
            remarks.add("Nothing of the host is mounted at " + target + ": its files go with the container.");
        }
        if (model == null || gpus.isEmpty() || c.hostPorts().isEmpty() || directory.isEmpty()) {
            return null;
        }
        String files = model.files().stream()
                .filter(f -> f.source().equals(source))
                .map(ModelFiles::name)
                .findFirst()
                .orElseThrow();
        String served = arguments.first("--served-model-name", "--alias", "-a");
        return new Deployment(
                new DeploymentId(c.name()),
                model.id(),
                files,
                kind,
                place,
                gpus,
                c.image(),
                c.hostPorts().getFirst(),
                served == null ? source : served,
                directory,
                profile(vllm, arguments, model).withSleep(vllm && maySleep(c)),
                false);
    }

    private static String source(boolean vllm, Arguments arguments, String target) {
        String named = arguments.first("--model", "-m");
        if (vllm) {
            List<String> positional = arguments.words.stream()
                    .filter(word -> !word.equals("vllm") && !word.equals("serve"))
                    .toList();
            return named != null ? named : positional.isEmpty() ? "" : positional.getFirst();
        }
        return named == null ? "" : named.startsWith(target + "/") ? named.substring(target.length() + 1) : named;
    }

    private static boolean maySleep(SeenContainer c) {
        return c.command().contains(SleepMode.FLAG) && c.variables().contains(SleepMode.VARIABLE);
    }

    private static ServingProfile profile(boolean vllm, Arguments arguments, Model model) {
        String share = arguments.first("--gpu-memory-utilization");
        int sequences = vllm ? arguments.number(32, "--max-num-seqs") : arguments.number(1, "--parallel", "-np");
        int context = vllm
                ? arguments.number(model.shape().maxPositions(), "--max-model-len")
                : arguments.number(model.shape().maxPositions(), "--ctx-size", "-c") / Math.max(1, sequences);
        ServingProfile profile = ServingProfile.seeds(context).withSequences(sequences);
        return share != null && share.matches("0?\\.\\d{1,4}")
                ? profile.withUtilization(Double.parseDouble(share))
                : profile;
    }
}
