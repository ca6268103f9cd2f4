package dev.rackhouse.passthrough.ui;

import dev.rackhouse.base.ui.NavPlace;
import dev.rackhouse.inventory.InventoryLinks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where these pages stand on the bar. */
@Configuration(proxyBeanMethods = false)
class PassthroughNavigation {

    @Bean
    NavPlace wizardPlace() {
        return new NavPlace("passthrough", InventoryLinks.DEVICES);
    }

    @Bean
    NavPlace readinessPlace() {
        return new NavPlace("readiness", InventoryLinks.NODES);
    }
}
