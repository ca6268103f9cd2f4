package dev.rackhouse.inference.ui;

import dev.rackhouse.base.ui.NavEntry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Model serving's place on the bar. */
@Configuration(proxyBeanMethods = false)
class ServingNavigation {

    @Bean
    NavEntry modelsEntry() {
        return new NavEntry(60, "Models", ServingRoutes.MODELS);
    }
}
