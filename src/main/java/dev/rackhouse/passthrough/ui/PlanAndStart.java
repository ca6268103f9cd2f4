package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.runbook.ui.OutlineView;
import java.util.function.BiFunction;

/** The last part of a page that plans a run: what stands in the way, or the literal plan with the button that starts it. */
public final class PlanAndStart extends Composite<Div> {

    private final CurrentOperator operators;
    private final BiFunction<Operator, String, Start> start;
    private final TextField reason = new TextField("Why (kept with the run)");
    private final Div notices = new Div();

    public PlanAndStart(CurrentOperator operators, BiFunction<Operator, String, Start> start) {
        this.operators = operators;
        this.start = start;
        reason.setMaxLength(300);
        reason.addClassName("wizard-wide");
        getContent().addClassName("stack");
    }

    public void missing(PlanReadiness.Blocked<?> blocked) {
        UnorderedList missing = new UnorderedList();
        blocked.blockers().stream().distinct().forEach(text -> missing.add(new ListItem(text)));
        blocked.toConfirm().stream()
                .map(Finding::text)
                .forEach(text -> missing.add(new ListItem("To confirm: " + text)));
        Notice notice = new Notice(Verdict.Level.ATTENTION, "There is no plan yet", "This stands in its way:");
        notice.actions(missing);
        replace(notice);
    }

    /** @param verb what the button says */
    public void plan(Outline outline, String verb) {
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        Button go = new Button(verb, _ -> start());
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        go.setDisableOnClick(true);
        go.setEnabled(may);
        if (!may) {
            go.setTooltipText("This needs the role operator.");
        }
        Div end = new Div(reason, go);
        end.addClassName("wizard-go");
        notices.removeAll();
        replace(notices, new OutlineView(outline), end);
    }

    public void nothing() {
        replace();
    }

    private void replace(Component... parts) {
        getContent().removeAll();
        getContent().add(parts);
    }

    private void start() {
        switch (start.apply(operators.require(Role.OPERATOR), reason.getValue())) {
            case Start.Started(var run) -> UI.getCurrent().navigate(RunRoutes.run(run));
            case Start.Held held -> {
                notices.removeAll();
                notices.add(new Notice(Verdict.Level.ATTENTION, "Not started", held.sentence()));
            }
        }
    }
}
