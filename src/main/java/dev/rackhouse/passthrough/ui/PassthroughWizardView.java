package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.notification.Notification;
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
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Passthrough;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.runbook.ui.OutlineView;
import jakarta.annotation.security.RolesAllowed;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** The wizard that creates a VM with passed-through devices: steps on the left, one page at a time, nothing touched before the last. */
@Route(PassthroughRoutes.NEW)
@PageTitle("Create passthrough VM · Rackhouse")
@RolesAllowed(Role.VIEWERS)
class PassthroughWizardView extends Page implements BeforeEnterObserver, BeforeLeaveObserver {

    private final Passthrough passthrough;
    private final CurrentOperator operators;
    private final FindingHelp help;
    private final Background background;
    private final WizardPresenter presenter;
    private final StepRail rail;
    private final Map<WizardStep, StepPage> pages = new EnumMap<>(WizardStep.class);
    private final Div page = new Div();
    private final Div notices = new Div();
    private final Button back;
    private final Button next;
    private @Nullable NodeRef reading;
    private @Nullable WizardState shown;

    @Autowired
    PassthroughWizardView(Passthrough passthrough, CurrentOperator operators, FindingHelp help) {
        this(passthrough, operators, help, Background.threads());
    }

    PassthroughWizardView(Passthrough passthrough, CurrentOperator operators, FindingHelp help, Background background) {
        this.help = help;
        this.background = background;
        this.passthrough = passthrough;
        this.operators = operators;
        this.presenter = new WizardPresenter(passthrough, this::show);
        this.rail = new StepRail(presenter::go);
        this.back = new Button("Back", click -> presenter.back());
        this.next = new Button("Next", click -> presenter.next());
        next.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        pages.put(WizardStep.DEVICE, new DevicePage(presenter, passthrough::labName));
        pages.put(WizardStep.CHECKS, new ChecksPage(presenter, this::probe, this::help));
        pages.put(WizardStep.SIZE, new SizePage(presenter));
        pages.put(WizardStep.DISK, new DiskPage(presenter));
        pages.put(WizardStep.NETWORK, new NetworkPage(presenter));
        pages.put(WizardStep.REVIEW, new ReviewPage(presenter, OutlineView::new, operators, this::start));
        Div buttons = new Div(back, next);
        buttons.addClassNames("row", "wizard-buttons");
        Div body = new Div(notices, page, buttons);
        body.addClassNames("stack", "grow");
        Div wizard = new Div(rail, body);
        wizard.addClassName("wizard");
        add(
                new PageHeader("Create passthrough VM")
                        .subtitle("Nothing is touched before the last page. What it shows is what will be done."),
                wizard);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        QueryParameters query = event.getLocation().getQueryParameters();
        open(
                PassthroughRoutes.node(query).orElse(null),
                query.getSingleParameter(PassthroughRoutes.DEVICE).orElse(null));
    }

    void open(@Nullable NodeRef node, @Nullable String device) {
        presenter.open(node, device);
    }

    @Override
    public void beforeLeave(BeforeLeaveEvent event) {
        if (presenter.typed()) {
            BeforeLeaveEvent.ContinueNavigationAction leave = event.postpone();
            new ConfirmAction(
                            "Leave the wizard?",
                            "What you have put in is lost. Nothing has been created.",
                            "Leave without creating",
                            leave::proceed)
                    .open();
        }
    }

    private void show(WizardState state) {
        shown = state;
        rail.show(state);
        StepPage current = pages.get(state.step());
        if (current != null) {
            current.show(state);
            if (page.getChildren().noneMatch(c -> c == current)) {
                page.removeAll();
                page.add(current);
                getElement().executeJs("window.scrollTo(0, 0)");
            }
        }
        back.setVisible(!state.step().first());
        next.setVisible(!state.step().last());
        next.setEnabled(state.site() != null);
        NodeRef wanted = presenter.toRead();
        if (wanted != null && !wanted.equals(reading)) {
            reading = wanted;
            background.ask(
                    () -> passthrough.site(wanted),
                    read -> {
                        reading = null;
                        presenter.arrived(wanted, read);
                    },
                    failure -> failed(wanted, failure));
        }
    }

    private void probe() {
        NodeRef node = shown == null ? null : shown.draft().node();
        if (node != null) {
            notices.removeAll();
            background.ask(
                    () -> passthrough.probe(node),
                    read -> {
                        read.ifPresent(presenter::refreshed);
                        Notification.show(node.node() + " was read again");
                    },
                    failure -> failed(node, failure));
        }
    }

    private void failed(NodeRef node, RemoteFailure failure) {
        reading = null;
        notices.removeAll();
        notices.add(new ErrorNotice(failure));
        presenter.failed(node, "Could not " + failure.doing() + ": " + failure.cameBack());
        if (shown != null) {
            show(shown);
        }
    }

    private @Nullable Component help(Finding finding) {
        NodeRef node = shown == null ? null : shown.draft().node();
        return node == null ? null : help.create(node, finding).orElse(null);
    }

    private void start(String reason) {
        Start started = presenter.start(operators.require(Role.OPERATOR), reason);
        switch (started) {
            case Start.Started(var run) -> UI.getCurrent().navigate(RunRoutes.run(run));
            case Start.Held held -> {
                notices.removeAll();
                notices.add(new Notice(Verdict.Level.ATTENTION, "Not started", held.sentence()));
                if (shown != null) {
                    show(shown);
                }
            }
        }
    }
}
