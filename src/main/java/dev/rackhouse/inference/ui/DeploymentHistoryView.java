package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.inference.DeploymentHistory;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.DeploymentRevision;
import dev.rackhouse.inference.DeploymentRevision.Difference;
import jakarta.annotation.security.PermitAll;
import java.util.List;

/** What a deployment was, change by change, newest first; each leads back into the form. */
@Route(ServingRoutes.DEPLOYMENT_HISTORY)
@PermitAll
class DeploymentHistoryView extends Page implements BeforeEnterObserver, HasDynamicTitle {

    private final DeploymentHistory history;
    private String wanted = "";

    DeploymentHistoryView(DeploymentHistory history) {
        this.history = history;
        addClassName("serving");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        wanted = event.getRouteParameters().get("deployment").orElse("");
        removeAll();
        List<DeploymentRevision> revisions = revisions();
        add(new PageHeader("History of " + wanted).subtitle(new Anchor(ServingRoutes.DEPLOYMENTS, "All deployments")));
        if (revisions.isEmpty()) {
            add(new EmptyState("Nothing is kept", "No deployment of this name was ever stored."));
        }
        for (int i = 0; i < revisions.size(); i++) {
            DeploymentRevision earlier = i + 1 < revisions.size() ? revisions.get(i + 1) : null;
            add(row(revisions.get(i), revisions.get(i).since(earlier), i == 0));
        }
    }

    private List<DeploymentRevision> revisions() {
        try {
            return history.of(new DeploymentId(wanted));
        } catch (IllegalArgumentException noName) {
            return List.of();
        }
    }

    private Div row(DeploymentRevision revision, List<Difference> differences, boolean newest) {
        Div head = new Div(new TimeLabel(revision.at()), new Span("by " + revision.by()));
        head.addClassName("row");
        var deployment = revision.deployment();
        if (deployment == null) {
            head.add(new Span("removed"));
        } else if (!newest && !deployment.declared()) {
            head.add(new Anchor(
                    ServingRoutes.edit(deployment.id()) + "?revision=" + revision.number(), "Apply this again…"));
        }
        Pre diff = new Pre();
        diff.addClassName("command");
        for (Difference difference : differences) {
            line(diff, "removed", "-", difference.field(), difference.before());
            line(diff, "added", "+", difference.field(), difference.after());
        }
        Div card = new Div(head, diff);
        card.addClassName("card");
        return card;
    }

    private static void line(Pre diff, String look, String sign, String field, String value) {
        if (!value.isEmpty()) {
            Span line = new Span("  " + sign + " " + field + ": " + value + "\n");
            line.addClassName(look);
            diff.add(line);
        }
    }

    @Override
    public String getPageTitle() {
        return "History of " + wanted + " · Rackhouse";
    }
}
