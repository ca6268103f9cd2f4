package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes live parts of pages for other modules. */
@Component
public class EngineParts {

    private final Standings standings;
    private final StandingFeed feed;
    private final Clock clock;

    EngineParts(Standings standings, StandingFeed feed, Clock clock) {
        this.standings = standings;
        this.feed = feed;
        this.clock = clock;
    }

    /** A line for each of these engines, in this order. */
    public EngineLines lines(List<DeploymentId> engines) {
        return new EngineLines(engines, standings, feed, clock);
    }

    /** All engines at once: one figure for a heading, such as {@code 115 tokens/s}. */
    public TokensNow tokens() {
        return new TokensNow(standings, feed, clock);
    }
}
