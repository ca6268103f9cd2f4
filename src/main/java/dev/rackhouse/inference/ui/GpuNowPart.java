package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.inventory.GpuPart;
import dev.rackhouse.inventory.GpuView;
import java.time.Clock;
import java.util.Optional;

/** On a GPU's card: what is on it now, as its place sees it. */
@org.springframework.stereotype.Component
class GpuNowPart implements GpuPart {

    private final Standings standings;
    private final StandingFeed feed;
    private final Clock clock;

    GpuNowPart(Standings standings, StandingFeed feed, Clock clock) {
        this.standings = standings;
        this.feed = feed;
        this.clock = clock;
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Optional<Component> create(GpuView gpu) {
        return standings.card(gpu.device()).map(known -> {
            CardLive live = new CardLive(standings, clock);
            live.show(known);
            feed.follow(live, () -> standings.card(gpu.device()).ifPresent(live::show));
            return live;
        });
    }
}
