package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import dev.rackhouse.base.LabId;
import dev.rackhouse.lab.LabAdministration;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.Labs;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the sections of a lab's page share.
 *
 * @param editable whether the person may change this lab here
 * @param changed shows the page anew
 * @param failed shows what went wrong
 */
record LabEditing(
        Labs labs,
        LabAdministration administration,
        LabTesting testing,
        LabId lab,
        boolean editable,
        Runnable changed,
        Consumer<RuntimeException> failed) {

    /** A small button that is disabled, with the reason, for whoever may not change this lab here. */
    Button button(String caption, Consumer<Button> pressed) {
        Button button = new Button(caption);
        button.addThemeVariants(ButtonVariant.LUMO_SMALL);
        button.addClickListener(click -> pressed.accept(button));
        if (!editable) {
            button.setEnabled(false);
            button.setTooltipText("Only an admin changes labs, and declared ones are changed in the labs file.");
        }
        return button;
    }

    /** Does it at once. */
    void act(Runnable work) {
        try {
            work.run();
            changed.run();
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }

    /** Does it away from the UI thread, since machines are asked. */
    void ask(Button pressed, Runnable work) {
        Supplier<Boolean> job = () -> {
            work.run();
            return true;
        };
        Background.run(pressed, job, done -> changed.run(), failed);
    }
}
