package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.guest.GuestPower;
import dev.rackhouse.guest.PowerAction;
import dev.rackhouse.guest.PowerPlan;
import dev.rackhouse.guest.PowerRunbook;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.ui.RunPreview;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A guest holds the device: offers the run that shuts it down, and the harder one that stops it. */
@Configuration(proxyBeanMethods = false)
class StopTheHolder {

    @Bean
    FindingHelp stopTheGuestThatHoldsTheDevice(
            Inventory inventory, Runs runs, CurrentOperator operators, PowerRunbook runbook) {
        return (node, finding) -> holder(inventory, node, finding).map(guest -> {
            Div buttons = new Div();
            buttons.addClassName("row");
            for (PowerAction action : new PowerAction[] {PowerAction.SHUTDOWN, PowerAction.STOP}) {
                GuestPower.plan(action, guest)
                        .ifPresent(plan -> buttons.add(button(action, plan, guest, runs, operators, runbook)));
            }
            return buttons;
        });
    }

    private static Optional<GuestView> holder(Inventory inventory, NodeRef node, Finding finding) {
        VmId vmid = finding.stops();
        return vmid == null ? Optional.empty() : inventory.guest(new GuestRef(node.lab(), vmid));
    }

    private static Component button(
            PowerAction action,
            PowerPlan plan,
            GuestView guest,
            Runs runs,
            CurrentOperator operators,
            PowerRunbook runbook) {
        String verb = action.verb() + " " + plan.label();
        Button button = new Button(
                verb + "…",
                click -> new RunPreview<>(
                                runs, operators, runbook, plan, verb, action == PowerAction.STOP ? guest.title() : null)
                        .open());
        button.addThemeVariants(ButtonVariant.LUMO_SMALL);
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        Optional<String> refusal =
                may ? GuestPower.refusal(action, guest) : Optional.of("This needs the role operator.");
        refusal.ifPresent(why -> {
            button.setEnabled(false);
            button.setTooltipText(why);
        });
        return button;
    }
}
