package dev.rackhouse.renumbering.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.ui.Background;
import dev.rackhouse.passthrough.ui.CheckLine;
import dev.rackhouse.passthrough.ui.FindingHelp;
import dev.rackhouse.passthrough.ui.PlanAndStart;
import dev.rackhouse.renumbering.Diagnosis;
import dev.rackhouse.renumbering.RenumberPlace;
import dev.rackhouse.renumbering.Renumberings;
import jakarta.annotation.security.RolesAllowed;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Which devices moved since the last accepted layout, what that endangers, and the plan that makes all names follow them. */
@Route(RenumberRoutes.RENUMBER)
@PageTitle("Renumbering · Rackhouse")
@RolesAllowed("VIEWER")
class RenumberingView extends Page implements BeforeEnterObserver {

    private final Renumberings renumberings;
    private final CurrentOperator operators;
    private final FindingHelp help;
    private final Background background;
    private final RenumberPresenter presenter;
    private final Div top = new Div();
    private final Div picture = new Div();
    private final Div checks = new Div();
    private final PlanAndStart plan;
    private final Section planned;

    @Autowired
    RenumberingView(Renumberings renumberings, CurrentOperator operators, FindingHelp help) {
        this(renumberings, operators, help, Background.threads());
    }

    RenumberingView(Renumberings renumberings, CurrentOperator operators, FindingHelp help, Background background) {
        this.renumberings = renumberings;
        this.operators = operators;
        this.help = help;
        this.background = background;
        this.presenter = new RenumberPresenter(renumberings, this::show);
        this.plan = new PlanAndStart(operators, presenter::start);
        this.planned = new Section("Plan", plan);
        planned.setVisible(false);
        top.addClassName("stack");
        checks.addClassName("wizard-checks");
        add(
                new PageHeader("Renumbering")
                        .subtitle(
                                "Devices are recognised by what they are, and names are made to follow them. Nothing is touched before you start it."),
                top,
                new Section("Before and now", picture),
                checks,
                planned);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        RenumberRoutes.node(event.getLocation().getQueryParameters())
                .ifPresentOrElse(
                        this::open, () -> top.add(new EmptyState("No node is named", "Open this page from a node.")));
    }

    void open(NodeRef node) {
        presenter.show();
        background.ask(
                () -> renumberings.find(node),
                presenter::arrived,
                failure -> presenter.failed("Could not " + failure.doing() + ": " + failure.cameBack()));
    }

    private void show(RenumberState state) {
        top.removeAll();
        picture.removeAll();
        checks.removeAll();
        plan.nothing();
        if (state.loading()) {
            picture.add(new Span("Reading the node…"));
        }
        String failure = state.failure();
        if (failure != null) {
            top.add(new Notice(Verdict.Level.CRITICAL, "The node could not be read", failure));
        }
        RenumberPlace place = state.place();
        Diagnosis diagnosis = state.diagnosis();
        if (place == null || diagnosis == null) {
            return;
        }
        Div since = new Div(
                new Anchor(InventoryLinks.node(place.node()), place.node().node()),
                new Span("layout accepted"),
                new TimeLabel(place.acceptedAt()),
                new Span(place.acceptedBy().isEmpty() ? "" : "by " + place.acceptedBy()));
        since.addClassNames("row", "small", "muted");
        top.add(since);
        diagnosis
                .dangers()
                .forEach(d -> top.add(new Notice(Verdict.Level.CRITICAL, "A name stands for another device", d)));
        picture.add(new LayoutPicture(diagnosis.change(), state.choices(), presenter::choose));
        CheckRow.of(diagnosis.readiness().findings())
                .forEach(row ->
                        checks.add(new CheckLine(row, state.accepted(), presenter::tick, f -> help(place.node(), f))));
        boolean nothingMoved = diagnosis.change().quiet() && state.plan().isEmpty();
        planned.setVisible(!nothingMoved);
        if (nothingMoved) {
            top.add(new Notice(
                    Verdict.Level.OK,
                    "Nothing has moved",
                    "Every device is where it was when the layout was accepted; there is nothing to put right."));
        } else if (diagnosis.readiness() instanceof PlanReadiness.Blocked<?> blocked) {
            plan.missing(blocked);
        } else {
            presenter
                    .preview()
                    .ifPresent(outline ->
                            plan.plan(outline, "Renumber on " + place.node().node()));
        }
        if (!diagnosis.change().quiet()) {
            checks.add(accept(place.node()));
        }
    }

    private @Nullable Component help(NodeRef node, Finding finding) {
        return help.create(node, finding).orElse(null);
    }

    private Button accept(NodeRef node) {
        Button button = new Button(
                "Accept today's layout without renumbering…",
                click -> new ConfirmAction(
                                "Accept today's layout?",
                                "All names stay as they are. The console forgets where the devices were before.",
                                "Accept today's layout of " + node.node(),
                                () -> {
                                    presenter.accept(node, operators.require(Role.OPERATOR));
                                    UI.getCurrent().navigate(InventoryLinks.node(node));
                                })
                        .open());
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        button.setEnabled(may);
        if (!may) {
            button.setTooltipText("This needs the role operator.");
        }
        return button;
    }
}
