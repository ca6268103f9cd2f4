package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.deploy.DeployDraft;
import dev.rackhouse.inference.deploy.DeployPlan;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.inference.deploy.UpdatePlan;
import dev.rackhouse.inference.fit.Fit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the form of a deployment shows.
 *
 * @param problems what cannot be stored as it is
 * @param fit whether it fits by what is known now; empty: not known
 * @param looking whether the place is being asked
 * @param failure why it could not be asked; null: nothing went wrong
 * @param findings what was found in the place; empty before it was looked at
 * @param next what can be started; null: nothing yet
 */
record DeploymentFormState(
        DeployDraft draft,
        List<Problem> problems,
        Optional<Fit> fit,
        boolean looking,
        @Nullable String failure,
        List<Finding> findings,
        @Nullable Next next) {

    /** What can be started from here. */
    sealed interface Next {
        record Deploy(DeployPlan plan) implements Next {}

        record Update(UpdatePlan plan) implements Next {}
    }

    DeploymentFormState {
        problems = List.copyOf(problems);
        findings = List.copyOf(findings);
    }

    boolean mayStore() {
        return problems.isEmpty();
    }

    boolean mayLook() {
        return problems.stream().noneMatch(p -> !p.field().equals("gpus")) && !looking;
    }
}
