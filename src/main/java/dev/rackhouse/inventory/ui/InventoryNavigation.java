package dev.rackhouse.inventory.ui;

import dev.rackhouse.base.ui.NavEntry;
import dev.rackhouse.inventory.InventoryLinks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The inventory's places on the bar. */
@Configuration(proxyBeanMethods = false)
class InventoryNavigation {

    @Bean
    NavEntry nodesEntry() {
        return new NavEntry(20, "Nodes", InventoryLinks.NODES);
    }

    @Bean
    NavEntry devicesEntry() {
        return new NavEntry(30, "Devices", InventoryLinks.DEVICES);
    }

    @Bean
    NavEntry gpusEntry() {
        return new NavEntry(40, "GPUs", InventoryLinks.GPUS);
    }

    @Bean
    NavEntry guestsEntry() {
        return new NavEntry(50, "Guests", InventoryLinks.GUESTS);
    }

    @Bean
    NavEntry networkEntry() {
        return new NavEntry(70, "Network", InventoryLinks.NETWORK);
    }

    @Bean
    NavEntry storageEntry() {
        return new NavEntry(80, "Storage", InventoryLinks.STORAGE);
    }

    @Bean
    NavEntry changesEntry() {
        return new NavEntry(90, "Changes", InventoryLinks.CHANGES);
    }
}
