package dev.rackhouse.inference.ui;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.deploy.DeployDraft;
import dev.rackhouse.inference.deploy.DeployFacts;
import dev.rackhouse.inference.deploy.DeployReadiness;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.inference.deploy.UpdateReadiness;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.ui.DeploymentFormState.Next;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the form of a deployment does, without a screen: changes come in, a {@link DeploymentFormState} goes out. Looking at the place
 * takes seconds and is left to the view. One thread at a time.
 */
final class DeploymentFormPresenter {

    /** What decides; asks no machine. */
    interface Rules {
        List<Model> models();

        List<Problem> check(Deployment deployment);

        Optional<Fit> fit(Deployment deployment);

        DeployReadiness assess(Deployment deployment, DeployFacts facts);

        UpdateReadiness assessUpdate(Deployment deployment, DeployFacts facts);
    }

    /** What was seen, and for what: other files or another image have not been looked for. */
    private record Seen(Deployment asked, DeployFacts facts) {
        boolean tellsAbout(Deployment deployment) {
            return asked.place().equals(deployment.place())
                    && asked.model().equals(deployment.model())
                    && asked.files().equals(deployment.files())
                    && asked.image().equals(deployment.image())
                    && asked.id().equals(deployment.id())
                    && asked.modelDirectory().equals(deployment.modelDirectory());
        }
    }

    private record Judged(List<Finding> findings, @Nullable Next next) {}

    private final Rules rules;
    private final Consumer<DeploymentFormState> screen;
    private DeployDraft draft;
    private @Nullable Seen seen;
    private @Nullable String failure;
    private boolean looking;

    DeploymentFormPresenter(DeployDraft draft, Rules rules, Consumer<DeploymentFormState> screen) {
        this.draft = draft;
        this.rules = rules;
        this.screen = screen;
    }

    void open() {
        show();
    }

    DeployDraft draft() {
        return draft;
    }

    void change(UnaryOperator<DeployDraft> change) {
        DeployDraft changed = change.apply(draft).following(draft, rules.models());
        if (!changed.equals(draft)) {
            draft = changed;
            show();
        }
    }

    /** The deployment as typed; empty while something is missing or wrong. */
    Optional<Deployment> deployment() {
        return draft.read() instanceof DeployDraft.Read.Complete(Deployment deployment)
                ? Optional.of(deployment)
                : Optional.empty();
    }

    /** The view asks the place now, about {@link #deployment}, and brings what comes of it. */
    void asking() {
        looking = true;
        failure = null;
        show();
    }

    void seen(Deployment asked, DeployFacts facts) {
        looking = false;
        seen = new Seen(asked, facts);
        show();
    }

    void failed(RemoteFailure why) {
        looking = false;
        failure = why.getMessage();
        show();
    }

    /** What can be started now; null: nothing. */
    @Nullable
    Next next() {
        Seen last = seen;
        Deployment deployment = deployment().orElse(null);
        return last == null || deployment == null || !last.tellsAbout(deployment) || looking
                ? null
                : judged(deployment, last.facts()).next();
    }

    private void show() {
        switch (draft.read()) {
            case DeployDraft.Read.Incomplete(List<Problem> problems) ->
                screen.accept(
                        new DeploymentFormState(draft, problems, Optional.empty(), looking, failure, List.of(), null));
            case DeployDraft.Read.Complete(Deployment deployment) -> {
                Seen last = seen;
                Judged judged = last == null || !last.tellsAbout(deployment)
                        ? new Judged(List.of(), null)
                        : judged(deployment, last.facts());
                screen.accept(new DeploymentFormState(
                        draft,
                        rules.check(deployment),
                        rules.fit(deployment),
                        looking,
                        failure,
                        judged.findings(),
                        looking ? null : judged.next()));
            }
        }
    }

    /** Where a container of its own is there in another form, it is an update. */
    private Judged judged(Deployment deployment, DeployFacts facts) {
        return switch (rules.assess(deployment, facts)) {
            case DeployReadiness.Ready ready -> new Judged(ready.findings(), new Next.Deploy(ready.plan()));
            case DeployReadiness.Blocked blocked ->
                switch (rules.assessUpdate(deployment, facts)) {
                    case UpdateReadiness.Ready update -> new Judged(update.findings(), new Next.Update(update.plan()));
                    case UpdateReadiness.Blocked refused ->
                        new Judged(
                                blocked.findings().stream().anyMatch(f -> f.fix() == Finding.Fix.UPDATE)
                                        ? refused.findings()
                                        : blocked.findings(),
                                null);
                };
        };
    }
}
