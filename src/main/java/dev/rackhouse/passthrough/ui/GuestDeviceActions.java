package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import dev.rackhouse.inventory.DeviceAction;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.IommuGroupView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ways to give a device to a VM that exists, and to take it back, from other pages. */
@Configuration(proxyBeanMethods = false)
class GuestDeviceActions {

    /** Beside a device: once for each slot, at the function that stands for it; virtual functions each for themselves. */
    @Bean
    DeviceAction giveToGuest() {
        return new DeviceAction() {
            @Override
            public int order() {
                return 20;
            }

            @Override
            public Optional<Component> create(PciDeviceView device, IommuGroupView group) {
                boolean offered = CreateActions.standsForItsSlot(device, group)
                        && (group.standing() != IommuGroupView.Standing.BLOCKED || device.holder() != null);
                return offered
                        ? Optional.of(link(
                                "Give to a guest…",
                                PassthroughRoutes.attach(
                                        device.node(), null, device.address().toString())))
                        : Optional.empty();
            }
        };
    }

    @Bean
    GuestAction attachDeviceToGuest() {
        return new GuestAction() {
            @Override
            public int order() {
                return 30;
            }

            @Override
            public Optional<Component> create(GuestView guest) {
                return guest.vm() && !guest.template() && guest.node() != null
                        ? Optional.of(
                                link("Attach a device…", PassthroughRoutes.attach(guest.node(), guest.ref(), null)))
                        : Optional.empty();
            }
        };
    }

    @Bean
    GuestAction detachDeviceFromGuest() {
        return new GuestAction() {
            @Override
            public int order() {
                return 31;
            }

            @Override
            public Optional<Component> create(GuestView guest) {
                return guest.vm() && !guest.template() && guest.passesDevices()
                        ? Optional.of(link("Detach…", PassthroughRoutes.detach(guest.ref())))
                        : Optional.empty();
            }
        };
    }

    private static Component link(String text, String address) {
        Anchor link = new Anchor(address, text);
        link.addClassName("shell-button");
        return link;
    }
}
