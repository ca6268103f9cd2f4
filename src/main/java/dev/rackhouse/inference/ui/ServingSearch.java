package dev.rackhouse.inference.ui;

import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.SearchHit;
import dev.rackhouse.base.ui.SearchSource;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Models, deployments and modes for the search palette, from what is stored. */
@Component
class ServingSearch implements SearchSource {

    private final Models models;
    private final Deployments deployments;

    ServingSearch(Models models, Deployments deployments) {
        this.models = models;
        this.deployments = deployments;
    }

    @Override
    public int order() {
        return 30;
    }

    @Override
    public List<SearchHit> search(String query, int limit) {
        if (query.isEmpty()) {
            return List.of();
        }
        String wanted = query.toLowerCase(Locale.ROOT);
        List<SearchHit> hits = new ArrayList<>();
        for (Deployment d : deployments.list()) {
            if ((d.id() + " " + d.servedName() + " " + d.model())
                    .toLowerCase(Locale.ROOT)
                    .contains(wanted)) {
                hits.add(new SearchHit(
                        Glyph.Kind.CONTAINER,
                        d.id().value(),
                        "deployment of " + d.model() + " by " + d.engine().title(),
                        ServingRoutes.deployment(d.id())));
            }
        }
        for (Model m : models.list()) {
            if ((m.id() + " " + m.name() + " " + m.family())
                    .toLowerCase(Locale.ROOT)
                    .contains(wanted)) {
                hits.add(new SearchHit(
                        Glyph.Kind.DEVICE, m.name(), "model for " + m.purpose().word(), ServingRoutes.model(m.id())));
            }
        }
        for (Mode m : deployments.modes()) {
            if (m.title().toLowerCase(Locale.ROOT).contains(wanted)) {
                hits.add(new SearchHit(Glyph.Kind.RUN, m.title(), "serving mode", ServingRoutes.MODES));
            }
        }
        return hits.stream().limit(limit).toList();
    }
}
