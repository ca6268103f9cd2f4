package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapDraft.AtDeadline;
import dev.rackhouse.inference.swap.SwapPlan;
import dev.rackhouse.inference.swap.SwapReadiness;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.inference.swap.Swaps;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.runbook.ui.OutlineView;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.Optional;

/** Switching a place to another mode: now and then, what speaks against it, the literal plan. Nothing is touched before the button. */
@Route(ServingRoutes.SWAP)
@PermitAll
class SwapView extends Page implements BeforeEnterObserver, HasDynamicTitle {

    private final Deployments deployments;
    private final Places places;
    private final Swaps swaps;
    private final CurrentOperator operators;
    private final Div findings = new Div();
    private final Div planned = new Div();
    private final Div notices = new Div();
    private final Button again = new Button("Look again");
    private String title = "Switch the mode";

    SwapView(Deployments deployments, Places places, Swaps swaps, CurrentOperator operators) {
        this.deployments = deployments;
        this.places = places;
        this.swaps = swaps;
        this.operators = operators;
        addClassName("serving");
        findings.addClassName("stack");
        planned.addClassName("stack");
    }

    @Override
    public String getPageTitle() {
        return title + " · Rackhouse";
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        String wanted = event.getRouteParameters().get("mode").orElse("");
        removeAll();
        deployments.modes().stream()
                .filter(m -> m.id().equals(wanted))
                .findFirst()
                .ifPresentOrElse(
                        this::open,
                        () -> add(
                                new PageHeader("Switch the mode"),
                                new EmptyState(
                                        "There is no such mode",
                                        "It may have been removed.",
                                        new Anchor(ServingRoutes.MODES, "All modes"))));
    }

    private void open(Mode mode) {
        title = "Switch to " + mode.title();
        if (!mayAct()) { // looking asks machines: that is left to those who can act on it
            add(
                    new PageHeader(title).subtitle(place(mode)),
                    new Section("Now and then", columns(mode)),
                    new Notice(Verdict.Level.OFF, "Switching modes needs the role operator", ""));
            return;
        }
        SwapPresenter presenter =
                new SwapPresenter(SwapDraft.to(mode.place(), mode.id()), swaps::assess, state -> show(state, mode));
        again.addClickListener(_ -> look(mode, presenter));
        add(
                new PageHeader(title).subtitle(place(mode)),
                new Section("Now and then", columns(mode)),
                new Section("How requests under way end", choices(presenter)),
                new Section("What speaks for and against it", findings).beside(again),
                new Section("Plan", notices, planned));
        look(mode, presenter);
    }

    private boolean mayAct() {
        return operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
    }

    private String place(Mode mode) {
        return places.find(mode.place()).map(Place::title).orElse("A place that was not seen yet");
    }

    /** On a thread of its own: machines answer in seconds, the page at once. */
    private void look(Mode mode, SwapPresenter presenter) {
        UI ui = UI.getCurrent();
        presenter.asking();
        Thread.ofVirtual().name("looks-before-swap").start(() -> {
            Swaps.Seen seen = swaps.look(mode.place());
            ui.access(() -> presenter.seen(seen));
        });
    }

    private Div columns(Mode then) {
        List<Place> known = places.list();
        Div columns = new Div();
        columns.addClassName("columns");
        deployments.modes().stream()
                .filter(m -> m.place().equals(then.place()) && (m.desired() || m.id().equals(then.id())))
                .forEach(m -> columns.add(ModesView.column(column(m, known))));
        Div all = new Div(VramStack.legend(), columns, phases());
        all.addClassName("stack");
        return all;
    }

    private ModeColumn column(Mode mode, List<Place> known) {
        List<Deployment> members = mode.deployments().stream()
                .map(deployments::find)
                .flatMap(Optional::stream)
                .toList();
        return ModeColumn.of(mode, members, places.alone(mode, known));
    }

    private static Span phases() {
        Span phases = new Span(
                "drain → stop or sleep → freed → load or wake → warm → smoke → route; on any failure back to what runs now");
        phases.addClassNames("small", "muted");
        return phases;
    }

    private static Div choices(SwapPresenter presenter) {
        IntegerField drain = new IntegerField("Time to end");
        drain.setMin(0);
        drain.setMax(1800);
        drain.setValue(120);
        drain.setSuffixComponent(new Span("s"));
        drain.setHelperText("For the router, and for each engine; 0 to 1800.");
        drain.addValueChangeListener(change -> {
            if (change.getValue() != null) {
                presenter.drain(change.getValue());
            }
        });
        Select<AtDeadline> after = new Select<>();
        after.setLabel("If they have not ended by then");
        after.setItems(AtDeadline.values());
        after.setItemLabelGenerator(what -> switch (what) {
            case RETURN -> "stop nothing, and let clients in again";
            case GO_ON -> "go on, and cut them off";
        });
        after.setValue(AtDeadline.RETURN);
        after.addClassName("wide-choice");
        after.addValueChangeListener(change -> presenter.atDeadline(change.getValue()));
        Div row = new Div(drain, after);
        row.addClassName("row");
        return row;
    }

    private void show(SwapState state, Mode mode) {
        again.setEnabled(!state.looking());
        again.setText(state.looking() ? "Looking…" : "Look again");
        findings.removeAll();
        planned.removeAll();
        notices.removeAll();
        String failure = state.failure();
        if (failure != null) {
            findings.add(new Notice(Verdict.Level.CRITICAL, "The place could not be looked at", failure));
        }
        SwapReadiness readiness = state.readiness();
        if (readiness == null) {
            if (state.looking()) {
                findings.add(new Span("Asking Docker, the GPUs, the engines and the router…"));
            }
            return;
        }
        readiness.findings().forEach(finding -> findings.add(row(finding)));
        if (readiness.findings().isEmpty()) {
            findings.add(new Span("Nothing stands in the way."));
        }
        switch (readiness) {
            case SwapReadiness.Ready ready -> plan(ready.plan(), mode, state.mayStart());
            case SwapReadiness.Blocked _ ->
                planned.add(new Notice(
                        Verdict.Level.ATTENTION, "There is no plan yet", "What stands in its way is named above."));
        }
    }

    private void plan(SwapPlan plan, Mode mode, boolean mayStart) {
        TextField reason = new TextField("Why (kept with the run)");
        reason.setMaxLength(300);
        Button go = new Button("Switch to " + mode.title(), _ -> start(plan, reason.getValue()));
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        go.setDisableOnClick(true);
        go.setEnabled(mayStart);
        Div end = new Div(reason, go);
        end.addClassName("row");
        planned.add(new OutlineView(swaps.preview(plan)), end);
    }

    private void start(SwapPlan plan, String reason) {
        switch (swaps.start(plan, operators.require(Role.OPERATOR), reason)) {
            case Start.Started(var run) -> UI.getCurrent().navigate(RunRoutes.run(run));
            case Start.Held held -> {
                notices.removeAll();
                notices.add(new Notice(Verdict.Level.ATTENTION, "Another run is at work here", held.sentence())
                        .actions(new Anchor(RunRoutes.run(held.holder()), "Open run " + held.holder())));
            }
        }
    }

    private static Div row(Finding finding) {
        Div body = new Div();
        body.addClassName("stack");
        Span fact = new Span(finding.fact());
        fact.addClassName("wrap-anywhere");
        body.add(fact);
        for (String more : List.of(finding.cause(), finding.fix())) {
            if (!more.isEmpty()) {
                Span line = new Span(more);
                line.addClassNames("small", "muted", "wrap-anywhere");
                body.add(line);
            }
        }
        StatusBadge badge = switch (finding.kind()) {
            case BLOCKS -> StatusBadge.of("critical", "blocks");
            case WARNS -> StatusBadge.of("attention", "warning");
            case INFORMS -> StatusBadge.of("off", "note");
        };
        Div line = new Div(badge, body);
        line.addClassName("finding-row");
        return line;
    }
}
