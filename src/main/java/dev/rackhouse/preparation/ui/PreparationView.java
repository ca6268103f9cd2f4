package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.BeforeLeaveEvent;
import com.vaadin.flow.router.BeforeLeaveObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.ui.Background;
import dev.rackhouse.passthrough.ui.FindingHelp;
import dev.rackhouse.preparation.Preparation;
import dev.rackhouse.preparation.ui.PreparationRoutes.Wish;
import dev.rackhouse.preparation.ui.PreparationState.Step;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.runbook.ui.OutlineView;
import jakarta.annotation.security.RolesAllowed;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Preparing a host: wishes, checks, the literal plan. Nothing is touched before the last page's button. */
@Route(PreparationRoutes.PAGE)
@PageTitle("Prepare host · Rackhouse")
@RolesAllowed(Role.VIEWERS)
class PreparationView extends Page implements BeforeEnterObserver, BeforeLeaveObserver {

    private final Preparation preparation;
    private final CurrentOperator operators;
    private final FindingHelp help;
    private final Background background;
    private final PreparationPresenter presenter;
    private final WishesPage wishes;
    private final PreparationChecks checks;
    private final PreparationReview review;
    private final PageHeader header = new PageHeader("Prepare host")
            .subtitle("Nothing is touched before the last page. What it shows is what will be done.");
    private final Nav rail = new Nav();
    private final Div notices = new Div();
    private final Div page = new Div();
    private final Button again = new Button("Read the host again", click -> reread());
    private final Button back = new Button("Back");
    private final Button next = new Button("Next");
    private @Nullable NodeRef node;

    @Autowired
    PreparationView(Preparation preparation, CurrentOperator operators, FindingHelp help) {
        this(preparation, operators, help, Background.threads());
    }

    PreparationView(Preparation preparation, CurrentOperator operators, FindingHelp help, Background background) {
        this.preparation = preparation;
        this.operators = operators;
        this.help = help;
        this.background = background;
        this.presenter = new PreparationPresenter(preparation, this::show);
        this.wishes = new WishesPage(presenter);
        this.checks = new PreparationChecks(presenter, this::help);
        this.review = new PreparationReview(presenter, OutlineView::new, operators, this::start);
        back.addClickListener(click -> presenter.move(-1));
        next.addClickListener(click -> presenter.move(1));
        rail.addClassName("wizard-rail");
        rail.getElement().setAttribute("aria-label", "Steps");
        next.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        again.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        Div buttons = new Div(back, next, again);
        buttons.addClassNames("row", "wizard-buttons");
        Div body = new Div(notices, page, buttons);
        body.addClassNames("stack", "grow");
        Div wizard = new Div(rail, body);
        wizard.addClassName("wizard");
        add(header, wizard);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        InventoryLinks.node(
                        event.getRouteParameters().get("lab").orElse(null),
                        event.getRouteParameters().get("node").orElse(null))
                .ifPresentOrElse(
                        named -> open(named, event.getLocation().getQueryParameters()),
                        () -> notices.add(
                                new Notice(Verdict.Level.ATTENTION, "No such node", "Choose one on the page Nodes.")));
    }

    private void open(NodeRef named, QueryParameters query) {
        open(
                named,
                query.getSingleParameter(PreparationRoutes.WISH)
                        .flatMap(PreparationView::wish)
                        .orElse(null),
                query.getSingleParameter(PreparationRoutes.EARLY)
                        .flatMap(PreparationView::slot)
                        .orElse(null));
    }

    void open(NodeRef named, @Nullable Wish wish, @Nullable PciSlot early) {
        node = named;
        header.title("Prepare " + named.node());
        header.subtitle(
                new Span("Nothing is touched before the last page. What it shows is what will be done."),
                new Anchor(InventoryLinks.node(named), "About " + named.node()));
        presenter.open(named, wish, early);
        read(named);
    }

    private static Optional<Wish> wish(String text) {
        try {
            return Optional.of(Wish.valueOf(text.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private static Optional<PciSlot> slot(String text) {
        try {
            return Optional.of(PciSlot.parse(text));
        } catch (IllegalArgumentException noSlot) {
            return Optional.empty();
        }
    }

    private void reread() {
        NodeRef named = node;
        if (named != null) {
            presenter.reading();
            read(named);
        }
    }

    private void read(NodeRef named) {
        notices.removeAll();
        background.ask(() -> preparation.read(named), presenter::arrived, this::failed);
    }

    private void failed(RemoteFailure failure) {
        notices.removeAll();
        notices.add(new ErrorNotice(failure));
        presenter.failed("Could not " + failure.doing() + ": " + failure.cameBack());
    }

    @Override
    public void beforeLeave(BeforeLeaveEvent event) {
        if (presenter.changed()) {
            BeforeLeaveEvent.ContinueNavigationAction leave = event.postpone();
            new ConfirmAction(
                            "Leave this page?",
                            "What you have chosen is lost. Nothing has been done to the host.",
                            "Leave without preparing",
                            leave::proceed)
                    .open();
        }
    }

    private void show(PreparationState state) {
        rail.removeAll();
        for (Step each : Step.values()) {
            rail.add(entry(state, each));
        }
        Div shown = switch (state.step()) {
            case WISHES -> {
                wishes.show(state);
                yield wishes;
            }
            case CHECKS -> {
                checks.show(state);
                yield checks;
            }
            case REVIEW -> {
                review.show(state);
                yield review;
            }
        };
        if (page.getChildren().noneMatch(c -> c == shown)) {
            page.removeAll();
            page.add(shown);
            getElement().executeJs("window.scrollTo(0, 0)");
        }
        again.setEnabled(!state.loading());
        buttons(state);
    }

    private void buttons(PreparationState state) {
        int at = state.step().ordinal();
        back.setVisible(at > 0);
        next.setVisible(at < Step.values().length - 1);
        next.setEnabled(state.site() != null);
    }

    private NativeButton entry(PreparationState state, Step each) {
        Span title = new Span((each.ordinal() + 1) + " " + each.title());
        title.addClassName("strong");
        Span detail = new Span(state.detail(each));
        detail.addClassNames("small", "muted", "clip");
        NativeButton button = new NativeButton();
        button.addClassName("wizard-rail-step");
        StatusBadge badge = switch (state.standing(each)) {
            case DONE -> StatusBadge.of("ok", "done");
            case ATTENTION -> StatusBadge.of("attention", "to do");
            case BLOCKED -> StatusBadge.of("critical", "blocked");
            case CURRENT -> StatusBadge.of("running", "here");
            case OPEN -> StatusBadge.of("off", "open");
        };
        button.add(title, badge.iconOnly(), detail);
        button.addClickListener(click -> presenter.go(each));
        if (each == state.step()) {
            button.getElement().setAttribute("aria-current", "step");
        }
        return button;
    }

    private @Nullable Component help(Finding finding) {
        NodeRef named = node;
        return named == null ? null : help.create(named, finding).orElse(null);
    }

    private void start(String reason) {
        switch (presenter.start(operators.require(Role.OPERATOR), reason)) {
            case Start.Started(var run) -> UI.getCurrent().navigate(RunRoutes.run(run));
            case Start.Held held -> {
                notices.removeAll();
                notices.add(new Notice(Verdict.Level.ATTENTION, "Not started", held.sentence()));
                presenter.go(Step.REVIEW);
            }
        }
    }
}
