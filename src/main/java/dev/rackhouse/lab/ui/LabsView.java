package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
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
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.Labs;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;

/** All labs: how each stands, how it is reached, and how much it is asked. */
@Route(LabRoutes.LABS)
@PageTitle("Labs · Rackhouse")
@RolesAllowed(Role.VIEWERS)
class LabsView extends Page {

    private final Labs labs;
    private final Div list = new Div();

    LabsView(Labs labs, CurrentOperator operators) {
        this.labs = labs;
        boolean admin = operators.get().may(Role.ADMIN);
        list.addClassName("cards");
        add(
                new PageHeader("Labs")
                        .subtitle("What this console is connected to.")
                        .actions(connect(admin)),
                list);
        show();
        Background.refresh(this, this::show);
    }

    static Button connect(boolean admin) {
        Button connect = new Button("Connect a lab", click -> UI.getCurrent().navigate(LabRoutes.connect()));
        connect.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        onlyAdmins(connect, admin);
        return connect;
    }

    static void onlyAdmins(Button button, boolean admin) {
        if (!admin) {
            button.setEnabled(false);
            button.setTooltipText("This needs the role admin.");
        }
    }

    private void show() {
        List<Lab> all = labs.list();
        list.removeAll();
        if (all.isEmpty()) {
            list.add(new EmptyState(
                    "No lab is connected.",
                    "An admin connects a Proxmox server or hosts by SSH; nothing is changed there by connecting."));
        }
        all.forEach(lab -> list.add(card(lab)));
    }

    private Component card(Lab lab) {
        LabSummary summary = LabSummary.of(lab, labs.standings(lab.id()));
        Anchor name = new Anchor(LabRoutes.lab(lab.id()), lab.name());
        name.addClassName("strong");
        Div head = new Div(name, new StatusBadge(summary.verdict()));
        head.addClassNames("row", "spread");
        Span reached = new Span(summary.reached());
        reached.addClassNames("muted", "wrap-anywhere");
        Div chips = new Div();
        chips.addClassName("row");
        if (lab.proxmox() != null) {
            chips.add(new Span(labs.budget(lab.id()).lastMinute().calls() + " calls in the last minute"));
        }
        if (lab.declared()) {
            chips.add(chip("from the labs file"));
        }
        if (lab.paused()) {
            chips.add(chip("paused"));
        }
        Div card = new Div(head, reached, chips);
        card.addClassName("card");
        summary.verdict().reasons().stream().limit(1).forEach(reason -> {
            Span why = new Span(reason.sentence());
            why.addClassNames("small", "wrap-anywhere");
            card.add(why);
        });
        return card;
    }

    static Span chip(String text) {
        Span chip = new Span(text);
        chip.addClassName("chip");
        return chip;
    }
}
