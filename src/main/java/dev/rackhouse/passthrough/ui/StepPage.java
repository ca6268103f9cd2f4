package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.function.BiFunction;

/** One page of the wizard: shows the state, sends changes to the presenter. */
abstract class StepPage extends Div {

    StepPage() {
        addClassNames("stack", "wizard-page");
    }

    abstract void show(WizardState state);

    /** A text input that sends each change, and shows the message of its field. */
    static TextField text(
            String label,
            WizardPresenter presenter,
            BiFunction<PassthroughDraft.Edit, String, PassthroughDraft.Edit> set) {
        TextField field = new TextField(label);
        field.setManualValidation(true);
        field.setValueChangeMode(ValueChangeMode.LAZY);
        field.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(edit -> set.apply(edit, change.getValue()));
            }
        });
        return field;
    }

    static void fill(TextField field, String value, WizardState state, Field which) {
        if (!field.getValue().strip().equals(value)) {
            field.setValue(value);
        }
        mark(field, state, which);
    }

    static void mark(HasValidation field, WizardState state, Field which) {
        String problem = state.problem(which).orElse("");
        field.setErrorMessage(problem);
        field.setInvalid(!problem.isEmpty());
    }
}
