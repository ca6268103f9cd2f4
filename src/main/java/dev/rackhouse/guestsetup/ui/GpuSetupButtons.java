package dev.rackhouse.guestsetup.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.guestsetup.GpuGuestSetup;
import dev.rackhouse.guestsetup.PrepareGpuGuest;
import dev.rackhouse.runbook.Runs;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The button by which the GPUs of a guest are set up, for every page that has use for it. */
@Component
public class GpuSetupButtons {

    private final GpuGuestSetup setup;
    private final Runs runs;
    private final CurrentOperator operators;
    private final PrepareGpuGuest runbook;

    GpuSetupButtons(GpuGuestSetup setup, Runs runs, CurrentOperator operators, PrepareGpuGuest runbook) {
        this.setup = setup;
        this.runs = runs;
        this.operators = operators;
        this.runbook = runbook;
    }

    /** A new button that opens the dialog; disabled with the reason for those who may not act. */
    public Button of(GuestRef guest) {
        return of(guest, Optional.empty());
    }

    /** @param refusal why it cannot be done now */
    Button of(GuestRef guest, Optional<String> refusal) {
        Button button = new Button(
                "Set up the GPU in this guest…",
                _ -> setup.draft(guest)
                        .ifPresent(draft -> new SetupDialog(draft, setup, runs, operators, runbook).open()));
        button.addThemeVariants(ButtonVariant.LUMO_SMALL);
        boolean mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        (mayAct ? refusal : Optional.of("This needs the role operator.")).ifPresent(why -> {
            button.setEnabled(false);
            button.setTooltipText(why);
        });
        return button;
    }
}
