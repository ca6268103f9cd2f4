package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.OllamaModel;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a person has entered so far about a deployment: shaped like the form, texts as typed.
 *
 * @param model id of a registered model; empty: none chosen yet
 * @param files name of the model's files
 * @param place null: none chosen yet
 * @param rest of the tuning; of it the form asks only whether the engine may sleep
 */
public record DeployDraft(
        String name,
        String model,
        String files,
        EngineKind engine,
        @Nullable PlaceRef place,
        List<GpuPin> gpus,
        String image,
        String port,
        String servedName,
        String directory,
        String context,
        String sequences,
        String utilization,
        ServingProfile rest) {

    public DeployDraft {
        gpus = List.copyOf(gpus);
    }

    /** What deployments of an engine usually look like. */
    private record Usual(String image, String port, String directory, String context, String sequences) {
        static Usual of(EngineKind kind) {
            return switch (kind) {
                case VLLM -> new Usual("vllm/vllm-openai:v0.29.0", "8000", "/srv/hf", "32768", "32");
                case LLAMA_CPP ->
                    new Usual("ghcr.io/ggml-org/llama.cpp:server-cuda", "8080", "/srv/models", "8192", "1");
                case OLLAMA -> new Usual("ollama/ollama:0.13.5", "11434", "/srv/ollama", "8192", "1");
            };
        }

        /** What was typed, unless it is what is usual here: then what is usual there. */
        String keep(String typed, Function<Usual, String> field, Usual next) {
            return typed.isBlank() || typed.strip().equals(field.apply(this)) ? field.apply(next) : typed;
        }
    }

    /** What came of reading the texts. */
    public sealed interface Read {
        record Complete(Deployment deployment) implements Read {}

        record Incomplete(List<Problem> problems) implements Read {
            public Incomplete {
                problems = List.copyOf(problems);
            }
        }
    }

    /** An empty form with the tuning of the seeds. */
    public static DeployDraft empty() {
        Usual usual = Usual.of(EngineKind.VLLM);
        return new DeployDraft(
                "",
                "",
                "",
                EngineKind.VLLM,
                null,
                List.of(),
                usual.image,
                usual.port,
                "",
                usual.directory,
                usual.context,
                usual.sequences,
                "0.90",
                ServingProfile.seeds(32768));
    }

    /**
     * What depends on a choice follows it, unless somebody has typed something else: a model brings its names, its files and an engine
     * that runs them; an engine brings its image, port, directory and load.
     *
     * @param before as it was before the choice
     * @param models those that can be chosen
     */
    public DeployDraft following(DeployDraft before, List<Model> models) {
        Model chosen = models.stream()
                .filter(m -> m.id().value().equals(model))
                .findFirst()
                .orElse(null);
        ModelFiles its = chosen == null
                ? null
                : chosen.files(files).orElse(chosen.files().getFirst());
        boolean asked = engine != before.engine;
        boolean other = !model.equals(before.model) || !files.equals(before.files);
        EngineKind runs = its == null || asked || !other ? engine : running(its);
        Usual was = Usual.of(before.engine);
        Usual next = Usual.of(runs);
        boolean change = runs != before.engine;
        return new DeployDraft(
                chosen == null || model.equals(before.model) || !follows(name, container(before.model))
                        ? name
                        : container(model),
                model,
                its == null ? files : its.name(),
                runs,
                place,
                gpus,
                change ? was.keep(image, Usual::image, next) : image,
                change ? was.keep(port, Usual::port, next) : port,
                other || asked ? served(before, models, its, runs) : servedName,
                change ? was.keep(directory, Usual::directory, next) : directory,
                change ? was.keep(context, Usual::context, next) : context,
                change ? was.keep(sequences, Usual::sequences, next) : sequences,
                utilization,
                rest);
    }

    private EngineKind running(ModelFiles its) {
        boolean gguf = its.weights() instanceof Weights.Gguf;
        return gguf == (engine != EngineKind.VLLM) ? engine : gguf ? EngineKind.LLAMA_CPP : EngineKind.VLLM;
    }

    private static boolean follows(String typed, String made) {
        return typed.isBlank() || typed.equals(made);
    }

    /** The name of a container that is made from a model's. */
    private static String container(String model) {
        String plain = model.replaceAll("[._]", "-");
        return plain.length() > 41 ? plain.substring(0, 41) : plain;
    }

    private String served(DeployDraft before, List<Model> models, @Nullable ModelFiles its, EngineKind runs) {
        if (its == null) {
            return servedName;
        }
        String old = models.stream()
                .filter(m -> m.id().value().equals(before.model))
                .flatMap(m -> m.files(before.files).stream())
                .findFirst()
                .map(files -> askedFor(before.model, files, before.engine))
                .orElse("");
        return follows(servedName, old) ? askedFor(model, its, runs) : servedName;
    }

    /** Ollama answers to its own name of the model only. */
    private static String askedFor(String model, ModelFiles files, EngineKind engine) {
        return engine == EngineKind.OLLAMA && OllamaModel.named(files.source()) ? files.source() : model;
    }

    public static DeployDraft of(Deployment d) {
        return new DeployDraft(
                d.id().value(),
                d.model().value(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                Integer.toString(d.port()),
                d.servedName(),
                d.modelDirectory(),
                Integer.toString(d.profile().contextTokens()),
                Integer.toString(d.profile().sequences()),
                String.format(Locale.ROOT, "%.2f", d.profile().utilization()),
                d.profile());
    }

    /** Pure; whatever was typed, it gives a deployment or says what is wrong with which field. */
    public Read read() {
        List<Problem> problems = new ArrayList<>();
        DeploymentId id = field("name", DeploymentId::new, name, problems);
        ModelId modelId = model.isBlank()
                ? missing("model", "Choose a model.", problems)
                : field("model", ModelId::new, model, problems);
        PlaceRef where = place == null ? missing("place", "Choose where it shall run.", problems) : place;
        if (servedName.isBlank()) {
            problems.add(new Problem("served", "Enter the name that clients ask for."));
        }
        Integer hostPort = whole("port", port, 1, 65535, problems);
        Integer tokens = whole("context", context, 128, 4_194_304, problems);
        Integer at = whole("sequences", sequences, 1, 4096, problems);
        Double share = share(problems);
        if (id == null
                || modelId == null
                || where == null
                || hostPort == null
                || tokens == null
                || at == null
                || share == null
                || !problems.isEmpty()) {
            return new Read.Incomplete(problems);
        }
        try {
            return new Read.Complete(new Deployment(
                    id,
                    modelId,
                    files,
                    engine,
                    where,
                    gpus,
                    image.strip(),
                    hostPort,
                    servedName.strip(),
                    directory.strip(),
                    rest.withContext(tokens).withSequences(at).withUtilization(share),
                    false));
        } catch (IllegalArgumentException refused) {
            return new Read.Incomplete(List.of(new Problem("", capital(String.valueOf(refused.getMessage())) + ".")));
        }
    }

    private @Nullable Double share(List<Problem> problems) {
        String text = utilization.strip().replace(',', '.');
        if (text.matches("0?\\.\\d{1,2}") && Double.parseDouble(text) >= 0.10 && Double.parseDouble(text) <= 0.95) {
            return Double.valueOf(text);
        }
        return missing("utilization", "The utilization is a share of the memory between 0.10 and 0.95.", problems);
    }

    private static @Nullable Integer whole(String field, String text, int least, int most, List<Problem> problems) {
        String plain = text.strip();
        if (plain.matches("\\d{1,7}") && Integer.parseInt(plain) >= least && Integer.parseInt(plain) <= most) {
            return Integer.valueOf(plain);
        }
        return missing(field, "Enter a whole number between " + least + " and " + most + ".", problems);
    }

    private static <T> @Nullable T field(
            String field, Function<String, T> reader, String text, List<Problem> problems) {
        try {
            return reader.apply(text.strip());
        } catch (IllegalArgumentException refused) {
            return missing(field, capital(String.valueOf(refused.getMessage())) + ".", problems);
        }
    }

    private static <T> @Nullable T missing(String field, String sentence, List<Problem> problems) {
        problems.add(new Problem(field, sentence));
        return null;
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
