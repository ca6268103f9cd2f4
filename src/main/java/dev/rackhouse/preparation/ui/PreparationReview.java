package dev.rackhouse.preparation.ui;

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
import dev.rackhouse.preparation.PreparationPlan;
import dev.rackhouse.preparation.PreparationReadiness;
import dev.rackhouse.runbook.Outline;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The literal plan with its file differences, and the button that starts it. Nothing has been touched before. */
final class PreparationReview extends Div {

    private final PreparationPresenter presenter;
    private final Function<Outline, Component> preview;
    private final CurrentOperator operators;
    private final Consumer<String> start;
    private final TextField reason = new TextField("Why (kept with the run)");

    /** @param start is given the reason */
    PreparationReview(
            PreparationPresenter presenter,
            Function<Outline, Component> preview,
            CurrentOperator operators,
            Consumer<String> start) {
        this.presenter = presenter;
        this.preview = preview;
        this.operators = operators;
        this.start = start;
        reason.setMaxLength(300);
        reason.addClassName("wizard-wide");
        addClassNames("stack", "wizard-page");
    }

    void show(PreparationState state) {
        removeAll();
        Optional<PreparationPlan> plan = state.plan();
        Optional<Outline> outline = presenter.preview();
        if (plan.isEmpty() || outline.isEmpty()) {
            add(whyNot(state.readiness()));
            return;
        }
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        Button go = new Button(
                "Prepare " + state.node().node() + (plan.get().reboots() ? "; asks before it reboots" : ""),
                click -> start.accept(reason.getValue()));
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        go.setDisableOnClick(true);
        go.setEnabled(may);
        if (!may) {
            go.setTooltipText("This needs the role operator.");
        }
        Div end = new Div(reason, go);
        end.addClassName("wizard-go");
        add(preview.apply(outline.get()), end);
    }

    private static Component whyNot(@org.jspecify.annotations.Nullable PreparationReadiness readiness) {
        return switch (readiness) {
            case null -> new Notice(Verdict.Level.UNKNOWN, "There is no plan yet", "The host is being read.");
            case PreparationReadiness.NotNeeded no ->
                new Notice(Verdict.Level.OK, "There is nothing to run", no.why());
            case PreparationReadiness.Blocked blocked -> {
                UnorderedList missing = new UnorderedList();
                blocked.blockers().stream().distinct().forEach(text -> missing.add(new ListItem(text)));
                blocked.toConfirm().forEach(f -> missing.add(new ListItem("To confirm: " + f.text())));
                Notice notice =
                        new Notice(Verdict.Level.ATTENTION, "There is no plan yet", "This stands in its way:");
                notice.actions(missing);
                yield notice;
            }
            case PreparationReadiness.Ready _ -> new Div();
        };
    }
}
