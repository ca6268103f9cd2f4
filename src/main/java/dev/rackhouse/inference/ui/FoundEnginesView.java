package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.deploy.Deploying;
import dev.rackhouse.inference.deploy.FoundEngine;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Engines that somebody started by hand: looked for place by place, taken over by one click. Nothing on a machine changes. */
@Route(ServingRoutes.FOUND)
@PageTitle("Engines that run already · Rackhouse")
@PermitAll
class FoundEnginesView extends Page {

    private final Deploying deploying;
    private final boolean mayAct;

    FoundEnginesView(Deploying deploying, CurrentOperator operators) {
        this.deploying = deploying;
        this.mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        addClassName("serving");
        add(new PageHeader("Engines that run already")
                .subtitle(
                        "Containers that look like engines and are no deployments yet. Looking and taking over change nothing there:"
                                + " a container that was taken over is known by its name, image and GPUs, and bears the"
                                + " label rackhouse=NAME from its next update on."));
        List<Place> places = deploying.places();
        if (places.isEmpty()) {
            add(new EmptyState(
                    "No place with GPUs is reached",
                    "A guest needs a configured address, and must have been seen.",
                    new Anchor(ServingRoutes.DEPLOYMENTS, "All deployments")));
        }
        places.forEach(place -> add(section(place)));
    }

    private Section section(Place place) {
        PlaceRef ref = Objects.requireNonNull(place.ref());
        Div found = new Div();
        found.addClassName("stack");
        Section section = new Section(place.title(), found);
        Button look = new Button("Look for engines");
        look.addClickListener(_ -> {
            UI ui = UI.getCurrent();
            look.setEnabled(false);
            Thread.ofVirtual().name("looks-for-engines").start(() -> {
                try {
                    List<FoundEngine> engines = deploying.find(ref);
                    ui.access(() -> show(found, engines));
                } catch (RemoteFailure failure) {
                    ui.access(() -> {
                        found.removeAll();
                        found.add(new Notice(
                                Verdict.Level.CRITICAL,
                                "The place could not be looked at",
                                String.valueOf(failure.getMessage())));
                    });
                } finally {
                    ui.access(() -> look.setEnabled(true));
                }
            });
        });
        look.setEnabled(mayAct);
        look.setTooltipText(mayAct ? null : "This needs the role operator.");
        return section.beside(look);
    }

    private void show(Div found, List<FoundEngine> engines) {
        found.removeAll();
        if (engines.isEmpty()) {
            found.add(new Span("No engine runs there that is not a deployment."));
        }
        engines.forEach(engine -> found.add(row(engine)));
    }

    private Div row(FoundEngine engine) {
        Div head = new Div(new Span(engine.container()), small(engine.image()), small(engine.status()));
        head.addClassName("row");
        Deployment proposal = engine.proposal();
        List<String> words = new ArrayList<>();
        if (proposal != null) {
            words.add("Serves %s (%s of %s) at port %d."
                    .formatted(proposal.servedName(), proposal.files(), proposal.model(), proposal.port()));
            Button take = new Button("Take over " + engine.container());
            take.addThemeVariants(ButtonVariant.LUMO_SMALL);
            take.setEnabled(mayAct);
            take.addClickListener(_ -> takeOver(head, proposal));
            head.add(take);
        }
        words.addAll(engine.remarks());
        Div card = new Div(head, FitShown.sentences(words));
        card.addClassName("card");
        return card;
    }

    private void takeOver(Div head, Deployment proposal) {
        switch (deploying.takeOver(proposal)) {
            case Saved.Stored _ -> UI.getCurrent().navigate(ServingRoutes.deployment(proposal.id()));
            case Saved.Refused(List<Problem> problems) ->
                head.add(small(problems.stream().map(Problem::sentence).collect(Collectors.joining(" "))));
        }
    }

    private static Span small(String text) {
        Span span = new Span(text);
        span.addClassNames("small", "muted", "wrap-anywhere");
        return span;
    }
}
