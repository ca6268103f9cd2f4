package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All deployments, place by place: how each stands, what it makes, who waits, what it holds. */
@Route(ServingRoutes.DEPLOYMENTS)
@PageTitle("Deployments · Rackhouse")
@PermitAll
class DeploymentsView extends ServingPage {

    private final Deployments deployments;
    private final Places places;
    private final Standings standings;
    private final Clock clock;
    private final Div list = new Div();
    private final List<DeploymentLine> lines = new ArrayList<>();
    private final Map<PlaceRef, PlaceHead> heads = new HashMap<>();
    private String shown = "";

    DeploymentsView(
            Deployments deployments,
            Places places,
            Standings standings,
            StandingFeed engines,
            InventoryFeed feed,
            Clock clock) {
        super(feed);
        this.deployments = deployments;
        this.places = places;
        this.standings = standings;
        this.clock = clock;
        list.addClassName("engine-list");
        add(
                new PageHeader("Deployments").subtitle(new TokensNow(standings, engines, clock)),
                sisters(ServingRoutes.DEPLOYMENTS),
                list);
        engines.follow(this, this::refresh);
        changed();
    }

    /** Lines are made anew only when there are other deployments or other names of places. */
    @Override
    public void changed() {
        List<Place> known = places.list();
        Map<PlaceRef, List<Deployment>> byPlace = new LinkedHashMap<>();
        deployments
                .list()
                .forEach(d -> byPlace.computeIfAbsent(d.place(), p -> new ArrayList<>())
                        .add(d));
        Map<PlaceRef, String> titles = new LinkedHashMap<>();
        byPlace.forEach((place, its) -> titles.put(place, place(its.getFirst(), known)));
        String standing = byPlace.toString() + titles;
        if (!standing.equals(shown)) {
            shown = standing;
            build(byPlace, titles);
        }
        refresh();
    }

    private void build(Map<PlaceRef, List<Deployment>> byPlace, Map<PlaceRef, String> titles) {
        list.removeAll();
        lines.clear();
        heads.clear();
        if (byPlace.isEmpty()) {
            list.add(new EmptyState(
                    "No model is deployed",
                    "Deployments are declared in a file that the setting rackhouse.inference.file names. Look first where a model fits.",
                    new Anchor(ServingRoutes.MODELS, "Where models fit")));
            return;
        }
        byPlace.forEach((place, its) -> {
            PlaceHead beside = new PlaceHead();
            heads.put(place, beside);
            Div rows = new Div(DeploymentLine.head());
            rows.addClassName("serving-list");
            for (Deployment d : its) {
                DeploymentLine line = new DeploymentLine(d);
                lines.add(line);
                rows.add(line);
            }
            list.add(new Section(titles.getOrDefault(place, "A place"), rows).beside(beside));
        });
    }

    private void refresh() {
        Instant at = clock.instant();
        Map<DeploymentId, DeploymentNow> now = new HashMap<>();
        standings.all().forEach(d -> now.put(d.id(), d));
        for (DeploymentLine line : lines) {
            DeploymentNow its = now.get(line.id());
            if (its != null) {
                line.show(its, standings.place(its.deployment().place()), standings, at);
            }
        }
        heads.forEach((place, head) -> head.show(standings.place(place)));
    }

    static String place(Deployment d, List<Place> known) {
        return known.stream()
                .filter(p -> d.place().equals(p.ref()))
                .map(Place::title)
                .findFirst()
                .orElseGet(() -> switch (d.place()) {
                    case PlaceRef.InGuest in -> "Guest " + in.guest().vmid() + ", not seen yet";
                    case PlaceRef.OnHost on -> on.node().node();
                });
    }
}
