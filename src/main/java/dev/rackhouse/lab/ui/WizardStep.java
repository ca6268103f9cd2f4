package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;

/** One step: what it is about, its fields, what went wrong, and the way on. */
abstract class WizardStep extends Div {

    final ConnectLab wizard;
    final Runnable moved;
    private final Div trouble = new Div();

    /** @param moved shows the step that the wizard is at now */
    WizardStep(ConnectLab wizard, Runnable moved, String about) {
        this.wizard = wizard;
        this.moved = moved;
        addClassName("stack");
        Paragraph paragraph = new Paragraph(about);
        paragraph.addClassName("muted");
        add(new H2(wizard.step().title()), paragraph);
    }

    /** The last row: what went wrong, back, and the buttons of this step. */
    void end(Button... buttons) {
        Div row = new Div();
        row.addClassName("row");
        ConnectLab.Step previous = wizard.previous();
        if (previous != null) {
            row.add(new Button("Back", click -> {
                wizard.back(previous);
                moved.run();
            }));
        }
        row.add(buttons);
        add(trouble, row);
    }

    /** A button that asks machines and then moves on. */
    Button next(String caption, Runnable work) {
        Button button = new Button(caption);
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        button.addClickListener(click -> {
            trouble.removeAll();
            Background.run(
                    button,
                    () -> {
                        work.run();
                        return true;
                    },
                    done -> moved.run(),
                    this::show);
        });
        return button;
    }

    void show(RuntimeException e) {
        trouble.removeAll();
        trouble.add(Problems.notice(e));
    }

    void show(Component... parts) {
        trouble.removeAll();
        trouble.add(parts);
    }
}
