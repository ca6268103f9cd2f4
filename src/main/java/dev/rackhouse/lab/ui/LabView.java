package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabAdministration;
import dev.rackhouse.lab.LabStanding;
import dev.rackhouse.lab.LabTest;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.Labs;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One lab: how it stands, how it is reached, what it is asked, and everything an admin can change about that. */
@Route(LabRoutes.LAB)
@RolesAllowed(Role.VIEWERS)
class LabView extends Page implements BeforeEnterObserver, HasDynamicTitle {

    private final Labs labs;
    private final LabAdministration administration;
    private final LabTesting testing;
    private final boolean admin;
    private final Div standing = new Div();
    private final Div trouble = new Div();
    private final Div tested = new Div();
    private String title = "Lab";
    private @Nullable LabId id;

    LabView(Labs labs, LabAdministration administration, LabTesting testing, CurrentOperator operators) {
        this.labs = labs;
        this.administration = administration;
        this.testing = testing;
        this.admin = operators.get().may(Role.ADMIN);
        standing.addClassName("stack");
        tested.addClassName("stack");
        Background.refresh(this, this::showStanding);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        try {
            id = LabId.parse(event.getRouteParameters().get("lab").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new NotFoundException("No lab has this address.");
        }
        show();
    }

    @Override
    public String getPageTitle() {
        return title + " · Rackhouse";
    }

    private Lab lab() {
        LabId known = id;
        return (known == null ? java.util.Optional.<Lab>empty() : labs.find(known))
                .orElseThrow(() -> new NotFoundException("This lab is not connected any more."));
    }

    private void show() {
        Lab lab = lab();
        title = lab.name();
        removeAll();
        trouble.removeAll();
        add(header(lab));
        if (lab.declared()) {
            add(new Notice(
                    Verdict.Level.OFF,
                    "This lab stands in the labs file.",
                    "It is changed there, and the console is started again; only pausing is possible here."));
        }
        add(trouble, standing, tested);
        boolean editable = admin && !lab.declared();
        LabEditing editing =
                new LabEditing(labs, administration, testing, lab.id(), editable, this::show, this::failed);
        if (lab.proxmox() != null || editable) {
            add(new ProxmoxSection(lab, editing));
        }
        add(new HostsSection(lab, editing), new KeySection(lab, editing));
        if (lab.proxmox() != null) {
            add(new CallsSection(labs.budget(lab.id())));
        }
        showStanding();
    }

    private PageHeader header(Lab lab) {
        Button test = new Button("Test");
        test.addClickListener(click -> {
            trouble.removeAll();
            Background.run(test, () -> testing.test(lab.id()), this::showTest, this::failed);
        });
        Button pause = lab.paused()
                ? new Button("Resume", click -> act(() -> administration.resume(lab.id())))
                : new Button(
                        "Pause",
                        click -> new ConfirmAction(
                                        "Pause " + lab.name(),
                                        "Nothing is asked there until it is resumed: what is shown grows old, and runs that need it wait or fail. The machines themselves go on as they are.",
                                        "Pause " + lab.name(),
                                        () -> act(() -> administration.pause(lab.id())))
                                .open());
        Button rename = new Button(
                "Rename",
                click -> new RenameDialog(lab.name(), name -> act(() -> administration.rename(lab.id(), name))).open());
        Button remove = new Button(
                "Remove",
                click -> new ConfirmAction(
                                "Remove " + lab.name(),
                                "The console forgets the token, the keys and the pins, and asks nothing there any more. What was seen and done stays as history. Nothing changes on the machines; remove the token and the key there by hand.",
                                "Remove " + lab.name(),
                                lab.name(),
                                () -> {
                                    try {
                                        administration.remove(lab.id());
                                        UI.getCurrent().navigate(LabRoutes.labs());
                                    } catch (RuntimeException e) {
                                        failed(e);
                                    }
                                })
                        .open());
        for (Button button : List.of(test, pause, rename, remove)) {
            LabsView.onlyAdmins(button, admin);
        }
        if (lab.declared()) {
            for (Button button : List.of(rename, remove)) {
                button.setEnabled(false);
                button.setTooltipText("This lab stands in the labs file.");
            }
        }
        Span connected = new Span("connected");
        return new PageHeader(lab.name())
                .subtitle(connected, new AgeLabel(lab.connectedAt()))
                .actions(test, pause, rename, remove);
    }

    private void showStanding() {
        LabId known = id;
        Lab lab = known == null ? null : labs.find(known).orElse(null);
        standing.removeAll();
        if (lab == null) {
            return;
        }
        if (lab.paused()) {
            standing.add(StatusBadge.of("off", "paused"));
            return;
        }
        for (LabStanding one : labs.standings(lab.id())) {
            standing.add(standing(lab, one));
        }
    }

    private Component standing(Lab lab, LabStanding one) {
        Verdict verdict = one.verdict();
        Div row = new Div(new StatusBadge(verdict), new Span(one.machine()));
        row.addClassName("row");
        if (one.answeredAt() != null) {
            row.add(new Span("answered"), new AgeLabel(one.answeredAt()));
        }
        RemoteFailure failure = one.failure();
        if (failure == null) {
            return row;
        }
        Span said = new Span(String.valueOf(failure.getMessage()));
        said.addClassNames("wrap-anywhere", "small");
        Div both = new Div(row, said);
        both.addClassName("stack");
        if (failure instanceof RemoteFailure.Untrusted && admin && !lab.declared()) {
            Button look = new Button(
                    "Look at both and decide", click -> UI.getCurrent().navigate(LabRoutes.trust(lab.id())));
            both.add(look);
        }
        return both;
    }

    private void showTest(LabTest test) {
        tested.removeAll();
        tested.add(new Section("Test", new FindingsTable(test)).beside(new AgeLabel(test.at())));
        showStanding();
    }

    private void act(Runnable work) {
        try {
            work.run();
            show();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        trouble.removeAll();
        trouble.add(Problems.notice(e));
    }
}
