package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.NativeButton;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.PciDeviceView;
import dev.rackhouse.preparation.GiveBack;
import dev.rackhouse.preparation.GiveBackPlan;
import dev.rackhouse.preparation.GiveBackReadiness;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.ui.RunPreview;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beside a group with a device on vfio-pci: hands it to the host's own driver. Said once for the functions of one slot. */
@Configuration(proxyBeanMethods = false)
class GiveBackActions {

    @Bean
    DeviceAction giveBackToTheHost(Inventory inventory, Runs runs, CurrentOperator operators, GiveBack runbook) {
        return new DeviceAction() {
            @Override
            public int order() {
                return 40;
            }

            @Override
            public Optional<Component> create(PciDeviceView device, IommuGroupView group) {
                List<PciDeviceView> held = group.devices().stream()
                        .filter(d -> d.vfio() && d.address().slot().equals(device.address().slot()))
                        .toList();
                if (held.isEmpty() || !held.getFirst().address().equals(device.address())) {
                    return Optional.empty();
                }
                List<PciAddress> asked = held.stream().map(PciDeviceView::address).toList();
                String what = asked.size() == 1
                        ? asked.getFirst().toString()
                        : device.address().slot().toString();
                return inventory
                        .facts(device.node())
                        .map(seen -> GiveBackReadiness.of(device.node(), seen.facts(), what, asked))
                        .map(readiness -> button(readiness, what, runs, operators, runbook));
            }
        };
    }

    private static Component button(
            GiveBackReadiness readiness, String what, Runs runs, CurrentOperator operators, GiveBack runbook) {
        boolean may = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        return switch (readiness) {
            case GiveBackReadiness.Refused(String why) -> button(null, why);
            case GiveBackReadiness.Ready(GiveBackPlan plan) ->
                may
                        ? button(
                                () -> new RunPreview<>(
                                                runs,
                                                operators,
                                                runbook,
                                                plan,
                                                "Give " + what + " back to " + plan.node().node(),
                                                null)
                                        .open(),
                                "")
                        : button(null, "This needs the role operator.");
        };
    }

    /** @param refusal shown on a button that cannot be pressed */
    private static NativeButton button(@Nullable Runnable press, String refusal) {
        NativeButton button = new NativeButton("Give back to the host…");
        button.addClassName("shell-button");
        if (press == null) {
            button.setEnabled(false);
            button.setTitle(refusal);
        } else {
            button.addClickListener(click -> press.run());
        }
        return button;
    }
}
