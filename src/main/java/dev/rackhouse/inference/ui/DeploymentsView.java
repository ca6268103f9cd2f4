package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.util.List;

/** All deployments: what is served where, on which cards, and whether it fits there. */
@Route(ServingRoutes.DEPLOYMENTS)
@PageTitle("Deployments · Rackhouse")
@PermitAll
class DeploymentsView extends ServingPage {

    private final Deployments deployments;
    private final Places places;

    DeploymentsView(Deployments deployments, Places places, InventoryFeed feed) {
        super(feed);
        this.deployments = deployments;
        this.places = places;
        changed();
    }

    @Override
    public void changed() {
        removeAll();
        add(new PageHeader("Deployments"), sisters(ServingRoutes.DEPLOYMENTS));
        List<Deployment> all = deployments.list();
        if (all.isEmpty()) {
            add(new EmptyState(
                    "No model is deployed",
                    "Deployments are declared in a file that the setting rackhouse.inference.file names. Look first where a model fits.",
                    new Anchor(ServingRoutes.MODELS, "Where models fit")));
            return;
        }
        List<Place> known = places.list();
        Div rows = new Div();
        rows.addClassName("serving-list");
        all.forEach(d -> rows.add(row(d, known)));
        add(rows);
    }

    private Div row(Deployment d, List<Place> known) {
        Div row = new Div(
                FitShown.badge(places.fit(d, known)),
                new Anchor(ServingRoutes.deployment(d.id()), d.id().value()),
                new Anchor(ServingRoutes.model(d.model()), d.model().value()),
                small(d.engine().title() + ", " + d.files()),
                small(place(d, known)),
                small(
                        d.gpus().isEmpty()
                                ? "unified memory"
                                : d.gpus().size() + (d.gpus().size() == 1 ? " GPU" : " GPUs")),
                small("port " + d.port()));
        row.addClassName("serving-row");
        return row;
    }

    static String place(Deployment d, List<Place> known) {
        return known.stream()
                .filter(p -> d.place().equals(p.ref()))
                .map(Place::title)
                .findFirst()
                .orElse("a place that was not seen yet");
    }

    private static Component small(String text) {
        Span span = new Span(text);
        span.addClassNames("small", "muted", "clip");
        return span;
    }
}
