package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.fit.ServingProfile;
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

    private static final String DIRECTORY = "/srv/hf";

    public DeployDraft {
        gpus = List.copyOf(gpus);
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
        return new DeployDraft(
                "",
                "",
                "",
                EngineKind.VLLM,
                null,
                List.of(),
                "vllm/vllm-openai:v0.29.0",
                "8000",
                "",
                DIRECTORY,
                "32768",
                "32",
                "0.90",
                ServingProfile.seeds(32768));
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
                || share == null) {
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
