package dev.rackhouse.preparation.ui;

import dev.rackhouse.base.ui.NavPlace;
import dev.rackhouse.inventory.InventoryLinks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where these pages stand on the bar. */
@Configuration(proxyBeanMethods = false)
class PreparationNavigation {

    @Bean
    NavPlace preparationPlace() {
        return new NavPlace("preparation", InventoryLinks.NODES);
    }
}
