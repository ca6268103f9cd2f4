package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import dev.rackhouse.inference.Deployment;

/** What can be done with deployments, where they are shown. */
final class DeploymentActions {

    private DeploymentActions() {}

    static Button add() {
        Button button = leading("New deployment", ServingRoutes.NEW_DEPLOYMENT);
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        return button;
    }

    static Button find() {
        return leading("Find engines that run already", ServingRoutes.FOUND);
    }

    /** Deploying and updating begin in the form; what is declared is changed in its file, and deployed here. */
    static Button change(Deployment deployment) {
        return leading(
                deployment.declared() ? "Deploy…" : "Change, deploy or update…", ServingRoutes.edit(deployment.id()));
    }

    static Button history(Deployment deployment) {
        return leading("History", ServingRoutes.history(deployment.id()));
    }

    private static Button leading(String text, String route) {
        return new Button(text, _ -> UI.getCurrent().navigate(route));
    }
}
