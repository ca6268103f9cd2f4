package dev.rackhouse.lab.ui;

import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.NavEntry;
import dev.rackhouse.base.ui.SearchHit;
import dev.rackhouse.base.ui.SearchSource;
import dev.rackhouse.lab.Labs;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this capability adds to the bar and to the search. */
@Configuration(proxyBeanMethods = false)
class LabNavigation {

    @Bean
    NavEntry labsEntry() {
        return new NavEntry(110, "Labs", LabRoutes.LABS);
    }

    @Bean
    SearchSource labsFound(Labs labs) {
        return (query, limit) -> labs.list().stream()
                .filter(lab -> lab.name().toLowerCase(Locale.ROOT).contains(query.toLowerCase(Locale.ROOT)))
                .limit(limit)
                .map(lab -> new SearchHit(
                        Glyph.Kind.LAB, lab.name(), lab.paused() ? "lab, paused" : "lab", LabRoutes.lab(lab.id())))
                .toList();
    }
}
