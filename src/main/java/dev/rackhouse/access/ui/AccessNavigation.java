package dev.rackhouse.access.ui;

import dev.rackhouse.access.Role;
import dev.rackhouse.base.ui.NavEntry;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this capability adds to the bar. */
@Configuration(proxyBeanMethods = false)
class AccessNavigation {

    @Bean
    NavEntry auditEntry() {
        return new NavEntry(120, "Audit", AccessRoutes.AUDIT, Set.of(Role.ADMINS));
    }
}
