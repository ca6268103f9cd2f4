package dev.rackhouse.database.ui;

import dev.rackhouse.access.Role;
import dev.rackhouse.base.ui.NavEntry;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this capability adds to the bar. */
@Configuration(proxyBeanMethods = false)
class SettingsNavigation {

    @Bean
    NavEntry settingsEntry() {
        return new NavEntry(130, "Settings", SettingsView.ROUTE, Set.of(Role.ADMINS));
    }
}
