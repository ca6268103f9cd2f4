package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.lab.LabTest;
import java.util.function.Consumer;

/** Tries everything, privilege by privilege and host by host, and connects. */
class TestStep extends WizardStep {

    TestStep(ConnectLab wizard, Runnable moved, Consumer<LabId> connected) {
        super(
                wizard,
                moved,
                "The test only reads. What is missing can be granted now or later; the same test stands on the lab's page.");
        Div results = new Div();
        results.addClassName("stack");
        LabTest test = wizard.test();
        if (test != null) {
            results.add(
                    test.usable()
                            ? new Notice(Verdict.Level.OK, "Everything that the console needs to look works.", "")
                            : new Notice(
                                    Verdict.Level.ATTENTION,
                                    "Some of it does not work yet.",
                                    "The lab can be connected all the same; it shows what it can."),
                    new FindingsTable(test));
        }
        Button run = new Button(test == null ? "Test" : "Test again");
        run.addClickListener(click -> Background.run(run, wizard::runTest, done -> moved.run(), this::show));
        Button connect = new Button("Connect " + wizard.name());
        connect.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        connect.setEnabled(test != null);
        if (test == null) {
            connect.setTooltipText("Test first.");
        }
        connect.addClickListener(click -> {
            try {
                connected.accept(wizard.connect());
            } catch (RuntimeException e) {
                show(e);
            }
        });
        add(results);
        end(run, connect);
    }
}
