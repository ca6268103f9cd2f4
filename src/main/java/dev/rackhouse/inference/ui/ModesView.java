package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Text;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.ServingSecrets;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Serving modes, a section for each place: what shall run now, and what could run instead; below, who answers for whom, and the routers. */
@Route(ServingRoutes.MODES)
@PageTitle("Modes · Rackhouse")
@PermitAll
class ModesView extends ServingPage {

    private final Deployments deployments;
    private final Places places;
    private final ServingSecrets secrets;
    private final CurrentOperator operators;

    ModesView(
            Deployments deployments,
            Places places,
            ServingSecrets secrets,
            CurrentOperator operators,
            InventoryFeed feed) {
        super(feed);
        this.deployments = deployments;
        this.places = places;
        this.secrets = secrets;
        this.operators = operators;
        changed();
    }

    @Override
    public void changed() {
        removeAll();
        add(
                new PageHeader("Modes")
                        .subtitle("Deployments that run together; modes that claim the same card exclude each other."),
                sisters(ServingRoutes.MODES));
        List<Mode> modes = deployments.modes();
        if (modes.isEmpty()) {
            add(new EmptyState(
                    "There are no modes",
                    "A mode is needed where more models are deployed than fit at once. Modes are declared in the inference file.",
                    new Anchor(ServingRoutes.DEPLOYMENTS, "Deployments")));
        } else {
            List<Place> known = places.list();
            Map<PlaceRef, List<Mode>> byPlace = new LinkedHashMap<>();
            modes.forEach(m -> byPlace.computeIfAbsent(m.place(), p -> new java.util.ArrayList<>())
                    .add(m));
            add(VramStack.legend());
            byPlace.forEach((place, its) -> add(section(its, known)));
        }
        if (!deployments.routes().isEmpty()) {
            add(routes());
        }
        if (!deployments.routers().isEmpty()) {
            add(new RoutersSection(
                    deployments.routers(),
                    router -> places.find(router.place()).map(Place::title).orElse("a place that was not seen yet"),
                    secrets,
                    may(Role.ADMIN),
                    this::changed));
        }
    }

    private boolean may(Role role) {
        return operators.find().map(o -> o.may(role)).orElse(false);
    }

    private Section section(List<Mode> modes, List<Place> known) {
        Div columns = new Div();
        columns.addClassName("columns");
        for (Mode mode : modes) {
            List<Deployment> members = mode.deployments().stream()
                    .map(deployments::find)
                    .flatMap(Optional::stream)
                    .toList();
            Div column = column(ModeColumn.of(mode, members, places.alone(mode, known)));
            column.add(switching(mode));
            columns.add(column);
        }
        String title = known.stream()
                .filter(p -> modes.getFirst().place().equals(p.ref()))
                .map(Place::title)
                .findFirst()
                .orElse("A place that was not seen yet");
        return new Section(title, columns);
    }

    /** Also for the mode that is desired: it may be another one that runs. */
    private Button switching(Mode mode) {
        Button button = new Button(
                (mode.desired() ? "Make sure that " + mode.title() + " runs" : "Switch to " + mode.title()) + "…",
                _ -> UI.getCurrent().navigate(ServingRoutes.swap(mode.id())));
        boolean may = may(Role.OPERATOR);
        button.setEnabled(may);
        if (!may) {
            button.setTooltipText("This needs the role operator.");
        }
        if (!mode.desired()) {
            button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        }
        return button;
    }

    static Div column(ModeColumn column) {
        Div card = new Div(new H3(column.heading()));
        card.addClassName("card");
        column.bars().forEach(bar -> card.add(new VramStack(bar)));
        for (ModeColumn.Line line : column.lines()) {
            Div row = new Div(
                    FitShown.badge(Optional.ofNullable(line.fit())),
                    new Anchor(
                            ServingRoutes.deployment(line.deployment().id()),
                            line.deployment().id().value()),
                    new Span(line.deployment().servedName()));
            row.addClassName("row");
            card.add(row);
        }
        return card;
    }

    private Section routes() {
        Div list = new Div();
        list.addClassName("stack");
        deployments.routes().forEach(route -> {
            Span name = new Span(route.name());
            name.addClassName("strong");
            Div row = new Div(name, new Text(" is answered by "), link(route.main()));
            DeploymentId fallback = route.fallback();
            if (fallback != null) {
                row.add(new Text(", and by "), link(fallback), new Text(" while that cannot"));
            }
            list.add(row);
        });
        return new Section("Who answers for whom", list);
    }

    private static Anchor link(DeploymentId id) {
        return new Anchor(ServingRoutes.deployment(id), id.value());
    }
}
