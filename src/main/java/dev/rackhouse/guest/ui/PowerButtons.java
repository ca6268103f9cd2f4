package dev.rackhouse.guest.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.guest.GuestPower;
import dev.rackhouse.guest.PowerAction;
import dev.rackhouse.guest.PowerPlan;
import dev.rackhouse.guest.PowerRunbook;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.ui.RunPreview;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The power buttons where guests are shown; each opens the preview of its run. */
@Configuration(proxyBeanMethods = false)
class PowerButtons {

    @Bean
    GuestAction startGuest(Runs runs, CurrentOperator operators, PowerRunbook runbook) {
        return new PowerButton(PowerAction.START, 10, runs, operators, runbook);
    }

    @Bean
    GuestAction shutDownGuest(Runs runs, CurrentOperator operators, PowerRunbook runbook) {
        return new PowerButton(PowerAction.SHUTDOWN, 11, runs, operators, runbook);
    }

    @Bean
    GuestAction stopGuest(Runs runs, CurrentOperator operators, PowerRunbook runbook) {
        return new PowerButton(PowerAction.STOP, 12, runs, operators, runbook);
    }

    private record PowerButton(
            PowerAction action, int order, Runs runs, CurrentOperator operators, PowerRunbook runbook)
            implements GuestAction {

        @Override
        public Optional<Component> create(GuestView guest) {
            if (guest.template()) {
                return Optional.empty();
            }
            Button button = new Button(action.verb() + "…", _ -> preview(guest));
            button.addThemeVariants(ButtonVariant.LUMO_SMALL);
            boolean mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
            Optional<String> refusal =
                    mayAct ? GuestPower.refusal(action, guest) : Optional.of("This needs the role operator.");
            refusal.ifPresent(why -> {
                button.setEnabled(false);
                button.setTooltipText(why);
            });
            return Optional.of(button);
        }

        private void preview(GuestView guest) {
            Optional<PowerPlan> plan = GuestPower.plan(action, guest);
            plan.ifPresent(p -> new RunPreview<>(
                            runs,
                            operators,
                            runbook,
                            p,
                            action.verb() + " " + p.label(),
                            action == PowerAction.STOP ? guest.title() : null)
                    .open());
        }
    }
}
