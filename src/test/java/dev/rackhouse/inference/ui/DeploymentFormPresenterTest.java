package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.deploy.DeployDraft;
import dev.rackhouse.inference.deploy.DeployFacts;
import dev.rackhouse.inference.deploy.DeployReadiness;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.inference.deploy.UpdateReadiness;
import dev.rackhouse.inference.fit.Fit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Somebody fills the form of a deployment, looks at its place, and gets a plan or reasons. */
class DeploymentFormPresenterTest {

    private static final DeployFacts NOTHING =
            new DeployFacts("", "", "", false, List.of(), List.of(), Map.of(), null, false, Map.of(), null, List.of());

    private static final Finding BLOCKED = new Finding(
            Finding.Weight.BLOCKS, "place", "Docker does not answer.", "Set it up.", Finding.Fix.PREPARE_GUEST);

    private final Deployment seed = ServingSamples.deployment("vllm-14b");
    private @Nullable DeploymentFormState shown;
    private final DeploymentFormPresenter presenter =
            new DeploymentFormPresenter(DeployDraft.of(seed), new Refusing(), state -> shown = state);

    /** Nothing may be done, and that is said. */
    private static final class Refusing implements DeploymentFormPresenter.Rules {
        @Override
        public List<Model> models() {
            return List.of();
        }

        @Override
        public List<Problem> check(Deployment deployment) {
            return deployment.port() == 8001 ? List.of() : List.of(new Problem("port", "Somebody has it."));
        }

        @Override
        public Optional<Fit> fit(Deployment deployment) {
            return Optional.empty();
        }

        @Override
        public DeployReadiness assess(Deployment deployment, DeployFacts facts) {
            return new DeployReadiness.Blocked(List.of(BLOCKED));
        }

        @Override
        public UpdateReadiness assessUpdate(Deployment deployment, DeployFacts facts) {
            return new UpdateReadiness.Blocked(List.of());
        }
    }

    private DeploymentFormState state() {
        return Objects.requireNonNull(shown);
    }

    private static DeployDraft withPort(DeployDraft d, String port) {
        return new DeployDraft(
                d.name(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                port,
                d.servedName(),
                d.directory(),
                d.context(),
                d.sequences(),
                d.utilization(),
                d.rest());
    }

    @Test
    void whatIsTypedIsCheckedAtOnce() {
        presenter.open();
        assertThat(state().mayStore()).isTrue();

        presenter.change(draft -> withPort(draft, "8000"));
        assertThat(state().problems()).containsExactly(new Problem("port", "Somebody has it."));

        presenter.change(draft -> withPort(draft, "many"));
        assertThat(state().problems())
                .singleElement()
                .satisfies(p -> assertThat(p.field()).isEqualTo("port"));
        assertThat(state().mayLook()).isFalse();
    }

    @Test
    void whatWasFoundIsShownUntilSomethingElseIsAskedFor() {
        presenter.seen(seed, NOTHING);
        assertThat(state().findings()).containsExactly(BLOCKED);
        assertThat(state().next()).isNull();

        presenter.change(d -> new DeployDraft(
                d.name(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                "vllm/vllm-openai:v0.30.0",
                d.port(),
                d.servedName(),
                d.directory(),
                d.context(),
                d.sequences(),
                d.utilization(),
                d.rest()));

        assertThat(state().findings()).isEmpty();
    }

    @Test
    void aPlaceThatDoesNotAnswerIsSaid() {
        presenter.asking();
        assertThat(state().looking()).isTrue();

        presenter.failed(new RemoteFailure.Unreachable("look", "thor", "connection refused", "Is it on?", null));

        assertThat(state().looking()).isFalse();
        assertThat(state().failure()).contains("connection refused");
    }

    @Test
    void theFormSaysWhatIsMissingFieldByField() {
        DeploymentFormPresenter empty =
                new DeploymentFormPresenter(DeployDraft.empty(), new Refusing(), state -> shown = state);

        empty.open();

        assertThat(state().problems()).extracting(Problem::field).contains("name", "model", "place");
    }
}
