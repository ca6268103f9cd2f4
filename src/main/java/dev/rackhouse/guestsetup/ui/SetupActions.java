package dev.rackhouse.guestsetup.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.guestsetup.GpuGuestSetup;
import dev.rackhouse.guestsetup.PrepareGpuGuest;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.runbook.Runs;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The button where guests with devices are shown. */
@Configuration(proxyBeanMethods = false)
class SetupActions {

    @Bean
    GuestAction setUpGpusOfGuest(GpuGuestSetup setup, Runs runs, CurrentOperator operators, PrepareGpuGuest runbook) {
        return new SetupButton(setup, runs, operators, runbook);
    }

    private record SetupButton(GpuGuestSetup setup, Runs runs, CurrentOperator operators, PrepareGpuGuest runbook)
            implements GuestAction {

        @Override
        public int order() {
            return 30;
        }

        @Override
        public Optional<Component> create(GuestView guest) {
            if (!guest.vm() || guest.template() || !guest.passesDevices()) {
                return Optional.empty();
            }
            Button button = new Button(
                    "Set up the GPU in this guest…",
                    _ -> setup.draft(guest.ref())
                            .ifPresent(draft -> new SetupDialog(draft, setup, runs, operators, runbook).open()));
            button.addThemeVariants(ButtonVariant.LUMO_SMALL);
            boolean mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
            Optional<String> refusal =
                    mayAct ? GpuGuestSetup.refusal(guest) : Optional.of("This needs the role operator.");
            refusal.ifPresent(why -> {
                button.setEnabled(false);
                button.setTooltipText(why);
            });
            return Optional.of(button);
        }
    }
}
