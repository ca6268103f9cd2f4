package dev.rackhouse.inference;

import dev.rackhouse.base.LabId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What the pretend homelabs declare, as records, for tests outside of this package. No database. */
public final class ServingSamples {

    public static final LabId THOR = new LabId(new UUID(0, 1));
    private static final LabId HOME = new LabId(new UUID(0, 2));
    private static final InferenceFile FILE = read();

    private ServingSamples() {}

    private static InferenceFile read() {
        try (InputStream in = ServingSamples.class.getResourceAsStream("/labs/inference.yaml")) {
            return InferenceFile.read(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8),
                    name -> switch (name) {
                        case "thor" -> Optional.of(THOR);
                        case "home" -> Optional.of(HOME);
                        default -> Optional.empty();
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Deployment> deployments() {
        return FILE.deployments();
    }

    public static List<Mode> modes() {
        return FILE.modes();
    }

    public static List<Route> routes() {
        return FILE.routes();
    }

    public static Deployment deployment(String id) {
        return deployments().stream()
                .filter(d -> d.id().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    public static List<Model> models() {
        return KnownModels.all();
    }

    public static Model model(Deployment deployment) {
        return KnownModels.all().stream()
                .filter(m -> m.id().equals(deployment.model()))
                .findFirst()
                .orElseThrow();
    }

    public static ServingEngine engine(EngineKind kind) {
        return switch (kind) {
            case VLLM -> new VllmEngine();
            case LLAMA_CPP -> new LlamaEngine();
            case OLLAMA -> new OllamaEngine();
        };
    }

    public static List<Problem> problems(Deployment draft, List<Deployment> others) {
        return DeploymentRules.of(draft, Optional.of(model(draft)), engine(draft.engine()), false, others);
    }

    public static List<dev.rackhouse.runbook.NamedCondition> conditions() {
        return EngineConditions.all();
    }
}
