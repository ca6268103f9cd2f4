package dev.rackhouse.dashboard;

import dev.rackhouse.base.ui.NavEntry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The overview's place on the bar. */
@Configuration(proxyBeanMethods = false)
class DashboardNavigation {

    @Bean
    NavEntry overviewEntry() {
        return new NavEntry(10, "Overview", "");
    }
}
