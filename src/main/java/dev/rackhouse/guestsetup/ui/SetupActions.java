package dev.rackhouse.guestsetup.ui;

import com.vaadin.flow.component.Component;
import dev.rackhouse.guestsetup.GpuGuestSetup;
import dev.rackhouse.inventory.GuestAction;
import dev.rackhouse.inventory.GuestView;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The button where guests with devices are shown. */
@Configuration(proxyBeanMethods = false)
class SetupActions {

    @Bean
    GuestAction setUpGpusOfGuest(GpuSetupButtons buttons) {
        return new GuestAction() {
            @Override
            public int order() {
                return 30;
            }

            @Override
            public Optional<Component> create(GuestView guest) {
                return guest.vm() && !guest.template() && guest.passesDevices()
                        ? Optional.of(buttons.of(guest.ref(), GpuGuestSetup.refusal(guest)))
                        : Optional.empty();
            }
        };
    }
}
