package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.Placement;
import dev.rackhouse.inference.Placement.Option;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One model: its numbers, its files, and where it can run. */
@Route(ServingRoutes.MODEL)
@PermitAll
class ModelView extends ServingPage implements BeforeEnterObserver, HasDynamicTitle {

    private final Models models;
    private final Deployments deployments;
    private final Places places;
    private final EngineParts engines;
    private String wanted = "";

    ModelView(Models models, Deployments deployments, Places places, EngineParts engines, InventoryFeed feed) {
        super(feed);
        this.models = models;
        this.deployments = deployments;
        this.engines = engines;
        this.places = places;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        wanted = event.getRouteParameters().get("model").orElse("");
        changed();
    }

    private Optional<Model> model() {
        try {
            return models.find(new ModelId(wanted));
        } catch (IllegalArgumentException noModel) {
            return Optional.empty();
        }
    }

    @Override
    public void changed() {
        removeAll();
        model().ifPresentOrElse(
                        this::show,
                        () -> add(
                                new PageHeader("Model"),
                                new EmptyState(
                                        "There is no such model",
                                        "It may have been removed from the registry.",
                                        new Anchor(ServingRoutes.MODELS, "All models"))));
    }

    private void show(Model model) {
        add(
                new PageHeader(model.name())
                        .subtitle(model.family() + " · " + model.purpose().word()),
                facts(model));
        List<DeploymentId> deployed = deployments.list().stream()
                .filter(d -> d.model().equals(model.id()))
                .map(Deployment::id)
                .toList();
        Section now = new Section("Where it runs now");
        now.add(
                deployed.isEmpty()
                        ? new EmptyState("Nowhere", "No deployment serves it. Below stands where it fits.")
                        : engines.lines(deployed));
        add(now);
        List<Option> options = Placement.options(model, ModelRow.WISH, places.list());
        Section where = new Section("Where can it run");
        where.add(VramStack.legend());
        if (options.isEmpty()) {
            where.add(new EmptyState(
                    "Nowhere yet",
                    "No guest, host or Mac with memory for a model of this form has been seen.",
                    new Anchor("gpus", "All GPUs")));
        }
        options.forEach(o -> where.add(option(o)));
        add(where);
    }

    private static Facts facts(Model model) {
        Facts facts = new Facts()
                .fact(
                        "Parameters",
                        String.format(Locale.ROOT, "%,d", model.shape().parameters()))
                .fact(
                        "Longest context",
                        String.format(Locale.ROOT, "%,d tokens", model.shape().maxPositions()))
                .fact("Licence", model.licence() == null ? "not known" : model.licence());
        if (model.gated()) {
            facts.fact("Before loading", "The publisher wants the licence accepted, and a token.");
        }
        for (ModelFiles files : model.files()) {
            facts.code(files.weights().word(), files.source() + ", " + files.bytes());
        }
        return facts;
    }

    private static Div option(Option option) {
        Div head =
                new Div(FitShown.badge(option.level()), new Span(option.place().title()), ModelsView.kind(option));
        head.addClassName("row");
        List<String> words = new ArrayList<>();
        String freed = option.ifFreed();
        if (freed != null) {
            words.add(freed.substring(0, 1).toUpperCase(Locale.ROOT) + freed.substring(1) + ", it fits.");
        }
        words.addAll(option.reasons());
        Div card = new Div(head, FitShown.bars(option.fit()), FitShown.sentences(words));
        card.addClassName("card");
        return card;
    }

    @Override
    public String getPageTitle() {
        return model().map(Model::name).orElse("Model") + " · Rackhouse";
    }
}
