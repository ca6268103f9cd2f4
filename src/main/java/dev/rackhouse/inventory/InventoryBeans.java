package dev.rackhouse.inventory;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** Settings of the inventory, and what it needs of Spring. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InventorySettings.class)
class InventoryBeans {

    @Bean
    @Fallback
    Clock inventoryClock() {
        return Clock.systemUTC();
    }

    @Bean
    @Fallback
    TransactionOperations inventoryTransactions(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }
}
