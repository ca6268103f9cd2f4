package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Placement.Option;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.util.List;

/** All models, each with the best way to run it in each place. */
@Route(ServingRoutes.MODELS)
@PageTitle("Models · Rackhouse")
@PermitAll
class ModelsView extends ServingPage {

    private final Models models;
    private final Deployments deployments;
    private final Places places;
    private final EngineParts engines;

    ModelsView(Models models, Deployments deployments, Places places, EngineParts engines, InventoryFeed feed) {
        super(feed);
        this.engines = engines;
        this.models = models;
        this.deployments = deployments;
        this.places = places;
        changed();
    }

    @Override
    public void changed() {
        removeAll();
        List<Place> known = places.list();
        add(
                new PageHeader("Models").subtitle("How each would fill the cards, at 16,384 tokens of context."),
                sisters(ServingRoutes.MODELS),
                VramStack.legend());
        if (known.isEmpty()) {
            add(new EmptyState(
                    "No place to run a model has been seen",
                    "Models run in guests with a GPU, on hosts with a GPU, and on Macs with unified memory.",
                    new Anchor("devices", "Give a GPU to a guest"),
                    new Anchor("labs", "Check how the labs are connected")));
        }
        Div cards = new Div();
        cards.addClassNames("serving-cards");
        ModelRow.of(models.list(), deployments.list(), known).forEach(row -> cards.add(card(row)));
        add(cards);
    }

    private Div card(ModelRow row) {
        Div card = new Div();
        card.addClassName("card");
        Anchor title =
                new Anchor(ServingRoutes.model(row.model().id()), row.model().name());
        Span facts = new Span(row.facts());
        facts.addClassNames("small", "muted");
        card.add(new H3(title), facts);
        if (!row.deployed().isEmpty()) {
            card.add(engines.lines(row.deployed().stream().map(Deployment::id).toList()));
        }
        row.best().forEach(option -> card.add(option(option)));
        return card;
    }

    private static Div option(Option option) {
        Div head =
                new Div(FitShown.badge(option.level()), new Span(option.place().title()), kind(option));
        head.addClassName("row");
        Div line = new Div(head, FitShown.bars(option.fit()));
        line.addClassNames("stack", "serving-option");
        return line;
    }

    static Span kind(Option option) {
        Span kind = new Span(option.place().kind().word() + " · "
                + option.place().labName() + " · " + option.engine().title() + ", "
                + option.files().weights().word());
        kind.addClassNames("small", "faint");
        return kind;
    }
}
