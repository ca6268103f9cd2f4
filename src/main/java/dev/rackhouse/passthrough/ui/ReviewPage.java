package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Readiness;
import dev.rackhouse.runbook.Outline;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The literal plan, and the button that starts it. Nothing has been touched before. */
final class ReviewPage extends StepPage {

    private final WizardPresenter presenter;
    private final Function<Outline, Component> preview;
    private final CurrentOperator operators;
    private final Consumer<String> start;
    private final Div body = new Div();
    private final TextField reason = new TextField("Why (kept with the run)");

    /** @param start is given the reason */
    ReviewPage(
            WizardPresenter presenter,
            Function<Outline, Component> preview,
            CurrentOperator operators,
            Consumer<String> start) {
        this.presenter = presenter;
        this.preview = preview;
        this.operators = operators;
        this.start = start;
        body.addClassName("stack");
        reason.setMaxLength(300);
        reason.addClassName("wizard-wide");
        add(body);
    }

    @Override
    void show(WizardState state) {
        body.removeAll();
        Optional<PassthroughPlan> plan = state.plan();
        Optional<Outline> outline = presenter.preview();
        if (plan.isEmpty() || outline.isEmpty()) {
            body.add(whatIsMissing(state));
            return;
        }
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        Button go = new Button(
                "Create VM %s on %s"
                        .formatted(plan.get().vmid(), plan.get().node().node()),
                click -> start.accept(reason.getValue()));
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        go.setDisableOnClick(true);
        go.setEnabled(may);
        if (!may) {
            go.setTooltipText("This needs the role operator.");
        }
        Div end = new Div(reason, go);
        end.addClassName("wizard-go");
        body.add(preview.apply(outline.get()), end);
    }

    private static Component whatIsMissing(WizardState state) {
        UnorderedList missing = new UnorderedList();
        if (state.readiness() instanceof Readiness.Blocked blocked) {
            blocked.blockers().stream().distinct().forEach(text -> missing.add(new ListItem(text)));
            blocked.toConfirm().forEach(f -> missing.add(new ListItem("To confirm: " + f.text())));
        } else {
            missing.add(new ListItem("Choose a node and a device."));
        }
        Notice notice = new Notice(Verdict.Level.ATTENTION, "There is no plan yet", "This stands in its way:");
        notice.actions(missing);
        return notice;
    }
}
